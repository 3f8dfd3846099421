import { checkCounts, type Interval } from './wilson-interval.ts';

/**
 * The exact 95 % interval for a share (Clopper and Pearson, 1934): never covers less than 95 %, and is the one to
 * quote for rare events. None of 300 still allows 1.2 %.
 */
export function exact95(successes: number, trials: number): Interval {
  checkCounts(successes, trials);
  if (trials === 0) return [0, 1];
  const logChoose = logBinomialCoefficients(trials);
  const low = successes === 0 ? 0 : solveIncreasing((p) => upperTail(successes, trials, p, logChoose), 0.025);
  const high = successes === trials ? 1 : solveIncreasing((p) => upperTail(successes + 1, trials, p, logChoose), 0.975);
  return [low, high];
}

/** The probability of at least `successes` in `trials` independent trials of probability `p`. */
export function binomialUpperTail(successes: number, trials: number, p: number): number {
  checkCounts(successes, trials);
  return upperTail(successes, trials, p, logBinomialCoefficients(trials));
}

function upperTail(successes: number, trials: number, p: number, logChoose: Float64Array): number {
  if (successes <= 0) return 1;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const logOdds = Math.log(p) - Math.log1p(-p);
  const logNone = trials * Math.log1p(-p);
  const mass = (k: number): number => Math.exp(logChoose[k]! + k * logOdds + logNone);
  // The shorter way round the mean: summing the smaller tail loses no digits of it.
  let sum = 0;
  if (successes > p * trials) {
    for (let k = trials; k >= successes; k--) sum += mass(k);
    return Math.min(1, sum);
  }
  for (let k = 0; k < successes; k++) sum += mass(k);
  return Math.max(0, 1 - sum);
}

/** ln C(trials, k) for k = 0 ... trials. */
function logBinomialCoefficients(trials: number): Float64Array {
  const result = new Float64Array(trials + 1);
  for (let k = 1; k <= trials; k++) result[k] = result[k - 1]! + Math.log((trials - k + 1) / k);
  return result;
}

/** The p in [0, 1] where an increasing function reaches `level`, to the last bit. */
function solveIncreasing(f: (p: number) => number, level: number): number {
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (f(middle) < level) low = middle;
    else high = middle;
  }
}
