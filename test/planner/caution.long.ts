import { defaultCaution } from '../../src/cost/guardrails.ts';
import { playPushing } from './pushing.ts';

/** What `defaultCaution` rests on: with an error in perception, a soft edge keeps plans off the hard one. */
test('caution near zones cuts violations and fallbacks by half or more, at about equal success', async () => {
  const erring = { planner: 'cem', episodes: 120, perceptionStd: 0.01, margin: 0.02, guarded: true } as const;
  const without = await playPushing({ ...erring, caution: { distance: 0, weight: 0 } });
  const withCaution = await playPushing({ ...erring, caution: defaultCaution });
  expect(without.violating).toBeGreaterThan(5);
  expect(withCaution.violating).toBeLessThan(without.violating / 2);
  expect(withCaution.fallbacks).toBeLessThan(without.fallbacks / 2);
  expect(withCaution.successes).toBeGreaterThan(without.successes - 10);
});
