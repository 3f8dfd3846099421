import { createTwoRoomsBatches, playTrajectories } from '../../src/training/two-rooms-windows.ts';

const batchesOf = (frames: number, history = 1) =>
  createTwoRoomsBatches({
    history,
    ...{ batch: 2, offsets: [0, 1, 3], blockLength: 4, frame: [65, 65, 2], seed: 1, stream: 'test' },
    sources: [{ trajectories: playTrajectories(3, frames, 4, 1, 'test'), share: 1 }],
  });

test('trajectories as long as one window fill it', () => {
  const { labels, actions } = batchesOf(13).batchAt(0);
  expect([...labels!, ...actions!].every(Number.isFinite)).toBe(true);
  expect(labels!.every((place) => place > 0 && place < 1)).toBe(true);
});

test('where windows are listed, only those are drawn, each step by its own stream', () => {
  const trajectories = playTrajectories(5, 29, 4, 1, 'test');
  const listed = [
    [1, 0],
    [1, 3],
    [4, 2],
  ] as const;
  const source = createTwoRoomsBatches({
    ...{ batch: 4, offsets: [0, 1, 3], blockLength: 4, frame: [65, 65, 2], seed: 1, stream: 'test' },
    sources: [
      { trajectories, windows: Uint32Array.from(listed.flat()), share: 0.5 },
      { trajectories, share: 1 },
    ],
  });
  const placeAt = (index: number, block: number) =>
    [0, 1].map((axis) => Math.fround(trajectories.positions[2 * (29 * index + 4 * block) + axis]! / 65)).join();
  const expected = new Set(listed.map(([index, block]) => placeAt(index, block)));
  const drawn = new Set<string>();
  const others = new Set<string>();
  for (let step = 0; step < 40; step++) {
    const labels = source.batchAt(step).labels!;
    for (let row = 0; row < 4; row++) (row < 2 ? drawn : others).add(labels.slice(6 * row, 6 * row + 2).join());
  }
  expect(drawn).toEqual(expected);
  // 5 trajectories, 5 starts each.
  expect(others.size).toBeGreaterThan(20);
  const late = [...source.batchAt(31).labels!];
  source.batchAt(7);
  expect([...source.batchAt(31).labels!]).toEqual(late);
});

test('shorter ones are an error that tells both lengths', () => {
  expect(() => batchesOf(12)).toThrow(/windows of 12 steps do not fit into trajectories of 11/);
});

test('a history is the frames of the predictor steps before, stacked; the first stands for those before it', () => {
  const [plain, deep] = [batchesOf(13).batchAt(3), batchesOf(13, 3).batchAt(3)];
  expect(batchesOf(13, 3).inputs.frames!.shape).toEqual([2, 3, 65, 65, 6]);
  for (const name of ['labels', 'actions']) expect(deep[name]).toEqual(plain[name]);
  const pixels = 65 * 65;
  /** Of window `row`, the frame at the `i`-th offset: what it shows `back` predictor steps before. */
  const shown = (row: number, i: number, back: number): number[] =>
    Array.from({ length: 2 * pixels }, (_, k) => {
      const pixel = ((row * 3 + i) * pixels + (k >> 1)) * 6;
      return deep.frames![pixel + 2 * (2 - back) + (k % 2)]!;
    });
  for (const row of [0, 1]) {
    const frame = (i: number) => [
      ...plain.frames!.subarray((row * 3 + i) * 2 * pixels, (row * 3 + i + 1) * 2 * pixels),
    ];
    // Windows fill their trajectories, so that they begin with them. Offsets 0, 1, 3.
    for (const i of [0, 1, 2]) expect(shown(row, i, 0)).toEqual(frame(i));
    for (const back of [1, 2]) expect(shown(row, 0, back)).toEqual(frame(0));
    for (const back of [1, 2]) expect(shown(row, 1, back)).toEqual(frame(0));
    expect(shown(row, 2, 2)).toEqual(frame(1));
    expect(shown(row, 2, 1)).not.toEqual(frame(1));
  }
});
