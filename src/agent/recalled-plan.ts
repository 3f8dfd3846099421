import type { ActionBounds } from '../planner/population.ts';

export interface PlanShape {
  /** H */
  readonly horizon: number;
  /** Control steps for which a planned action is held. */
  readonly actionRepeat: number;
  readonly bounds: ActionBounds;
}

/**
 * What was done in control steps [T, A] as a plan [H, A]: each planned action is the mean of what it is held over,
 * zero after the end. An action that was turned out of the bounds is shortened into them: where it leads matters more
 * than how far.
 */
export function planFromActions(actions: Float32Array, { horizon, actionRepeat, bounds }: PlanShape): Float32Array {
  const { size } = bounds;
  const plan = new Float32Array(horizon * size);
  const end = Math.min(actions.length, plan.length * actionRepeat);
  for (let i = 0; i < end; i++) {
    const held = Math.floor(i / (actionRepeat * size));
    plan[held * size + (i % size)]! += actions[i]! / actionRepeat;
  }
  for (let start = 0; start < plan.length; start += size) shorten(plan.subarray(start, start + size), bounds);
  return plan;
}

/** Scales an action down, in place, until it is within the bounds. */
function shorten(action: Float32Array, { low, high, maxNorm }: ActionBounds): void {
  let share = Math.min(1, maxNorm / Math.hypot(...action));
  for (const [i, value] of action.entries()) {
    if (value > high[i]!) share = Math.min(share, Math.max(0, high[i]! / value));
    if (value < low[i]!) share = Math.min(share, Math.max(0, low[i]! / value));
  }
  if (share < 1) for (let i = 0; i < action.length; i++) action[i]! *= share;
}
