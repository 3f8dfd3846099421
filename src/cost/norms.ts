/**
 * Norms: how a residual becomes a cost (the idea of mujoco_mpc's `norm.h`). Each is smooth where its formula says
 * so, zero at a zero residual and never negative.
 */
import { type Tensor, tf } from '../engine/tf.ts';

/** Half-width of the rounding at zero, where a residual's length has no derivative; far below any probe's error. */
const defaultSmoothing = 1e-6;

/** Sum of squares over the last axis: [..., n] -> [...]. Gradient 2 x. */
export function quadratic(residual: Tensor): Tensor {
  return tf.sum(tf.square(residual), -1);
}

/** Root of each element (at least 0), rounded at zero: sqrt(x + p^2) - p. */
export function rootOf(squares: Tensor, smoothing = defaultSmoothing): Tensor {
  return tf.sub(tf.sqrt(tf.add(squares, smoothing * smoothing)), smoothing);
}

/** Length over the last axis, rounded at zero: sqrt(sum x^2 + p^2) - p, [..., n] -> [...]. */
export function l2(residual: Tensor, smoothing = defaultSmoothing): Tensor {
  return rootOf(quadratic(residual), smoothing);
}

/** Absolute value of each element, rounded at zero: sqrt(x^2 + p^2) - p. About x^2 / 2p below p, |x| - p above. */
export function smoothAbs(residual: Tensor, smoothing = defaultSmoothing): Tensor {
  return rootOf(tf.square(residual), smoothing);
}

/** What of each element lies above `tolerance`: max(0, x - tolerance). `tolerance` broadcasts. */
export function hinge(residual: Tensor, tolerance: Tensor | number = 0): Tensor {
  return tf.relu(tf.sub(residual, tolerance));
}
