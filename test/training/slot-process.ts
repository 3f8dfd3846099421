/**
 * A process of its own, since threads want compiled sources: `MODEL WORKERS ...` collects 60 episodes of play, as that
 * model sees them, with each number of threads, and prints the SHA-256 of them with what was told of the progress; then what is said where no thing is seen.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { collectSlotEpisodes } from '../../src/training/collect-slot-episodes.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import type { TabletopData } from '../../src/training/tabletop-play.ts';
import { loadModel } from '../../src/world-model/model-store.ts';

const { encoder } = (await loadModel(process.argv[2]!)).config;
if (encoder.kind !== 'colour-slots') throw new TypeError('slots are collected');
const data = { ...(recipeByName('tabletop-small').data as TabletopData), steps: 3 };
const play = { data, seed: 5, split: 'train', encoder };
for (const workers of process.argv.slice(3).map(Number)) {
  let told = 0;
  const onProgress = (done: number): void => {
    told = done;
  };
  const collected = await collectSlotEpisodes({ ...play, count: 60, workers, onProgress });
  const hash = createHash('sha256');
  for (const [name, values] of Object.entries(collected)) {
    hash.update(name).update(ArrayBuffer.isView(values) ? new Uint8Array(values.buffer) : `${values}`);
  }
  writeSync(1, `${hash.digest('hex')} ${told}\n`);
}
const blind = { ...encoder, prototypes: encoder.prototypes.map(() => encoder.background) };
await collectSlotEpisodes({ ...play, encoder: blind, count: 60, workers: 1 }).catch((error: Error) =>
  writeSync(1, `${error.message}\n`),
);
