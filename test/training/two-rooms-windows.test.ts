import { createTwoRoomsBatches, playTrajectories } from '../../src/training/two-rooms-windows.ts';

const batchesOf = (frames: number) =>
  createTwoRoomsBatches({
    ...{ batch: 2, offsets: [0, 1, 3], blockLength: 4, frame: [65, 65, 2], seed: 1, stream: 'test' },
    sources: [{ trajectories: playTrajectories(3, frames, 4, 1, 'test'), share: 1 }],
  });

test('trajectories as long as one window fill it', () => {
  const { labels, actions } = batchesOf(13).batchAt(0);
  expect([...labels!, ...actions!].every(Number.isFinite)).toBe(true);
  expect(labels!.every((place) => place > 0 && place < 1)).toBe(true);
});

test('shorter ones are an error that tells both lengths', () => {
  expect(() => batchesOf(12)).toThrow(/windows of 12 steps do not fit into trajectories of 11/);
});
