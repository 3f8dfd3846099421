import { below, bootstrapShare, meanOf, type Share } from './bootstrap-share.ts';
import type { JudgedPush, JudgedPushQuadruplet, StepCurves } from './judge-pushes.ts';
import { frameChangeName, modelName } from './judge-quadruplets.ts';
import { surpriseOf } from './physics-report.ts';

export const pushSchema = 'amitable.physics-tabletop/1';

/** Pairs in which the possible film surprised less, by what of it is compared. */
export interface PushScore {
  readonly of: 'all things' | 'the object alone';
  readonly model: Share;
  /** Where the agent pushed, and where it passed by. */
  readonly pushed: Share;
  readonly passed: Share;
  readonly untrained: readonly number[];
  readonly untrainedMean: Share | null;
  /** Possible films that surprised less with what was done than with what the other context did. */
  readonly rightActionsBelowWrong: Share;
  /** `pushed` again, the model being told that the agent passed by: what was impossible is then to be expected. */
  readonly pushedToldPassed: Share;
}

export interface PushReport {
  readonly schema: typeof pushSchema;
  readonly quadruplets: number;
  readonly compared: number;
  readonly scores: readonly PushScore[];
  /** The same by how much frames change. */
  readonly frameChange: number;
  readonly environment: Readonly<Record<string, unknown>>;
}

type Part = keyof StepCurves;

export function createPushReport(
  judged: readonly JudgedPushQuadruplet[],
  { seed, environment }: { readonly seed: number; readonly environment: PushReport['environment'] },
): PushReport {
  const names = Object.keys(judged[0]!.pairs[0]![0].curves);
  const untrained = names.filter((name) => name !== modelName && name !== frameChangeName);
  const compared = judged.filter(({ pairs }) => untrained.every((name) => name in pairs[0]![0].curves));
  const told =
    (name: string, part: Part) =>
    ({ curves }: JudgedPush): number =>
      surpriseOf(curves[name]![part]);
  const misled =
    (part: Part) =>
    ({ wrong }: JudgedPush): number =>
      surpriseOf(wrong[part]);
  type Pair = JudgedPushQuadruplet['pairs'][0];
  const win = ([possible, impossible]: Pair, of: (film: JudgedPush) => number): number =>
    below(of(possible), of(impossible));
  const scores = (['all', 'object'] as const).map((part): PushScore => {
    const share = (values: readonly number[], what: string): Share => bootstrapShare(values, seed, 'push', part, what);
    const both = (of: (film: JudgedPush) => number, from = judged): number[] =>
      from.map(({ pairs }) => meanOf(pairs.map((pair) => win(pair, of))));
    const one = (context: 0 | 1): number[] => judged.map(({ pairs }) => win(pairs[context]!, told(modelName, part)));
    const never = untrained.map((name) => both(told(name, part), compared));
    return {
      of: part === 'all' ? 'all things' : 'the object alone',
      model: share(both(told(modelName, part)), 'model'),
      pushed: share(one(0), 'pushed'),
      passed: share(one(1), 'passed'),
      untrained: never.map(meanOf),
      untrainedMean:
        never.length === 0
          ? null
          : share(
              compared.map((_, i) => meanOf(never.map((wins) => wins[i]!))),
              'untrained',
            ),
      rightActionsBelowWrong: share(
        judged.map(({ pairs }) =>
          meanOf(pairs.map(([possible]) => below(told(modelName, part)(possible), misled(part)(possible)))),
        ),
        'right',
      ),
      pushedToldPassed: share(
        judged.map(({ pairs }) => win(pairs[0]!, misled(part))),
        'wrong',
      ),
    };
  });
  return {
    schema: pushSchema,
    quadruplets: judged.length,
    compared: untrained.length === 0 ? 0 : compared.length,
    scores,
    frameChange: meanOf(
      judged.map(({ pairs }) => meanOf(pairs.map((pair) => win(pair, told(frameChangeName, 'all'))))),
    ),
    environment,
  };
}
