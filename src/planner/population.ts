/**
 * What every population planner shares: bounds, the order of candidates, and refitting the sampling
 * distribution to the good ones. Nothing here draws random numbers or waits.
 */

/** One scored plan. */
export interface Candidate {
  /** [H, A] */
  readonly actions: Float32Array;
  readonly cost: number;
  readonly violation: number;
}

/** Box limits of one action and a limit of its Euclidean norm; `BoxSpace` is one. */
export interface ActionBounds {
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  /** `Infinity` where only the box limits. */
  readonly maxNorm: number;
  readonly size: number;
}

/** Independent normals over a plan's numbers, [H, A] each. */
export interface Distribution {
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

/** Clamps each action of a plan [H, A] into the box, then scales it down to the norm limit, in place. */
export function clipActions(actions: Float32Array, { low, high, maxNorm, size }: ActionBounds): void {
  for (let start = 0; start < actions.length; start += size) {
    let squares = 0;
    for (let i = 0; i < size; i++) {
      const value = Math.min(Math.max(actions[start + i]!, low[i]!), high[i]!);
      actions[start + i] = value;
      squares += value * value;
    }
    const norm = Math.sqrt(squares);
    if (norm > maxNorm) for (let i = 0; i < size; i++) actions[start + i]! *= maxNorm / norm;
  }
}

/** The unit of a planner's std for each action coordinate: half the range, or the norm limit where that is less. */
export function actionScale({ low, high, maxNorm, size }: ActionBounds): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    const scale = Math.min((high[i]! - low[i]!) / 2, maxNorm);
    return Number.isFinite(scale) ? scale : 1;
  });
}

/** 0: breaks no guardrail. 1: breaks one. 2: its score is not a finite number, so nothing is known of it. */
export type Tier = 0 | 1 | 2;

export function tierOf({ cost, violation }: Candidate): Tier {
  if (!Number.isFinite(cost) || !Number.isFinite(violation)) return 2;
  return violation > 0 ? 1 : 0;
}

/**
 * A total order of candidates, best first.
 *
 * Feasible ones by cost; then infeasible ones by `violation / V + taskShare x cost / C`; then those without a
 * finite score, which never win. V and C are the ranges of violation and cost among the infeasible candidates of
 * the first population, so that no scaling of the objective's weights buys violation. Strict ranking
 * (`taskShare` 0) makes a learned model linger at the edge of a zone: among the ways out, the task should choose.
 */
export interface Ordering {
  compare(a: Candidate, b: Candidate): number;
  /** What candidates of the same tier are compared by; lower is better. */
  key(candidate: Candidate): number;
}

export function createOrdering(population: readonly Candidate[], taskShare: number): Ordering {
  const infeasible = population.filter((candidate) => tierOf(candidate) === 1);
  const violationRange = rangeOf(infeasible.map(({ violation }) => violation));
  const costRange = rangeOf(infeasible.map(({ cost }) => cost));
  const key = (candidate: Candidate): number => {
    const tier = tierOf(candidate);
    if (tier === 0) return candidate.cost;
    return tier === 1 ? candidate.violation / violationRange + (taskShare * candidate.cost) / costRange : 0;
  };
  return { key, compare: (a, b) => tierOf(a) - tierOf(b) || key(a) - key(b) };
}

/** Highest less lowest, or 1 where they are the same. */
function rangeOf(values: readonly number[]): number {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? high - low : 1;
}

/** Best first; equals keep their places, so the result depends on nothing but the scores. */
export function rank(candidates: readonly Candidate[], ordering: Ordering): Candidate[] {
  return [...candidates].sort(ordering.compare);
}

/** The best `count` of a ranking, without those of unknown worth. */
export function selectElites(ranking: readonly Candidate[], count: number): Candidate[] {
  return ranking.slice(0, count).filter((candidate) => tierOf(candidate) !== 2);
}

export interface RefitOptions {
  /** Share of the old mean and std that stays, in [0, 1). */
  readonly momentum: number;
  /** [A] Least std of each action coordinate. */
  readonly stdFloor: Float64Array;
}

/** The distribution moved to the weighted mean and std of the elites. `weights` sum to 1. No elites: no change. */
export function refit(
  { mean, std }: Distribution,
  elites: readonly Candidate[],
  weights: ArrayLike<number>,
  { momentum, stdFloor }: RefitOptions,
): Distribution {
  if (elites.length === 0) return { mean, std };
  const newMean = new Float64Array(mean.length);
  const newStd = new Float64Array(mean.length);
  for (let i = 0; i < mean.length; i++) {
    let average = 0;
    for (let e = 0; e < elites.length; e++) average += weights[e]! * elites[e]!.actions[i]!;
    let variance = 0;
    for (let e = 0; e < elites.length; e++) variance += weights[e]! * (elites[e]!.actions[i]! - average) ** 2;
    newMean[i] = momentum * mean[i]! + (1 - momentum) * average;
    const spread = momentum * std[i]! + (1 - momentum) * Math.sqrt(variance);
    newStd[i] = Math.max(spread, stdFloor[i % stdFloor.length]!);
  }
  return { mean: newMean, std: newStd };
}
