import type { Interval } from './metrics/wilson-interval.ts';

/** `95.3 %` */
export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** `[91.0, 97.3] %` */
export function formatInterval([low, high]: Interval): string {
  return `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}] %`;
}
