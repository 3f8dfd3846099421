import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { RunError } from '../core/errors.ts';
import { decodeSafetensors, encodeSafetensors } from '../engine/safetensors.ts';
import type { TrainerState } from '../engine/trainer.ts';
import type { Recipe } from './recipe.ts';

/** Where an interrupted run stands: one file, written whole or not at all. */
export interface Checkpoint {
  readonly stage: number;
  /** Steps done within the stage. */
  readonly stageStep: number;
  readonly state: TrainerState;
  /** Parameters when the stage began: the agent's own episodes were played with them. */
  readonly stageStart: Float32Array;
}

const fileName = 'checkpoint.safetensors';

/** What decides a run's outcome, as one word: a checkpoint of another run is refused. */
export function runFingerprint(recipe: Recipe, seed: number): string {
  return createHash('sha256').update(JSON.stringify({ recipe, seed })).digest('hex').slice(0, 16);
}

export async function saveCheckpoint(directory: string, fingerprint: string, checkpoint: Checkpoint): Promise<void> {
  const { state, stage, stageStep, stageStart } = checkpoint;
  const vectors: Record<string, Float32Array> = { parameters: state.parameters, stageStart };
  for (const [name, values] of Object.entries(state.optimiser)) vectors[`optimiser.${name}`] = values;
  if (state.teacher !== null) vectors.teacher = state.teacher;
  const tensors = Object.fromEntries(
    Object.entries(vectors).map(([name, values]) => [name, { shape: [values.length], values }]),
  );
  const metadata = { fingerprint, stage: `${stage}`, stageStep: `${stageStep}`, step: `${state.step}` };
  await writeFileAtomic(join(directory, fileName), encodeSafetensors(tensors, metadata));
}

/** The checkpoint in `directory`, or null where there is none. @throws RunError for one of another run */
export async function loadCheckpoint(directory: string, fingerprint: string): Promise<Checkpoint | null> {
  const path = join(directory, fileName);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const { tensors, metadata } = decodeSafetensors(bytes, path);
  if (metadata.fingerprint !== fingerprint) {
    throw new RunError(
      `${path} belongs to another run (other recipe or seed). Resume with the same --config and --seed, or train into another folder.`,
    );
  }
  const optimiser: Record<string, Float32Array> = {};
  for (const [name, { values }] of Object.entries(tensors)) {
    if (name.startsWith('optimiser.')) optimiser[name.slice('optimiser.'.length)] = values as Float32Array;
  }
  return {
    stage: Number(metadata.stage),
    stageStep: Number(metadata.stageStep),
    stageStart: tensors.stageStart!.values as Float32Array,
    state: {
      step: Number(metadata.step),
      parameters: tensors.parameters!.values as Float32Array,
      optimiser,
      teacher: (tensors.teacher?.values as Float32Array | undefined) ?? null,
    },
  };
}

export async function removeCheckpoint(directory: string): Promise<void> {
  await rm(join(directory, fileName), { force: true });
}
