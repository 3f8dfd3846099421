import fc from 'fast-check';
import type { Experience } from '../../src/core/memory-contracts.ts';
import { coherence } from '../../src/memory/coherence.ts';
import { rememberedEpisode } from './remembered.ts';

const numbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 });
const experience = (actions: readonly number[], places: (step: number) => readonly [number, number]): Experience => {
  const { experience: like } = rememberedEpisode(1);
  const moments = like.moments.map((moment) => ({ ...moment, positions: Float32Array.from(places(moment.step)) }));
  return { ...like, moments, actions: Float32Array.from(actions) };
};
/** Where one gets by what was done before a step, `scale` table widths a unit. */
const led = (actions: readonly number[], scale: number) => (step: number) =>
  [0, 1].map((axis) => {
    const before = actions.slice(0, 2 * step).filter((_, i) => i % 2 === axis);
    return 0.5 + scale * before.reduce((sum, value) => sum + value, 0);
  }) as [number, number];

test('a pusher that goes as it is told is coherent at any scale, the opposite is its negative', () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: 0.01, max: 0.1, noNaN: true }), (actions, scale) => {
      fc.pre(Math.hypot(...actions.slice(0, 10)) > 0.1);
      expect(coherence(experience(actions, led(actions, scale)))).toBeCloseTo(1, 3);
      expect(coherence(experience(actions, led(actions, -scale)))).toBeCloseTo(-1, 3);
    }),
  );
});

test('a blocked pusher is less so: half of the way is sqrt(1/2)', () => {
  const actions = [1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0];
  const until = (wall: number) => (step: number) => [Math.min(wall, 0.1 * step), 0] as const;
  expect(coherence(experience(actions, until(0.2)))).toBeCloseTo(Math.SQRT1_2, 6);
  expect(coherence(experience(actions, until(0.3)))).toBeCloseTo(Math.sqrt(3 / 4), 6);
});

test('looks that are several steps apart are held against all that was done between', () => {
  const actions = [1, 0, 0, 1, -1, 0, 0, 1, 1, 1, 0, 0];
  const whole = experience(actions, led(actions, 0.05));
  const sparse = { ...whole, moments: whole.moments.filter(({ step }) => step % 3 === 0) };
  expect(sparse.moments).toHaveLength(2);
  expect(coherence(sparse)).toBeCloseTo(1, 5);
});

test('where nothing was done, seen, or can be told, nothing speaks against it', () => {
  const still = experience(new Array(12).fill(0), () => [0.5, 0.5]);
  expect(coherence(still)).toBe(1);
  expect(coherence({ ...still, moments: still.moments.slice(0, 1) })).toBe(1);
  expect(coherence({ ...still, actionSize: 3 })).toBe(1);
});

test('told to go and never going is no coherence', () => {
  expect(coherence(experience(new Array(12).fill(1), () => [0.5, 0.5]))).toBe(0);
  expect(coherence(experience(new Array(12).fill(0), (step) => [0.1 * step, 0]))).toBe(0);
});
