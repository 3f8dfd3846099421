import type { Margin } from '../cost/guardrails.ts';
import type { ModelConfig } from '../world-model/config.ts';

/** Distances added to guardrails for the error of prediction, per step ahead, in table widths. */
export interface Margins {
  readonly pusher: Margin;
  readonly objects: Margin;
}

/** What a model without calibration is given: the margin a prototype needed to stay out of zones. */
const uncalibrated = 0.03;

/** The model's calibrated margins, or the default. */
export function marginsOf({ calibration }: ModelConfig): Margins {
  if (calibration === undefined) return { pusher: uncalibrated, objects: uncalibrated };
  return { pusher: calibration.pusherError, objects: calibration.objectError };
}
