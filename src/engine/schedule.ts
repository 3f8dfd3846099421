import { UsageError } from '../core/errors.ts';

export interface CosineScheduleOptions {
  /** The learning rate after warm-up. */
  readonly peak: number;
  readonly warmupSteps: number;
  /** Steps in all; the rate reaches 0 at their end. */
  readonly steps: number;
}

/**
 * Linear warm-up, then a half cosine down to 0 (Loshchilov and Hutter, 2017). Step 0 is the first:
 * peak (step + 1) / warmupSteps while warming up.
 *
 * A function of the step on the host, not in the graph: the rate is fed as a scalar, so the same compiled graph
 * serves every schedule and stage, a resumed run needs nothing but the step number, and the rate shown to the user
 * is the one used.
 */
export function cosineSchedule({ peak, warmupSteps, steps }: CosineScheduleOptions): (step: number) => number {
  if (!(warmupSteps >= 0 && warmupSteps <= steps))
    throw new UsageError(`a schedule of ${steps} steps can't warm up for ${warmupSteps}`);
  return (step) => {
    if (step < warmupSteps) return (peak * (step + 1)) / warmupSteps;
    if (step >= steps) return 0;
    const progress = (step - warmupSteps) / (steps - warmupSteps);
    return (peak * (1 + Math.cos(Math.PI * progress))) / 2;
  };
}
