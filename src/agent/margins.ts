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
 * The most that is kept away for the error of prediction, so that a bad model leaves passages open and says at which
 * step it stops being sure. Of `push-around`, 40 episodes each: margins of the 0.9 quantile cut at 0.03 solved 34 and
 * broke a guardrail in 2; with the whole quantile, 0.027 to 0.068 for objects, 34 and 0.
 */
const most = 0.08;

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
