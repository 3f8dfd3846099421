import type { ObjectiveResult } from '../objectives/objective.ts';
import { mean } from './steps.ts';

/** What the heads of an ensemble cost on average, metrics alike; a single predictor's own. */
export function meanOverHeads(heads: readonly ObjectiveResult[]): ObjectiveResult {
  const [first] = heads;
  if (heads.length === 1) return first!;
  return {
    loss: mean(heads.map(({ loss }) => loss)),
    metrics: Object.fromEntries(
      Object.keys(first!.metrics).map((name) => [name, mean(heads.map(({ metrics }) => metrics[name]!))]),
    ),
  };
}
