/**
 * A process of its own, since threads want compiled sources: `WORKERS FIRST` reads the batches FIRST ... 11 of
 * Two-Rooms, prints the SHA-256 of each, and then what reading with a source that fails says.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createBatchReader } from '../../src/training/batch-reader.ts';
import { createTwoRoomsBatches, playTrajectories } from '../../src/training/two-rooms-windows.ts';

const print = (line: string) => writeSync(1, `${line}\n`);
const [workers, first] = process.argv.slice(2).map(Number) as [number, number];
const shared = (numbers: number[]) => {
  const array = new Uint32Array(new SharedArrayBuffer(4 * numbers.length));
  array.set(numbers);
  return array;
};
const own = playTrajectories(3, 21, 4, 5, 'own');
const source = createTwoRoomsBatches({
  sources: [
    { trajectories: own, share: 0.2, windows: shared([0, 1, 2, 0, 2, 2]) },
    { trajectories: own, share: 0.4 },
    { trajectories: playTrajectories(10, 21, 4, 5, 'train'), share: 1 },
  ],
  batch: 6,
  offsets: [0, 1, 3],
  blockLength: 4,
  frame: [65, 65, 2],
  seed: 5,
  stream: 'play',
});
const reader = await createBatchReader(source, { workers, steps: 12 });
for (let step = first; step < 12; step++) {
  const hash = createHash('sha256');
  for (const [name, values] of Object.entries(await reader.at(step)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  print(`${step} ${hash.digest('hex')}`);
}
await reader.dispose();

// What a thread cannot do is told to whoever asked, and the process ends all the same.
const { plan } = source;
const broken = { ...source, plan: { ...plan!, options: { ...plan!.options, offsets: [0, 500] } } };
const failing = await createBatchReader(broken, { workers, steps: 2 });
print(
  await failing.at(0).then(
    () => 'read',
    (error: Error) => error.message,
  ),
);
await failing.dispose();
