import type { ModelConfig } from '../world-model/config.ts';

/** Distances added to guardrails for the error of prediction, 0, 1, ... steps ahead, in table widths. */
export interface Margins {
  readonly pusher: number | readonly number[];
  readonly objects: number | readonly number[];
}

/** What a model without calibration is given: the margin a prototype needed to stay out of zones. */
const uncalibrated = 0.03;

/** Whatever a configuration claims: a pixel's share for what is seen, more for what is foretold. */
const least = { seen: 0.001, foretold: 0.005 } as const;

/**
 * The most that is kept away for the error of prediction. Plans are made anew in every step, so a distant step's error
 * is corrected before it matters, and all of it would close passages: of 8 episodes of `push-around`, margins of up to
 * 0.08 solved 2 and margins of up to 0.03 all, none violating.
 */
const most = 0.03;

/** The model's calibrated margins, within bounds, or the default. */
export function marginsOf({ calibration }: ModelConfig): Margins {
  if (calibration === undefined) return { pusher: uncalibrated, objects: uncalibrated };
  const bounded = (errors: readonly number[]): number[] =>
    errors.map((error, step) => clamp(error, step === 0 ? least.seen : least.foretold, most));
  return { pusher: bounded(calibration.pusherError), objects: bounded(calibration.objectError) };
}

/** What is no number counts as too much. */
function clamp(value: number, low: number, high: number): number {
  return value < high ? Math.max(value, low) : high;
}
