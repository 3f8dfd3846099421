import type { Tensors } from './program.ts';
import { type Tensor, tf } from './tf.ts';

export interface Differentiable {
  /** What is differentiated: its sum, where it has several elements. */
  readonly value: Tensor;
  /** Handed out as they are. */
  readonly beside: Tensors;
}

export interface Differentiated extends Differentiable {
  /** One for each tensor differentiated by, in order; null where the value does not depend on it. */
  readonly gradients: readonly (Tensor | null)[];
}

/** Runs `f` once and differentiates its value by `inputs`. Traceable: value and gradients become one graph. */
export function differentiate(f: () => Differentiable, inputs: readonly Tensor[]): Differentiated {
  const kept: Record<string, Tensor> = {};
  const { value, grads } = tf.engine().gradients(
    () => {
      const result = f();
      // The scope of the gradient ends before they are handed out.
      for (const [name, tensor] of Object.entries(result.beside)) kept[name] = tf.keep(tensor.clone());
      return result.value;
    },
    [...inputs],
    undefined,
    true,
  );
  const beside = Object.fromEntries(
    Object.entries(kept).map(([name, tensor]) => {
      const copy = tensor.clone();
      tensor.dispose();
      return [name, copy];
    }),
  );
  return { value, beside, gradients: inputs.map((_, i) => grads[i] ?? null) };
}
