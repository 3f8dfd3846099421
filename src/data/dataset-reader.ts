import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Frame } from '../core/contracts.ts';
import { describeError, RunError, UsageError } from '../core/errors.ts';
import type { EpisodeStep, StoredEpisode } from './episode.ts';
import { describeFeatures, type FeatureName } from './features.ts';
import { decodeFrame } from './frame-codec.ts';
import {
  dataPath,
  filesPerChunk,
  formatVersion,
  type Info,
  infoSchema,
  type Manifest,
  manifestSchema,
  paths,
} from './manifest.ts';
import { openParquet, type ParquetFile } from './parquet-file.ts';

/** What is known of an episode without reading it. */
export interface EpisodeSummary {
  readonly seed: number;
  readonly length: number;
  readonly success: boolean;
}

/** A data set on disk, checked: its files are whole and agree with each other. */
export interface Dataset {
  readonly directory: string;
  readonly manifest: Manifest;
  readonly info: Info;
  readonly episodes: readonly EpisodeSummary[];
  /** @throws UsageError for an index that is not there, RunError for a damaged file. */
  episode(index: number): Promise<StoredEpisode>;
}

const felt: FeatureName = 'observation.state';
const stepColumns: readonly FeatureName[] = [
  'action',
  'simulator.state',
  'truth.poses',
  'next.reward',
  'next.done',
  'next.success',
  'next.violation',
  'episode_index',
];

/** @throws RunError that names the file and what is wrong with it. */
export async function openDataset(directory: string): Promise<Dataset> {
  const info = await readDocument(directory, paths.info, infoSchema);
  if (info.codebase_version !== formatVersion) {
    throw new RunError(
      `'${directory}' is a LeRobot data set of format ${info.codebase_version}; ${formatVersion} is read here`,
    );
  }
  const manifest = await readDocument(directory, paths.manifest, manifestSchema);
  const places = await readEpisodeTable(directory);
  const files = new Map<number, ParquetFile>();
  for (const file of new Set(places.map((place) => place.file))) {
    files.set(file, await openParquet(join(directory, dataPath(file))));
  }
  checkAgreement(directory, info, manifest, places, files);
  const firstRows = firstRowOfFiles(places);

  return {
    directory,
    manifest,
    info,
    episodes: places.map(({ seed, length, success }) => ({ seed, length, success })),
    async episode(index) {
      const place = places[index];
      if (place === undefined) {
        throw new UsageError(`'${directory}' has episodes 0 to ${places.length - 1}; there is no episode ${index}`);
      }
      const file = files.get(place.file)!;
      const from = place.fromIndex - firstRows.get(place.file)!;
      const columns = manifest.proprioceptionNames === undefined ? stepColumns : [...stepColumns, felt];
      const rows = await file.read(columns, from, from + place.length);
      if (rows.length !== place.length || rows.some((row) => Number(row.episode_index) !== index)) {
        throw new RunError(
          `'${file.path}' does not hold the rows of episode ${index} where the table of episodes says`,
        );
      }
      return {
        seed: place.seed,
        steps: rows.map((row) => toStep(row, manifest, file.path)),
        async frames(first = 0, last = place.length) {
          if (!(first >= 0 && first <= last && last <= place.length)) {
            throw new UsageError(`episode ${index} has steps 0 to ${place.length}; asked for [${first}, ${last})`);
          }
          const pictures = await file.read(['observation.image'], from + first, from + last);
          return Promise.all(pictures.map((row) => toFrame(row, manifest, file.path)));
        },
      };
    },
  };
}

interface EpisodePlace extends EpisodeSummary {
  readonly file: number;
  readonly fromIndex: number;
}

async function readEpisodeTable(directory: string): Promise<EpisodePlace[]> {
  const columns = ['seed', 'length', 'success', 'data/chunk_index', 'data/file_index', 'dataset_from_index'];
  const table = await openParquet(join(directory, paths.episodes));
  requireColumns(table, columns);
  return (await table.read(columns)).map((row) => ({
    seed: Number(row.seed),
    length: Number(row.length),
    success: row.success === true,
    file: Number(row['data/chunk_index']) * filesPerChunk + Number(row['data/file_index']),
    fromIndex: Number(row.dataset_from_index),
  }));
}

