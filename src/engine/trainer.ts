import { RunError, UsageError } from '../core/errors.ts';
import { compile } from './compile.ts';
import { copyShared } from './parameters.ts';
import type { CompileOptions, Executable, Values } from './program.ts';
import type { TrainingStep } from './training-step.ts';

export interface TrainerOptions extends CompileOptions {
  readonly step: TrainingStep;
  /** [P] Where to start, laid out by `step.layout`. */
  readonly parameters: Float32Array;
}

/** Everything that decides how training goes on: restored, it continues bit for bit. */
export interface TrainerState {
  /** Steps done. */
  readonly step: number;
  /** [P], laid out by the training step's `layout`. */
  readonly parameters: Float32Array;
  /** The optimiser's vectors, laid out by the training step's `trained`. */
  readonly optimiser: Readonly<Record<string, Float32Array>>;
  /** [P] The averaged parameters, laid out by `layout`; null without a teacher. */
  readonly teacher: Float32Array | null;
}

export interface Trainer {
  /** Steps done. */
  readonly stepsDone: number;
  readonly executable: Executable;
  /**
   * Does one step and gives its loss, gradient norm (before clipping) and metrics.
   * @throws RunError when loss or gradient is not finite. The state is then as it was before the step.
   */
  step(batch: Readonly<Record<string, Values>>, learningRate: number): Promise<Record<string, number>>;
  /** A copy. */
  state(): TrainerState;
  restore(state: TrainerState): void;
  dispose(): Promise<void>;
}

/** The trainer's vectors: parameters, the optimiser's state, the teacher; each laid out by `step.trained`. */
type Vectors = Record<string, Float32Array>;

/**
 * Runs a training step again and again. The state lives in two sets of buffers that change places: each step reads
 * one and writes the other, nothing is allocated, and a failed step leaves the good one untouched.
 */
export async function createTrainer({ step, parameters, ...compileOptions }: TrainerOptions): Promise<Trainer> {
  const { layout, trained, frozen, optimiser, hasTeacher } = step;
  checkLength('parameters', parameters, layout.size);
  const executable = await compile(step, compileOptions);

  const still = new Float32Array(frozen.size);
  const scalars = Object.fromEntries(
    ['learningRate', ...optimiser.scalarNames].map((name) => [name, new Float32Array(1)]),
  );
  const results = Object.fromEntries(
    Object.keys(executable.outputs)
      .filter((name) => !name.startsWith('next.'))
      .map((name) => [name, new Float32Array(1)]),
  );
  let current = allocate();
  let other = allocate();
  let stepsDone = 0;
  let busy = false;

  function allocate(): Vectors {
    const names = ['parameters', ...optimiser.stateNames, ...(hasTeacher ? ['teacher'] : [])];
    return Object.fromEntries(names.map((name) => [name, new Float32Array(trained.size)]));
  }

  function restore(state: TrainerState): void {
    assertIdle();
    checkLength('parameters', state.parameters, layout.size);
    for (const name of optimiser.stateNames) checkLength(name, state.optimiser[name], trained.size);
    if (hasTeacher) checkLength('teacher', state.teacher ?? undefined, layout.size);

    copyShared(state.parameters, layout, current.parameters!, trained);
    copyShared(state.parameters, layout, still, frozen);
    for (const name of optimiser.stateNames) current[name]!.set(state.optimiser[name]!);
    if (hasTeacher) copyShared(state.teacher!, layout, current.teacher!, trained);
    stepsDone = state.step;
  }

  /** Trained and frozen values back in one vector. */
  function whole(moving: Float32Array): Float32Array {
    const values = new Float32Array(layout.size);
    copyShared(moving, trained, values, layout);
    copyShared(still, frozen, values, layout);
    return values;
  }

  function assertIdle(): void {
    if (busy) throw new UsageError(`the trainer of '${step.name}' is in the middle of a step: await it first`);
  }

  restore({
    step: 0,
    parameters,
    optimiser: optimiser.init(trained.size),
    teacher: hasTeacher ? parameters : null,
  });

  return {
    executable,
    get stepsDone() {
      return stepsDone;
    },
    async step(batch, learningRate) {
      assertIdle();
      if (!Number.isFinite(learningRate)) throw new UsageError(`the learning rate is ${learningRate}`);
      busy = true;
      try {
        const numbers = { learningRate, ...optimiser.scalars(stepsDone + 1) } as Record<string, number>;
        for (const [name, buffer] of Object.entries(scalars)) buffer[0] = numbers[name]!;
        await executable.run(
          {
            ...batch,
            ...prefixed('state.', current),
            ...(frozen.size > 0 ? { 'state.frozen': still } : {}),
            ...prefixed('scalar.', scalars),
          },
          { ...prefixed('next.', other), ...results },
        );
      } finally {
        busy = false;
      }
      const metrics = readMetrics(results);
      assertFinite(step.name, stepsDone + 1, metrics);
      [current, other] = [other, current];
      stepsDone++;
      return metrics;
    },
    state: () => {
      assertIdle();
      return {
        step: stepsDone,
        parameters: whole(current.parameters!),
        optimiser: Object.fromEntries(optimiser.stateNames.map((name) => [name, current[name]!.slice()])),
        teacher: hasTeacher ? whole(current.teacher!) : null,
      };
    },
    restore,
    dispose: () => executable.dispose(),
  };
}

/** `loss`, `gradientNorm`, then the metrics by their own names. */
function readMetrics(results: Readonly<Record<string, Float32Array>>): Record<string, number> {
  return Object.fromEntries(Object.entries(results).map(([name, [value]]) => [name.replace(/^metric\./, ''), value!]));
}

function assertFinite(name: string, step: number, metrics: Readonly<Record<string, number>>): void {
  if (Number.isFinite(metrics.loss) && Number.isFinite(metrics.gradientNorm)) return;
  // A metric is named before the sums it spoils.
  const order = Object.entries(metrics).sort(([a], [b]) => Number(isSum(a)) - Number(isSum(b)));
  const [culprit, value] = order.find(([, number]) => !Number.isFinite(number))!;
  throw new RunError(
    `training '${name}' diverged at step ${step}: ${culprit} is ${value}. The state before this step is kept. Lower the learning rate or the gradient's clipping norm, or look at the batch of this step.`,
  );
}

function isSum(metric: string): boolean {
  return metric === 'loss' || metric === 'gradientNorm';
}

function prefixed(prefix: string, values: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function checkLength(name: string, values: Float32Array | undefined, size: number): void {
  if (values?.length !== size)
    throw new UsageError(`the trainer's '${name}' needs ${size} values, got ${values?.length ?? 'none'}`);
}
