import type { TensorSpec, Tensors } from '../engine/program.ts';
import { latentSize, type ModelConfig } from '../world-model/config.ts';
import type { PastPredictions } from '../world-model/corrections.ts';
import type { Corrections } from '../world-model/planner-config.ts';

/** Keeps what a model foretold in one episode beside what came. */
export interface PredictionRecord {
  /** What is seen where planning starts: [D]. */
  look(latent: Float32Array): Promise<void>;
  /** [A], executed for one control step. */
  act(action: ArrayLike<number>): void;
  /** As `pastInputs` has them. */
  feeds(): Readonly<Record<string, Float32Array>>;
}

export interface PredictionRecordOptions {
  readonly config: ModelConfig;
  readonly corrections: Corrections;
  /** The world model's own word, uncorrected: the latent one predictor step after, [D]. */
  readonly foretell: (latent: Float32Array, action: Float32Array) => Promise<Float32Array>;
}

/** What `correctionBy` goes by, as a graph takes it. */
export function pastInputs(config: ModelConfig, { count }: Corrections): Readonly<Record<string, TensorSpec>> {
  const [size, width] = [latentSize(config), config.action.low.length];
  return {
    pastLatents: { shape: [count, size] },
    pastActions: { shape: [count, width] },
    pastResiduals: { shape: [count, size] },
    pastKnown: { shape: [count] },
  };
}

/** The inputs of `pastInputs`, in a graph. */
export function pastOf({ pastLatents, pastActions, pastResiduals, pastKnown }: Tensors): PastPredictions {
  return { latents: pastLatents!, actions: pastActions!, residuals: pastResiduals!, known: pastKnown! };
}

/** For one episode: layouts, and so what a model gets wrong, differ from one to the next. */
export function createPredictionRecord({ config, corrections, foretell }: PredictionRecordOptions): PredictionRecord {
  const { count } = corrections;
  const { actionRepeat } = config;
  const [size, width] = [latentSize(config), config.action.low.length];
  const latents = new Float32Array(count * size);
  const actions = new Float32Array(count * width);
  const residuals = new Float32Array(count * size);
  const known = new Float32Array(count);
  let noted = 0;
  let before: Float32Array | null = null;
  let executed: Float32Array[] = [];

  return {
    async look(latent) {
      // Planning anew within a block, after a fallback, leaves less than a predictor step to compare.
      if (before !== null && executed.length === actionRepeat) {
        const action = meanOf(executed, width);
        const foretold = await foretell(before, action);
        const row = noted++ % count;
        latents.set(before, row * size);
        actions.set(action, row * width);
        residuals.set(
          latent.map((value, i) => value - foretold[i]!),
          row * size,
        );
        known[row] = 1;
      }
      before = latent;
      executed = [];
    },
    act(action) {
      executed.push(Float32Array.from(action));
    },
    feeds: () => ({ pastLatents: latents, pastActions: actions, pastResiduals: residuals, pastKnown: known }),
  };
}

function meanOf(actions: readonly Float32Array[], width: number): Float32Array {
  return Float32Array.from(
    { length: width },
    (_, axis) => actions.reduce((sum, action) => sum + action[axis]!, 0) / actions.length,
  );
}
