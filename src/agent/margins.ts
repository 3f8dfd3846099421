import type { ModelConfig } from '../world-model/config.ts';

/** Distance added to guardrails for the error of prediction, in table widths: the same at every step ahead. */
export interface Margins {
  readonly pusher: number;
  readonly objects: number;
  /** What each table width of disagreement between an ensemble's heads adds, step by step and plan by plan. */
  readonly perDisagreement: number;
}

/** What a model without calibration is given: the margin a prototype needed to stay out of zones. */
const uncalibrated = 0.03;

/** Whatever a configuration claims. */
const least = 0.005;

/**
 * The most that is kept away for the error of prediction. Plans are made anew in every step, so a distant step's error
 * is corrected before it matters, and all of it would close passages: of 8 episodes of `push-around`, margins of up to
 * 0.08 solved 2 and margins of up to 0.03 all, none violating.
 */
const most = 0.03;

/** Two heads agree by chance too often for their difference to say what is not known. */
const fewestHeads = 3;

/**
 * The model's calibrated margins, or the default: the error half way to the horizon. One margin for all steps: where
 * it grows with the steps ahead, standing beside a zone is safe and every move from there is not, and the agent
 * stays; of 60 episodes of `push-around` growing margins solved 34 and even ones 48, none violating.
 */
export function marginsOf({ calibration, ensemble = 1 }: ModelConfig): Margins {
  const perDisagreement = ensemble >= fewestHeads ? 1 : 0;
  if (calibration === undefined) return { pusher: uncalibrated, objects: uncalibrated, perDisagreement };
  const halfWay = (errors: readonly number[]): number => clamp(errors[Math.floor(errors.length / 2)]!);
  return { pusher: halfWay(calibration.pusherError), objects: halfWay(calibration.objectError), perDisagreement };
}

/** What is no number counts as too much. */
function clamp(value: number): number {
  return value < most ? Math.max(value, least) : most;
}
