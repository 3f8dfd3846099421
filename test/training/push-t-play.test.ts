import { recipeByName } from '../../src/training/recipes.ts';
import { playEpisode, type TabletopData } from '../../src/training/tabletop-play.ts';

const data = recipeByName('push-t').data as TabletopData;

test('play in Push-T shows one T that is pushed, and tells the velocity', () => {
  let moved = 0;
  let fastest = 0;
  for (let index = 0; index < 20; index++) {
    const { objects, frames, truths, actions, proprioceptions } = playEpisode(data, 3, 'train', index);
    expect(objects).toEqual([{ name: 'object-1', shape: 't', colour: 'blue' }]);
    expect([frames.length, actions.length]).toEqual([data.steps + 1, data.steps]);
    const [first, last] = [truths[0]!.positions['object-1']!, truths.at(-1)!.positions['object-1']!];
    if (Math.hypot(first[0] - last[0], first[1] - last[1]) > 0.05) moved++;
    for (const [, , x, y] of proprioceptions) fastest = Math.max(fastest, Math.hypot(x!, y!));
  }
  expect(moved).toBeGreaterThan(12);
  // Twice as fast as the play that episodes are drawn from: about 20 units a step.
  expect(fastest).toBeGreaterThan(30 / 512);
});

test('play depends on its seed and index alone', () => {
  const play = () => playEpisode(data, 5, 'train', 7);
  const [first, again] = [play(), play()];
  expect(again.actions).toEqual(first.actions);
  expect(again.truths).toEqual(first.truths);
  expect(playEpisode(data, 6, 'train', 7).truths[0]).not.toEqual(first.truths[0]);
});

test.each([{ shapes: ['box'] as const }, { objects: [1, 2] as const }])(
  'there is nothing but one T in it, so %j is refused',
  (wrong) => {
    expect(() => playEpisode({ ...data, ...wrong } as unknown as TabletopData, 0, 'train', 0)).toThrow(
      /objects \[1, 1\]/,
    );
  },
);
