import { setTimeout } from 'node:timers/promises';
import { inTurn } from '../../src/core/in-turn.ts';

test('keeps the order, and fails with the first that fails, however fast the next one would', async () => {
  const started: number[] = [];
  const make = async (item: number): Promise<number> => {
    started.push(item);
    await setTimeout(item < 0 ? 5 : 0);
    if (item <= 0) throw new Error(`not ${item}`);
    return 10 * item;
  };
  expect(await inTurn([3, 1, 2], make)).toEqual([30, 10, 20]);
  await expect(inTurn([1, -1, 0], make)).rejects.toThrow('not -1');
  expect(started).toEqual([3, 1, 2, 1, -1]);
});
