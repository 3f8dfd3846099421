/**
 * How far what is seen is from what was expected of it: the root of the mean squared difference between latents
 * [N, D], of the entity where it is largest. One that was shoved by hand is not averaged away by others that weren't.
 */
export function surpriseOf(expected: Float32Array, seen: Float32Array, entities: number): number {
  const size = seen.length / entities;
  let largest = 0;
  for (let n = 0; n < entities; n++) {
    let sum = 0;
    for (let d = n * size; d < (n + 1) * size; d++) sum += (seen[d]! - expected[d]!) ** 2;
    largest = Math.max(largest, Math.sqrt(sum / size));
  }
  return largest;
}
