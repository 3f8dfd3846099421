import type { Tensors } from '../../engine/program.ts';
import type { Tensor } from '../../engine/tf.ts';

/** What an objective sees of a batch: B windows of T frames, N slots, D dimensions. A flat latent is one slot. */
export interface LatentWindows {
  /** [B, T, N, D] latents of a window's frames. */
  readonly encoded: Tensor;
  /** T - 1 times [B, N, D]: the first frame's latents rolled forward to each later frame by the actions alone. */
  readonly imagined: readonly Tensor[];
  /** [B, T, N, D] latents of the same frames by the teacher; null where the objective has none. */
  readonly teacher: Tensor | null;
  /** [B, N], 1 where a slot is filled, 0 where it doesn't count; null where all are filled. */
  readonly presence: Tensor | null;
  /** The tensors that the objective's `noise` asks for. */
  readonly noise: Tensors;
}

/** Scalars. */
export interface ObjectiveResult {
  readonly loss: Tensor;
  readonly metrics: Tensors;
}

/**
 * What latents are asked to be: predictable from one another, and not all the same. A prediction error alone is least
 * when the encoder gives every frame the same latent; objectives differ in what keeps it from that.
 */
export interface Objective {
  /**
   * The teacher is a slow copy of the parameters, teacher = decay teacher + (1 - decay) parameters after each step;
   * null for objectives that need none.
   */
  readonly teacherDecay: number | null;
  /** Shapes of standard normal tensors to be drawn anew for each step, for latents of `size` dimensions. */
  noise(size: number): Readonly<Record<string, readonly number[]>>;
  loss(windows: LatentWindows): ObjectiveResult;
}

/** For objectives that draw nothing. */
export const noNoise = (): Readonly<Record<string, readonly number[]>> => ({});
