import type { CompileOptions } from '../../engine/program.ts';
import type { StoredModel } from '../../world-model/decode-model.ts';
import { createStepExpectations, type StepExpectations } from './expect-steps.ts';
import { frameChangeName, modelName, untrainedName } from './judge-quadruplets.ts';
import { drawPushQuadruplet, ownSteps, type PushFilm, type PushQuadruplet, sharedSteps } from './push-quadruplets.ts';
import { frameChanges, untrainedParameters } from './watch-films.ts';

/** Surprise at each step of a film. */
export interface StepCurves {
  /** At all things, and at the object alone. */
  readonly all: readonly number[];
  readonly object: readonly number[];
}

export interface JudgedPush {
  readonly film: PushFilm;
  /** Onlooker -> its surprise, given what was done. */
  readonly curves: Readonly<Record<string, StepCurves>>;
  /** The model's, if it is told that the other context's actions were done. */
  readonly wrong: StepCurves;
}

export interface JudgedPushQuadruplet {
  readonly index: number;
  readonly fork: number;
  readonly pairs: readonly (readonly [possible: JudgedPush, impossible: JudgedPush])[];
}

export interface JudgePushesOptions extends CompileOptions {
  readonly model: StoredModel;
  readonly quadruplets: number;
  /** How many of those the models that never learned watch too, and how many there are. */
  readonly compared: number;
  readonly untrained: number;
  readonly seed: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Pusher and object. */
const things = 2;

/** Draws quadruplets of pushes and lets a model that plans, and some that never learned, expect each step of them. */
export async function* judgePushes({
  model,
  quadruplets,
  compared,
  untrained,
  seed,
  onProgress,
  ...compile
}: JudgePushesOptions): AsyncGenerator<JudgedPushQuadruplet> {
  const { config, layout } = model;
  const common = { config, layout, things, frames: sharedSteps + ownSteps + 1, ...compile };
  const onlookers: [string, StepExpectations][] = [
    [modelName, await createStepExpectations({ ...common, parameters: model.parameters })],
  ];
  for (let i = 0; i < untrained; i++) {
    const parameters = untrainedParameters(layout, i);
    onlookers.push([untrainedName(i), await createStepExpectations({ ...common, parameters })]);
  }
  for (let index = 0; index < quadruplets; index++) {
    const quadruplet = drawPushQuadruplet(seed, index);
    const watching = onlookers.slice(0, index < compared ? undefined : 1);
    const pairs: [JudgedPush, JudgedPush][] = [];
    for (const [possible, impossible] of quadruplet.pairs)
      pairs.push([await judge(possible, quadruplet, watching), await judge(impossible, quadruplet, watching)]);
    yield { index, fork: quadruplet.fork, pairs };
    onProgress?.(index + 1, quadruplets);
  }
  for (const [, each] of onlookers) await each.dispose();
}

async function judge(
  film: PushFilm,
  { actions: [push, pass] }: PushQuadruplet,
  onlookers: readonly (readonly [string, StepExpectations])[],
): Promise<JudgedPush> {
  const [own, other] = film.context === 'a' ? [push, pass] : [pass, push];
  const pictures = film.frames.map(({ data }) => data);
  const change = frameChanges(pictures, 1);
  const curves: Record<string, StepCurves> = { [frameChangeName]: { all: change, object: change } };
  let wrong: StepCurves | null = null;
  for (const [name, onlooker] of onlookers) {
    const seen = await onlooker.see(film.frames);
    curves[name] = toCurves(await onlooker.surprise(seen, own));
    if (name === modelName) wrong = toCurves(await onlooker.surprise(seen, other));
  }
  return { film, curves, wrong: wrong! };
}

function toCurves(errors: readonly (readonly number[])[]): StepCurves {
  return {
    all: errors.map((step) => step.reduce((sum, value) => sum + value, 0) / step.length),
    object: errors.map((step) => step[1]!),
  };
}
