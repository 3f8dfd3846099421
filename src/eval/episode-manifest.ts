import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { contentHash } from '../core/content-hash.ts';
import type { Environment, ResetResult } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { frameBytes } from '../core/frame-bytes.ts';
import { packageRoot } from '../core/package-root.ts';
import type { TaskSpec } from '../core/task.ts';
import { episodeSeed, episodeSeeds } from './episode-seeds.ts';

/** The seed that frozen episodes' own are derived from, and how many there are of each task. */
export const frozenSeed = 2026;
export const frozenEpisodes = 300;

const thousandths = z.array(z.number().int());

const manifestFields = z.strictObject({
  schema: z.literal('amitable.manifest/1'),
  task: z.string(),
  /** Of the task's definition, its description aside. */
  taskHash: z.string(),
  seed: z.number().int(),
  /** Draws that were left out because doing nothing solves them. */
  preSolved: z.number().int().min(0),
  /** What the numbers of `start` (x, y of each, then the angles) and of `goal` (x, y of each) belong to. */
  entities: z.array(z.string()),
  targets: z.array(z.string()),
  /** Seed; start and goal in thousandths of a table width and of a radian, to look at; the print of the start. */
  episodes: z.array(z.tuple([z.number().int(), thousandths, thousandths, z.string()])).min(1),
  /** SHA-256 of all the rest. */
  hash: z.string(),
});

/** A task's held-out episodes, frozen: which they are, and how each begins. */
export type EpisodeManifest = z.infer<typeof manifestFields>;

export function manifestPath(taskId: string): string {
  return join(packageRoot(), 'bench', 'manifests', `${taskId}.json`);
}

/** Draws the episodes of a task's manifest: the first that doing nothing does not solve. */
export function createManifest(task: TaskSpec, environment: Environment, count = frozenEpisodes): EpisodeManifest {
  const episodes: EpisodeManifest['episodes'] = [];
  let entities: string[] = [];
  let targets: string[] = [];
  let preSolved = 0;
  for (let index = 0; episodes.length < count; index++) {
    const seed = episodeSeed(frozenSeed, task.id, index);
    const start = environment.reset({ seed });
    const { truth } = start.info;
    [entities, targets] = [Object.keys(truth.positions), Object.keys(truth.targets)];
    const numbers = [...Object.values(truth.positions).flat(), ...Object.values(truth.angles)];
    const goal = Object.values(truth.targets).flat();
    const print = printOf(start);
    if (solvedByRest(environment)) preSolved++;
    else episodes.push([seed, inThousandths(numbers), inThousandths(goal), print]);
    if (preSolved > 10 * count) throw new RunError(`task '${task.id}' is nearly always solved by doing nothing`);
  }
  const fields = {
    schema: 'amitable.manifest/1',
    task: task.id,
    taskHash: hashTask(task),
    seed: frozenSeed,
    preSolved,
    entities,
    targets,
    episodes,
  } as const;
  return { ...fields, hash: contentHash(fields) };
}

/** A manifest as its file has it: an episode a line. */
export function formatManifest({ episodes, hash, ...fields }: EpisodeManifest): string {
  const head = Object.entries(fields).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  const lines = episodes.map((episode) => `    ${JSON.stringify(episode)}`).join(',\n');
  return ['{', ...head, `  "episodes": [\n${lines}\n  ],`, `  "hash": "${hash}"`, '}', ''].join('\n');
}

/**
 * The frozen episodes of a task; null where it has none, as tasks from files.
 * @throws RunError where the manifest was edited, or where it was made for another definition of the task
 */
export function readManifest(task: TaskSpec, path = manifestPath(task.id)): EpisodeManifest | null {
  if (!existsSync(path)) return null;
  return checkManifest(task, readFileSync(path, 'utf8'), path);
}

export function checkManifest(task: TaskSpec, text: string, source: string): EpisodeManifest {
  const refuse = (why: string): never => {
    throw new RunError(
      `the manifest ${source} is not the one that was frozen: ${why}. Restore it from the repository, ` +
        `or play other episodes with --seed N, which the record will say.`,
    );
  };
  const manifest = parse(text, refuse);
  const { hash, ...fields } = manifest;
  if (contentHash(fields) !== hash) refuse('its content does not have the hash that it names');
  if (manifest.task !== task.id) refuse(`it is of the task '${manifest.task}', not '${task.id}'`);
  // A new hash does not help whoever picks episodes: they are the first ones of their stream.
  if (manifest.seed !== frozenSeed) refuse(`its episodes are of seed ${manifest.seed}, not ${frozenSeed}`);
  const drawn = manifest.episodes.length + manifest.preSolved;
  const stream = episodeSeeds(frozenSeed, task.id, drawn);
  let next = 0;
  for (const [i, [seed]] of manifest.episodes.entries()) {
    const at = stream.indexOf(seed, next);
    if (at < 0) refuse(`episode ${i}, of seed ${seed}, is not one that was drawn, or not in its place`);
    next = at + 1;
  }
  if (manifest.taskHash !== hashTask(task)) {
    throw new RunError(
      `the manifest ${source} was frozen for another definition of '${task.id}': results would not compare. ` +
        'Undo the change to the task, give the changed task another id, or freeze its episodes anew with ' +
        `'node dist/scripts/make-manifests.js ${task.id}' and say so.`,
    );
  }
  return manifest;
}

function parse(text: string, refuse: (why: string) => never): EpisodeManifest {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
  const result = manifestFields.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  return refuse(`${issue!.path.join('.') || 'it'}: ${issue!.message}`);
}

/** The environment, whose episodes must begin as the manifest says: what is drawn from a seed depends on the code. */
export function withFrozenStarts(environment: Environment, manifest: EpisodeManifest): Environment {
  const prints = new Map(manifest.episodes.map(([seed, , , print]) => [seed, print]));
  return Object.assign(Object.create(environment) as Environment, {
    reset(options: { readonly seed: number }) {
      const start = environment.reset(options);
      const frozen = prints.get(options.seed);
      if (frozen === undefined || frozen === printOf(start)) return start;
      throw new RunError(
        `the episode of seed ${options.seed} of '${manifest.task}' no longer begins as it did when it was frozen: ` +
          'the environment has changed since, and results would not compare with earlier ones. Freeze its episodes ' +
          `anew with 'node dist/scripts/make-manifests.js ${manifest.task}' where that is meant.`,
      );
    },
  });
}

/** What an episode begins with: where everything is and shall be, what it looks like, and what is seen of it. */
function printOf({ observation, instruction, info }: ResetResult): string {
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Math.round(1e6 * value) : value);
  const { targets, entities } = instruction;
  const looks = entities.map(({ name, colour, shape }) => [name, colour, shape]);
  return createHash('sha256')
    .update(JSON.stringify([info.truth.positions, info.truth.angles, targets, looks], rounded))
    .update(frameBytes(observation.frame))
    .digest('hex')
    .slice(0, 16);
}

function hashTask({ description: _, ...definition }: TaskSpec): string {
  return contentHash(definition);
}

function solvedByRest(environment: Environment): boolean {
  const rest = environment.actionSpace.clip(new Float32Array(environment.actionSpace.size));
  for (;;) {
    const { terminated, truncated, info } = environment.step(rest);
    if (terminated || truncated) return info.success;
  }
}

function inThousandths(values: readonly number[]): number[] {
  return values.map((value) => Math.round(1000 * value));
}
