import type { PropertyName, Visibility } from '../../env/side-view/quadruplet.ts';
import { below, bootstrapShare, meanOf, type Share } from './bootstrap-share.ts';
import { frameChangeName, type JudgedPair, type JudgedQuadruplet, modelName, pixelsName } from './judge-quadruplets.ts';

export const physicsSchema = 'amitable.physics/1';

export interface PropertyResult {
  readonly property: PropertyName;
  readonly visibility: Visibility;
  readonly quadruplets: number;
  /** Pairs in which the possible film surprised the model less. */
  readonly model: Share;
  /** Of contexts A and B apart: see the scenario for what is possible in which. */
  readonly byContext: readonly [a: number, b: number];
  /** Quadruplets that the models beside it watched, the first of all. */
  readonly compared: number;
  /** The same of a model that foretells pixels, on those; null without one. */
  readonly pixels: Share | null;
  /** The same of models that never learned, on those: each, then all together. */
  readonly untrained: readonly number[];
  readonly untrainedMean: Share | null;
  /** The same by how much frames change. */
  readonly frameChange: number;
  /** Pairs in which the possible film surprised the model less, both seen with camera noise. */
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

export function createPhysicsReport(
  judged: readonly JudgedQuadruplet[],
  { context, seed, environment }: Pick<PhysicsReport, 'context' | 'environment'> & { readonly seed: number },
): PhysicsReport {
  const scenarios = [...new Set(judged.map(({ scenario }) => scenario))];
  const results = scenarios.map((scenario): PropertyResult => {
    const own = judged.filter((each) => each.scenario === scenario);
    const names = Object.keys(own[0]!.pairs[0].curves);
    const untrained = names.filter((name) => ![modelName, frameChangeName, pixelsName].includes(name));
    const others = names.filter((name) => name === pixelsName || untrained.includes(name));
    const watched = own.filter(({ pairs }) => others.every((name) => name in pairs[0].curves));
    const wins = (name: string): number[] =>
      own
        .filter(({ pairs }) => name in pairs[0].curves)
        .map(({ pairs }) => meanOf(pairs.map((pair) => winOf(pair, name))));
    const noisy = own.flatMap(({ pairs }) =>
      pairs.flatMap((pair) => (pair.noisy === undefined ? [] : [winOf({ curves: { noisy: pair.noisy } }, 'noisy')])),
    );
    const of = (values: readonly number[]): Share =>
      bootstrapShare(values, seed, scenario.property, scenario.visibility);
    return {
      property: scenario.property,
      visibility: scenario.visibility,
      quadruplets: own.length,
      model: of(wins(modelName)),
      byContext: [0, 1].map((i) => meanOf(own.map(({ pairs }) => winOf(pairs[i]!, modelName)))) as [number, number],
      compared: others.length === 0 ? 0 : watched.length,
      pixels: names.includes(pixelsName) ? of(wins(pixelsName)) : null,
      untrained: untrained.map((name) => meanOf(wins(name))),
      untrainedMean:
        untrained.length === 0
          ? null
          : of(watched.map(({ pairs }) => meanOf(untrained.flatMap((name) => pairs.map((pair) => winOf(pair, name)))))),
      frameChange: meanOf(wins(frameChangeName)),
      withNoise: noisy.length === 0 ? null : meanOf(noisy),
    };
  });
  return { schema: physicsSchema, context, results, push: pushControl(judged, seed), environment };
}

/** 1 where the possible film surprised less, 1/2 where both surprised alike. */
function winOf({ curves }: Pick<JudgedPair, 'curves'>, name: string): number {
  const [possible, impossible] = curves[name]!;
  return below(surpriseOf(possible), surpriseOf(impossible));
}

function pushControl(judged: readonly JudgedQuadruplet[], seed: number): PushControl | null {
  const own = judged.filter(({ scenario }) => scenario.property === 'push');
  if (own.length === 0) return null;
  const at = ({ pairs }: JudgedQuadruplet, pair: 0 | 1, film: 0 | 1): number =>
    surpriseOf(pairs[pair].curves[modelName]![film]);
  return {
    stillBelowPushed: bootstrapShare(
      own.map((each) => below(at(each, 1, 0), at(each, 0, 0))),
      seed,
      'still',
    ),
    pushedBelowUncaused: bootstrapShare(
      own.map((each) => below(at(each, 0, 0), at(each, 1, 1))),
      seed,
      'pushed',
    ),
  };
}
