/** A plan on its way down. */
export interface Descent {
  /** [H, A], in units of the action space. */
  readonly position: Float32Array;
  /** Moves `position` against a slope [H, A] and returns it; the first step is `rate` half-ranges in each number. */
  step(slope: Float32Array, rate: number): Float32Array;
}

const decayOfMean = 0.8;
const decayOfSquares = 0.99;
/** Far below the slopes of any cost in table widths. */
const smallest = 1e-12;

/**
 * Adam (Kingma and Ba, 2015) on one plan, each action coordinate measured in its own `scale` [A]: steps do not
 * depend on the cost's units or on those of the actions. Both averages are shorter than in training: a search has a
 * dozen steps, not thousands.
 */
export function createDescent(start: Float32Array, scale: Float64Array): Descent {
  const position = start;
  const mean = new Float64Array(start.length);
  const squares = new Float64Array(start.length);
  let steps = 0;
  return {
    position,
    step(slope, rate) {
      steps += 1;
      const meanShare = 1 - decayOfMean ** steps;
      const squaresShare = 1 - decayOfSquares ** steps;
      for (let i = 0; i < position.length; i++) {
        const unit = scale[i % scale.length]!;
        const scaled = slope[i]! * unit;
        mean[i] = decayOfMean * mean[i]! + (1 - decayOfMean) * scaled;
        squares[i] = decayOfSquares * squares[i]! + (1 - decayOfSquares) * scaled * scaled;
        const direction = mean[i]! / meanShare / (Math.sqrt(squares[i]! / squaresShare) + smallest);
        position[i]! -= rate * unit * direction;
      }
      return position;
    },
  };
}
