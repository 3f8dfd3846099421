import { createRng } from '../../core/rng.ts';
import type { PropertyName, Visibility } from '../../env/side-view/quadruplet.ts';
import { percentile } from '../metrics/order-statistics.ts';
import type { Interval } from '../metrics/wilson-interval.ts';
import { frameChangeName, type JudgedPair, type JudgedQuadruplet, modelName } from './judge-quadruplets.ts';

export const physicsSchema = 'amitable.physics/1';

/** A share of pairs, with its 95 % bootstrap interval over quadruplets. */
export interface Share {
  readonly share: number;
  readonly interval95: Interval;
}

export interface PropertyResult {
  readonly property: PropertyName;
  readonly visibility: Visibility;
  readonly quadruplets: number;
  /** Pairs in which the possible film surprised the model less. */
  readonly model: Share;
  /** Of contexts A and B apart: see the scenario for what is possible in which. */
  readonly byContext: readonly [a: number, b: number];
  /** The same of models that never learned: each, then all together. */
  readonly untrained: readonly number[];
  readonly untrainedMean: Share | null;
  /** The same by how much frames change. */
  readonly frameChange: number;
  /** Pairs in which the possible film *seen with camera noise* surprised the model less than the impossible without. */
  readonly withNoise: number | null;
}

export interface PhysicsReport {
  readonly schema: typeof physicsSchema;
  /** Frames watched before each that is judged: declared with the model. */
  readonly context: number;
  readonly results: readonly PropertyResult[];
  /** The control: a thing that is struck moves off, which is an edit that is legal. */
  readonly push: PushControl | null;
  readonly environment: Readonly<Record<string, unknown>>;
}

/** How three films compare that are alike but for a push: the model's surprise, as shares of quadruplets. */
export interface PushControl {
  /** Nothing happened was less surprising than a legal push: near one half where pushes are understood. */
  readonly stillBelowPushed: Share;
  /** A legal push was less surprising than the same motion without a cause. */
  readonly pushedBelowUncaused: Share;
}

/** Surprise at a whole film: the mean over its frames that have a whole context. */
export function surpriseOf(curve: readonly number[]): number {
  return curve.reduce((sum, value) => sum + value, 0) / curve.length;
}

const resamples = 2000;

export function createPhysicsReport(
  judged: readonly JudgedQuadruplet[],
  { context, seed, environment }: Pick<PhysicsReport, 'context' | 'environment'> & { readonly seed: number },
): PhysicsReport {
  const scenarios = [...new Set(judged.map(({ scenario }) => scenario))];
  const results = scenarios.map((scenario): PropertyResult => {
    const own = judged.filter((each) => each.scenario === scenario);
    const names = Object.keys(own[0]!.pairs[0].curves);
    const untrained = names.filter((name) => name !== modelName && name !== frameChangeName);
    const wins = (name: string): number[] => own.map(({ pairs }) => mean(pairs.map((pair) => winOf(pair, name))));
    const noisy = own.flatMap(({ pairs }) =>
      pairs.flatMap((pair) => (pair.noisy === undefined ? [] : [noisyWin(pair)])),
    );
    const of = (values: readonly number[]): Share => bootstrap(values, seed, scenario.property, scenario.visibility);
    return {
      property: scenario.property,
      visibility: scenario.visibility,
      quadruplets: own.length,
      model: of(wins(modelName)),
      byContext: [0, 1].map((i) => mean(own.map(({ pairs }) => winOf(pairs[i]!, modelName)))) as [number, number],
      untrained: untrained.map((name) => mean(wins(name))),
      untrainedMean:
        untrained.length === 0
          ? null
          : of(own.map(({ pairs }) => mean(untrained.flatMap((name) => pairs.map((pair) => winOf(pair, name)))))),
      frameChange: mean(wins(frameChangeName)),
      withNoise: noisy.length === 0 ? null : mean(noisy),
    };
  });
  return { schema: physicsSchema, context, results, push: pushControl(judged, seed), environment };
}

/** 1 where the possible film surprised less, 1/2 where both surprised alike. */
function winOf({ curves }: JudgedPair, name: string): number {
  const [possible, impossible] = curves[name]!;
  return below(surpriseOf(possible), surpriseOf(impossible));
}

function noisyWin({ curves, noisy }: JudgedPair): number {
  return below(surpriseOf(noisy!), surpriseOf(curves[modelName]![1]));
}

function below(a: number, b: number): number {
  return a < b ? 1 : a === b ? 0.5 : 0;
}

function pushControl(judged: readonly JudgedQuadruplet[], seed: number): PushControl | null {
  const own = judged.filter(({ scenario }) => scenario.property === 'push');
  if (own.length === 0) return null;
  const at = ({ pairs }: JudgedQuadruplet, pair: 0 | 1, film: 0 | 1): number =>
    surpriseOf(pairs[pair].curves[modelName]![film]);
  return {
    stillBelowPushed: bootstrap(
      own.map((each) => below(at(each, 1, 0), at(each, 0, 0))),
      seed,
      'still',
    ),
    pushedBelowUncaused: bootstrap(
      own.map((each) => below(at(each, 0, 0), at(each, 1, 1))),
      seed,
      'pushed',
    ),
  };
}

/** Resamples quadruplets, both their pairs together (Efron, 1979). */
function bootstrap(values: readonly number[], seed: number, ...path: readonly string[]): Share {
  const rng = createRng(seed, 'physics-bootstrap', ...path);
  const means = Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[rng.integer(values.length)]!;
    return sum / values.length;
  });
  return { share: mean(values), interval95: [percentile(means, 2.5), percentile(means, 97.5)] };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
