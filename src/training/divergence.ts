/** Tells when the loss has left all bounds though each number is still finite. */
export interface DivergenceWatch {
  /** Takes the loss of each step of a stage; what is wrong, in words, or null. */
  observe(loss: number): string | null;
}

/** Steps that the loss is averaged over. */
const window = 50;
/** A mean loss this many times that of the stage's first steps: it unlearns faster than it learns. */
const limit = 100;

/**
 * Losses jump from batch to batch, and rise for a while where a stage brings new data: so means over fifty steps are
 * compared, and a hundredfold is asked for.
 */
export function createDivergenceWatch(): DivergenceWatch {
  const recent: number[] = [];
  let first: number | null = null;
  return {
    observe(loss) {
      recent.push(loss);
      if (recent.length > window) recent.shift();
      if (recent.length < window) return null;
      const mean = recent.reduce((sum, value) => sum + value, 0) / window;
      first ??= mean;
      if (mean <= limit * Math.abs(first)) return null;
      return `the loss has a mean of ${mean.toPrecision(3)} over ${window} steps, ${Math.round(mean / Math.abs(first))} times what its stage began with`;
    },
  };
}

/** Whether all of an array is finite. */
export function allFinite(values: Float32Array): boolean {
  // A sum of finite float32 numbers is finite in double precision, and anything else in it is not.
  let sum = 0;
  for (const value of values) sum += value;
  return Number.isFinite(sum);
}
