/**
 * A process of its own that trains, for tests that kill it: `OUT SEED` trains a tiny model of Two-Rooms into OUT, going
 * on from the checkpoint that it finds, and prints the number of each step it has done, `played` as the agent plays.
 */
import { writeSync } from 'node:fs';
import { train } from '../../src/training/train.ts';
import { tinyTwoRooms } from './tiny-recipes.ts';

const [out, seed] = process.argv.slice(2) as [string, string];
/** Unbuffered: what was printed was printed, whatever comes next. */
const print = (line: string | number) => writeSync(1, `${line}\n`);
const tiny = tinyTwoRooms();
const [play, own] = tiny.stages;
const recipe = {
  ...tiny,
  stages: [
    { ...play!, steps: 80 },
    { ...own!, steps: 80 },
  ],
  evaluateEvery: 25,
  checkpointEvery: 1,
};
await train({
  recipe,
  seed: Number(seed),
  out,
  resume: true,
  events: { onStep: ({ step }) => print(step), onPrepare: () => print('played') },
});
