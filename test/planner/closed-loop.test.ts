import { defaultCaution } from '../../src/cost/guardrails.ts';
import { plannerNames } from '../../src/planner/create-planner.ts';
import { playPushing } from './pushing.ts';

const exact = { episodes: 3, perceptionStd: 0, margin: 0.01, caution: defaultCaution };

// The pusher and disc are plain TypeScript, without derivatives.
const sampling = plannerNames.filter((name) => name !== 'gradient');

test.each(sampling)('%s pushes a disc round a zone, on known dynamics, without ever entering it', async (planner) => {
  const result = await playPushing({ ...exact, planner, guarded: true });
  expect(result).toEqual({ successes: 3, violating: 0, fallbacks: 0 });
});

test('which takes the guardrail: the straight way leads through the zone', async () => {
  const result = await playPushing({ ...exact, planner: 'cem', guarded: false });
  expect(result.successes).toBe(3);
  expect(result.violating).toBe(3);
});
