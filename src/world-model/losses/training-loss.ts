import type { Tensors } from '../../engine/program.ts';
import type { Tensor } from '../../engine/tf.ts';

/** What a window loss gives back: all scalars but the latents. */
export interface TrainingLoss {
  readonly loss: Tensor;
  readonly metrics: Tensors;
  /** What the objective worked on: [B, T, N, D], and [B, N], which slots are filled (null: all). */
  readonly latents: { readonly encoded: Tensor; readonly presence: Tensor | null };
  /** For metrics that are errors, those of the best constant guess: `inverse`, and `probe` or `heading`. */
  readonly chance: () => Tensors;
}
