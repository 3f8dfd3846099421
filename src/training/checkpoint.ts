import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { RunError } from '../core/errors.ts';
import { decodeSealed, encodeSealed } from '../engine/sealed-safetensors.ts';
import type { TrainerState } from '../engine/trainer.ts';
import type { Recipe } from './recipe.ts';
import type { StartingPoint } from './starting-point.ts';

/** Where an interrupted run stands: one file, written whole or not at all, and sealed. */
export interface Checkpoint {
  readonly stage: number;
  /** Steps done within the stage. */
  readonly stageStep: number;
  readonly state: TrainerState;
  /** Parameters when the stage began: the agent's own episodes were played with them. */
  readonly stageStart: Float32Array;
}

const fileName = 'checkpoint.safetensors';
const metadataNames = ['fingerprint', 'stage', 'stageStep', 'step'] as const;

/** Where a run's checkpoint lies. */
export function checkpointPath(directory: string): string {
  return join(directory, fileName);
}

/** What decides a run's outcome, as one word: a checkpoint of another run is refused. */
export function runFingerprint(recipe: Recipe, seed: number, from?: StartingPoint): string {
  const start = from && { model: from.model.hash, encoderRate: from.encoderRate };
  return createHash('sha256').update(JSON.stringify({ recipe, seed, start })).digest('hex').slice(0, 16);
}

export async function saveCheckpoint(directory: string, fingerprint: string, checkpoint: Checkpoint): Promise<void> {
  const { state, stage, stageStep, stageStart } = checkpoint;
  const vectors: Record<string, Float32Array> = { parameters: state.parameters, stageStart };
  for (const [name, values] of Object.entries(state.optimiser)) vectors[`optimiser.${name}`] = values;
  if (state.teacher !== null) vectors.teacher = state.teacher;
  const tensors = Object.fromEntries(
    Object.entries(vectors).map(([name, values]) => [name, { shape: [values.length], values }]),
  );
  const metadata: Readonly<Record<(typeof metadataNames)[number], string>> = {
    fingerprint,
    stage: `${stage}`,
    stageStep: `${stageStep}`,
    step: `${state.step}`,
  };
  await writeFileAtomic(checkpointPath(directory), encodeSealed(tensors, metadata));
}

/**
 * The checkpoint in `directory`, or null where there is none.
 *
 * @throws RunError for one that is damaged, or of another run
 */
export async function loadCheckpoint(directory: string, fingerprint: string): Promise<Checkpoint | null> {
  const path = checkpointPath(directory);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const { tensors, metadata } = decodeSealed(bytes, { source: path, metadata: metadataNames });
  if (metadata.fingerprint !== fingerprint) {
    throw new RunError(
      `${path} belongs to another run (other recipe, seed or beginning). Resume with the same --config, --seed and --from, or train into another folder.`,
    );
  }
  const vector = (name: string): Float32Array =>
    tensors[name]?.values ?? incomplete(path, `the tensor '${name}' is missing`);
  const count = (name: (typeof metadataNames)[number]): number => {
    const value = Number(metadata[name] || Number.NaN);
    return Number.isSafeInteger(value) && value >= 0 ? value : incomplete(path, `'${name}' is no number of steps`);
  };
  const optimiser: Record<string, Float32Array> = {};
  for (const [name, { values }] of Object.entries(tensors)) {
    if (name.startsWith('optimiser.')) optimiser[name.slice('optimiser.'.length)] = values;
  }
  return {
    stage: count('stage'),
    stageStep: count('stageStep'),
    stageStart: vector('stageStart'),
    state: {
      step: count('step'),
      parameters: vector('parameters'),
      optimiser,
      teacher: tensors.teacher?.values ?? null,
    },
  };
}

function incomplete(path: string, what: string): never {
  throw new RunError(`${path} is not a checkpoint of this version: ${what}. Train anew, without --resume.`);
}

/** Removes a run's checkpoint, and what killed processes left half written beside it. */
export async function removeCheckpoint(directory: string): Promise<void> {
  await rm(checkpointPath(directory), { force: true });
  await removeTemporaries(directory);
}

/** `checkpoint.safetensors.<process>.<number>.tmp`, and the model's two files': see `writeFileAtomic`. */
const temporary = /^(checkpoint\.safetensors|model\.safetensors|config\.json)\.\d+\.[0-9a-f]{8}\.tmp$/;

async function removeTemporaries(directory: string): Promise<void> {
  const left = (await readdir(directory)).filter((name) => temporary.test(name));
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true })));
}
