/** Running statistics of a column of vectors, as LeRobot's `stats.json` keeps them. */
export interface ColumnStatistics {
  /** Adds one row. @param values [dimensions] */
  add(values: ArrayLike<number>): void;
  /** Adds all rows of a matrix at once. @param values [rows, dimensions], row-major */
  addRows(values: ArrayLike<number>): void;
  summarise(): StatisticsSummary;
}

export interface StatisticsSummary {
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly mean: readonly number[];
  /** Of the whole population: divided by the count. */
  readonly std: readonly number[];
  readonly count: readonly [number];
}

/** Welford's online algorithm (1962), one mean and one sum of squares a dimension. */
export function createColumnStatistics(dimensions: number): ColumnStatistics {
  const min = new Float64Array(dimensions).fill(Number.POSITIVE_INFINITY);
  const max = new Float64Array(dimensions).fill(Number.NEGATIVE_INFINITY);
  const mean = new Float64Array(dimensions);
  const squares = new Float64Array(dimensions);
  let count = 0;
  const addAt = (values: ArrayLike<number>, offset: number): void => {
    count += 1;
    for (let i = 0; i < dimensions; i++) {
      const value = values[offset + i]!;
      if (value < min[i]!) min[i] = value;
      if (value > max[i]!) max[i] = value;
      const delta = value - mean[i]!;
      mean[i] = mean[i]! + delta / count;
      squares[i] = squares[i]! + delta * (value - mean[i]!);
    }
  };
  return {
    add: (values) => addAt(values, 0),
    addRows(values) {
      for (let offset = 0; offset < values.length; offset += dimensions) addAt(values, offset);
    },
    summarise: () => ({
      min: [...min],
      max: [...max],
      mean: [...mean],
      std: Array.from(squares, (sum) => Math.sqrt(sum / Math.max(1, count))),
      count: [count],
    }),
  };
}
