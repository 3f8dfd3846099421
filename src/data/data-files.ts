import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ColumnSource, fileWriter, ParquetWriter } from 'hyparquet-writer';
import { createColumnStatistics, type StatisticsSummary } from './column-statistics.ts';
import type { Episode } from './episode.ts';
import { type Feature, type FeatureName, huggingFaceMetadata, parquetSchema } from './features.ts';
import { encodeFrame, storedChannels, toRgb } from './frame-codec.ts';
import { dataPath } from './manifest.ts';

export interface DataFilesOptions {
  readonly directory: string;
  readonly features: Readonly<Partial<Record<FeatureName, Feature>>>;
  readonly framesPerSecond: number;
  readonly fileMegabytes: number;
}

/** The Parquet files under `data/`, written episode by episode; a full one is closed and the next begun. */
export interface DataFiles {
  /** Where the episode went: its file, and its rows [fromIndex, toIndex) of the whole data set. */
  add(
    episode: Episode,
    episodeIndex: number,
  ): Promise<{ readonly file: number; readonly fromIndex: number; readonly toIndex: number }>;
  statistics(): Record<string, unknown>;
  close(): Promise<void>;
}

export function createDataFiles({ directory, features, framesPerSecond, fileMegabytes }: DataFilesOptions): DataFiles {
  const names = Object.keys(features) as FeatureName[];
  const statistics = new Map(
    names.map((name) => [
      name,
      createColumnStatistics(name === 'observation.image' ? storedChannels : features[name]!.shape[0]!),
    ]),
  );
  let file = -1;
  let writer: ParquetWriter | null = null;
  let rows = 0;

  const open = async (): Promise<ParquetWriter> => {
    file += 1;
    const path = join(directory, dataPath(file));
    await mkdir(dirname(path), { recursive: true });
    return new ParquetWriter({
      writer: fileWriter(path),
      schema: parquetSchema(features),
      kvMetadata: [{ key: 'huggingface', value: huggingFaceMetadata(features) }],
      createdBy: 'amitable',
    });
  };
  const close = async () => {
    await writer?.finish();
    writer = null;
  };

  return {
    async add(episode, episodeIndex) {
      writer ??= await open();
      const columns = episodeColumns(episode, episodeIndex, rows, framesPerSecond);
      await writer.write({
        columnData: names.map((name) => columnSource(name, columns[name])),
        rowGroupSize: episode.steps.length,
      });
      for (const frame of episode.frames) statistics.get('observation.image')!.addRows(toRgb(frame));
      for (const name of names) {
        if (name === 'observation.image') continue;
        for (const value of columns[name]) statistics.get(name)!.add(asVector(value));
      }
      const placed = { file, fromIndex: rows, toIndex: rows + episode.steps.length };
      rows = placed.toIndex;
      if (statSync(join(directory, dataPath(file))).size >= fileMegabytes * 2 ** 20) await close();
      return placed;
    },
    statistics: () =>
      Object.fromEntries(
        names.map((name) => {
          const summary = statistics.get(name)!.summarise();
          return [name, name === 'observation.image' ? pictureStatistics(summary) : summary];
        }),
      ),
    close,
  };
}

type Column = readonly unknown[];

function episodeColumns(
  { steps, frames }: Episode,
  episodeIndex: number,
  firstRow: number,
  framesPerSecond: number,
): Record<FeatureName, Column> {
  return {
    'observation.image': frames.map((frame, i) => ({
      bytes: encodeFrame(frame),
      path: `frame-${String(i).padStart(6, '0')}.png`,
    })),
    'observation.state': steps.map(({ proprioception }) => Array.from(proprioception ?? [])),
    action: steps.map(({ action }) => Array.from(action)),
    'truth.poses': steps.map(({ truth }) => Array.from(truth)),
    'simulator.state': steps.map(({ state }) => Array.from(state)),
    'next.reward': steps.map(({ nextReward }) => nextReward),
    'next.done': steps.map(({ nextDone }) => nextDone),
    'next.success': steps.map(({ nextSuccess }) => nextSuccess),
    'next.violation': steps.map(({ nextViolation }) => nextViolation),
    timestamp: steps.map((_, i) => i / framesPerSecond),
    frame_index: steps.map((_, i) => BigInt(i)),
    episode_index: steps.map(() => BigInt(episodeIndex)),
    index: steps.map((_, i) => BigInt(firstRow + i)),
    task_index: steps.map(() => 0n),
  };
}

function columnSource(name: FeatureName, data: Column): ColumnSource {
  const source = { name, data: data as unknown[] };
  // PNG is compressed already, and the least and greatest picture mean nothing.
  return name === 'observation.image' ? { ...source, codec: 'UNCOMPRESSED', statistics: false } : source;
}

function asVector(value: unknown): readonly number[] {
  return Array.isArray(value) ? value : [Number(value)];
}

/** LeRobot keeps pictures' statistics per channel as [channels, 1, 1], on a scale of 0 to 1. */
function pictureStatistics(summary: StatisticsSummary) {
  const scaled = (values: readonly number[]) => values.map((value) => [[value / 255]]);
  return {
    min: scaled(summary.min),
    max: scaled(summary.max),
    mean: scaled(summary.mean),
    std: scaled(summary.std),
    count: summary.count,
  };
}
