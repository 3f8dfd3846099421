import { calibrate } from '../../src/training/calibrate.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import type { TabletopData } from '../../src/training/tabletop-play.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

const { data } = recipeByName('tabletop-small');
const model = untrainedTabletopModel();
const given = {
  model,
  data: { ...(data as TabletopData), steps: 12 },
  seed: 5,
  episodes: 24,
  quantile: 0.5,
  threads: 1,
};

test('knows how well things are seen, and how badly an untrained model foretells them', async () => {
  const horizon = model.config.planner.options.horizon as number;
  const { quantile, episodes, pusherError, objectError } = await calibrate(given);
  expect({ quantile, episodes }).toEqual({ quantile: 0.5, episodes: 24 });
  expect(pusherError).toHaveLength(horizon + 1);
  expect(objectError).toHaveLength(horizon + 1);
  // Seen within half a pixel of 64.
  for (const error of [pusherError[0]!, objectError[0]!]) expect(error).toBeLessThan(0.5 / 64);
  // The pusher goes up to 0.08 a step, and nothing of it was learned.
  expect(pusherError[horizon]!).toBeGreaterThan(0.08);
  expect(objectError[horizon]!).toBeGreaterThan(objectError[0]!);
});

test('the same seed calibrates to the same numbers; a higher quantile to no lower ones', async () => {
  const once = await calibrate(given);
  expect(await calibrate(given)).toEqual(once);
  const most = await calibrate({ ...given, quantile: 0.8 });
  once.pusherError.forEach((error, step) => {
    expect(most.pusherError[step]!).toBeGreaterThanOrEqual(error);
  });
});
