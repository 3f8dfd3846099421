/**
 * A plan [H, A] as seen `steps` later: executed steps leave at the front, zero actions follow at the end.
 *
 * `steps` need not be whole: a planned action is held for a block of control steps, and after half of a block
 * each new step is the time-average of the old plan over its span. A new array.
 */
export function shiftPlan(actions: Float32Array, actionSize: number, steps: number): Float32Array {
  const whole = Math.floor(steps);
  const part = steps - whole;
  const horizon = actions.length / actionSize;
  const at = (t: number, a: number) => (t < horizon ? actions[t * actionSize + a]! : 0);
  const shifted = new Float32Array(actions.length);
  for (let t = 0; t < horizon; t++) {
    for (let a = 0; a < actionSize; a++) {
      const value = at(t + whole, a);
      shifted[t * actionSize + a] = part === 0 ? value : (1 - part) * value + part * at(t + whole + 1, a);
    }
  }
  return shifted;
}
