import { scenarios } from '../../../src/env/side-view/scenarios/index.ts';
import type { JudgedPair, JudgedQuadruplet } from '../../../src/eval/physics/judge-quadruplets.ts';
import { formatPhysicsMarkdown } from '../../../src/eval/physics/physics-markdown.ts';
import { formatPhysicsPage } from '../../../src/eval/physics/physics-page.ts';
import { createPhysicsReport } from '../../../src/eval/physics/physics-report.ts';

const film = (context: 'a' | 'b', outcome: 1 | 2, possible: boolean) => ({ context, outcome, possible, snapshots: [] });

/** Films of one frame each, as surprising as said. */
function pair(context: 'a' | 'b', possible: number, impossible: number, noisy?: readonly [number, number]): JudgedPair {
  return {
    films: [film(context, context === 'a' ? 1 : 2, true), film(context, context === 'a' ? 2 : 1, false)],
    curves: {
      model: [[possible], [impossible]],
      pixels: [[impossible], [possible]],
      'untrained 1': [[1], [1]],
      'untrained 2': [[2], [1]],
      'frame change': [[1], [2]],
    },
    ...(noisy === undefined ? {} : { noisy: [[noisy[0]], [noisy[1]]] }),
  };
}

const support = scenarios.find(({ property }) => property === 'support')!;
const push = scenarios.find(({ property }) => property === 'push')!;
const judged: JudgedQuadruplet[] = [
  { scenario: support, index: 0, fork: 11, pairs: [pair('a', 0, 1, [0.5, 1]), pair('b', 0, 1, [3, 2])] },
  { scenario: support, index: 1, fork: 11, pairs: [pair('a', 0, 1), pair('b', 2, 1)] },
  { scenario: push, index: 0, fork: 11, pairs: [pair('a', 3, 9), pair('b', 2, 4)] },
  { scenario: push, index: 1, fork: 11, pairs: [pair('a', 1, 9), pair('b', 2, 4)] },
];
const report = createPhysicsReport(judged, { context: 10, seed: 0, environment: { who: '<me>' } });

test('counts pairs in which the possible film surprises less, ties as halves', () => {
  const [result] = report.results;
  // 3 of 4 pairs: 2 of 2 in context A, 1 of 2 in B. Quadruplets score 1 and 1/2, and are resampled as wholes.
  expect(result!.model).toEqual({ share: 0.75, interval95: [0.5, 1] });
  expect(result!.byContext).toEqual([1, 0.5]);
  expect(result!.untrained).toEqual([0.5, 0]);
  expect(result!.untrainedMean!.share).toBe(0.25);
  expect(result!.frameChange).toBe(1);
  // Pixels say the contrary of the model.
  expect(result!.pixels!.share).toBe(0.25);
  expect(result!.compared).toBe(2);
  // With noise one of two possible films is more surprising than its impossible one.
  expect(result!.withNoise).toBe(0.5);
  expect(report.results[1]!.withNoise).toBeNull();
});

test('the control compares films that are alike but for a push', () => {
  // Still 2, pushed 3 and 1, uncaused 4.
  expect(report.push!.stillBelowPushed.share).toBe(0.5);
  expect(report.push!.pushedBelowUncaused.share).toBe(1);
});

test('models beside it count on the quadruplets that they watched', () => {
  const alone = ({ curves, ...rest }: JudgedPair): JudgedPair => ({
    ...rest,
    curves: { model: curves.model!, 'frame change': curves['frame change']! },
  });
  const { pairs, ...second } = judged[1]!;
  const fewer = [judged[0]!, { ...second, pairs: [alone(pairs[0]), alone(pairs[1])] as const }];
  const { results } = createPhysicsReport(fewer, { context: 10, seed: 0, environment: {} });
  expect(results[0]).toMatchObject({ quadruplets: 2, compared: 1, model: { share: 0.75 }, pixels: { share: 0 } });
});

test('the same judgements give the same report', () => {
  expect(createPhysicsReport(judged, { context: 10, seed: 0, environment: { who: '<me>' } })).toEqual(report);
});

test('is written with every row, and a page that says nothing as markup', () => {
  const markdown = formatPhysicsMarkdown(report, ({ property }) => `${property}.webp`);
  expect(markdown).toContain('| support | visible | 4 | 75.0 % [50.0, 100.0] |');
  expect(markdown).toContain('](push.webp)');
  const page = formatPhysicsPage(report, () => Buffer.from('strip'));
  expect(page).toContain('&lt;me&gt;');
  expect(page.match(/data:image\/webp;base64,c3RyaXA=/g)).toHaveLength(2);
});
