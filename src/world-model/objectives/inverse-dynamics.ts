import { detach } from '../../engine/detach.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { mean } from '../losses/steps.ts';

export interface Transition {
  /** [B, D] */
  readonly before: Tensor;
  readonly after: Tensor;
  /** [B, A] */
  readonly action: Tensor;
}

/**
 * Inverse dynamics (Pathak et al., 2017; in JEPA world models: PLDM, Sobal et al., 2025): mean squared error of the
 * action read from the latents before and after it. Latents must then hold what the actions move, which no term on
 * their spread demands: the cure of static collapse. What actions don't reach it leaves alone. An error as
 * large as the actions' variance tells that the moving thing was dropped.
 *
 * @param frozen read from detached latents: the head learns and nothing else, for the error as a measure
 */
export function inverseDynamics(
  inverse: (before: Tensor, after: Tensor) => Tensor,
  transitions: readonly Transition[],
  { frozen }: { readonly frozen: boolean },
): Tensor {
  const given = frozen ? detach : (x: Tensor): Tensor => x;
  return mean(
    transitions.map(({ before, after, action }) =>
      tf.mean(tf.squaredDifference(inverse(given(before), given(after)), action)),
    ),
  );
}