function checkAgreement(
  directory: string,
  info: Info,
  manifest: Manifest,
  places: readonly EpisodePlace[],
  files: ReadonlyMap<number, ParquetFile>,
): void {
  const fail = (what: string) => {
    throw new RunError(`'${directory}' is not a whole data set: ${what}. Collect it again`);
  };
  if (places.length !== info.total_episodes) {
    fail(`${paths.info} tells of ${info.total_episodes} episodes, the table of episodes has ${places.length}`);
  }
  let row = 0;
  for (const [i, { fromIndex, length }] of places.entries()) {
    if (fromIndex !== row) fail(`episode ${i} should begin at row ${row}, not ${fromIndex}`);
    row += length;
  }
  if (row !== info.total_frames) fail(`${paths.info} tells of ${info.total_frames} frames, the episodes have ${row}`);
  const expected = Object.keys(describeFeatures(manifest));
  for (const [number, file] of files) {
    requireColumns(file, expected);
    const rows = places.reduce((sum, place) => sum + (place.file === number ? place.length : 0), 0);
    if (file.rows !== rows) fail(`${dataPath(number)} has ${file.rows} rows instead of ${rows}`);
  }
}

function firstRowOfFiles(places: readonly EpisodePlace[]): Map<number, number> {
  const first = new Map<number, number>();
  for (const { file, fromIndex } of places) if (!first.has(file)) first.set(file, fromIndex);
  return first;
}

function requireColumns(file: ParquetFile, columns: readonly string[]): void {
  const missing = columns.filter((name) => !file.columns.includes(name));
  if (missing.length > 0) throw new RunError(`'${file.path}' lacks the columns ${missing.join(', ')}`);
}

function toStep(
  row: Record<string, unknown>,
  { actionSize, stateSize, truthNames, proprioceptionNames }: Manifest,
  path: string,
): EpisodeStep {
  return {
    action: Float32Array.from(vector(row, 'action', actionSize, path)),
    ...(proprioceptionNames === undefined
      ? {}
      : { proprioception: Float32Array.from(vector(row, felt, proprioceptionNames.length, path)) }),
    state: Float64Array.from(vector(row, 'simulator.state', stateSize, path)),
    truth: Float32Array.from(vector(row, 'truth.poses', truthNames.length, path)),
    nextReward: Number(row['next.reward']),
    nextDone: row['next.done'] === true,
    nextSuccess: row['next.success'] === true,
    nextViolation: row['next.violation'] === true,
  };
}

/** A list column's value. LeRobot stores lists of one number as the number. */
function vector(row: Record<string, unknown>, name: FeatureName, size: number, path: string): number[] {
  const value = typeof row[name] === 'number' ? [row[name]] : row[name];
  if (!Array.isArray(value) || value.length !== size || value.some((item) => typeof item !== 'number')) {
    throw new RunError(`'${path}': column ${name} should hold ${size} numbers a row`);
  }
  return value;
}

async function toFrame(row: Record<string, unknown>, { frameShape }: Manifest, path: string): Promise<Frame> {
  const bytes = (row['observation.image'] as { bytes?: unknown } | null | undefined)?.bytes;
  if (!(bytes instanceof Uint8Array)) throw new RunError(`'${path}': column observation.image should hold PNG bytes`);
  return decodeFrame(bytes, frameShape);
}

async function readDocument<T extends z.ZodType>(directory: string, name: string, schema: T): Promise<z.infer<T>> {
  const path = join(directory, name);
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : describeError(error);
    throw new RunError(`'${directory}' is no data set of amitable: ${name}: ${why}`);
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new RunError(`'${path}' is not as expected at '${issue.path.join('.')}': ${issue.message}`);
}
