import { UsageError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';

/** How the perturbations of a candidate's actions hang together over its steps. */
export type NoiseSpec =
  /** Independent at every step. */
  | { readonly kind: 'white' }
  /**
   * Independent at every step and flat: with a std of 1 / sqrt(3) half-ranges it fills the box evenly. The base of
   * random shooting.
   */
  | { readonly kind: 'uniform' }
  /**
   * Amplitude f^(-beta / 2) over frequencies (Timmer and Koenig, 1995, as iCEM uses it): `beta` 0 is white, 2 the
   * spectrum of a random walk. Larger means smoother, farther-reaching motions.
   */
  | { readonly kind: 'coloured'; readonly beta: number }
  /** First-order autoregression: neighbouring steps correlate by `correlation`, in [0, 1). */
  | { readonly kind: 'ar1'; readonly correlation: number };

/** Fills `out` [H, A] with noise of zero mean and unit variance at every step; coordinates are independent. */
export type Noise = (rng: Rng, out: Float64Array) => void;

/** A noise source for plans of `horizon` steps of `actionSize` numbers. Draws `horizon` values a coordinate. */
export function createNoise(spec: NoiseSpec, horizon: number, actionSize: number): Noise {
  const series = createSeries(spec, horizon);
  const values = new Float64Array(horizon);
  return (rng, out) => {
    for (let a = 0; a < actionSize; a++) {
      series(rng, values);
      for (let t = 0; t < horizon; t++) out[t * actionSize + a] = values[t]!;
    }
  };
}

type Series = (rng: Rng, out: Float64Array) => void;

function createSeries(spec: NoiseSpec, length: number): Series {
  switch (spec.kind) {
    case 'white':
      return fillNormal;
    case 'uniform':
      return (rng, out) => {
        for (let t = 0; t < length; t++) out[t] = rng.between(-Math.sqrt(3), Math.sqrt(3));
      };
    case 'coloured':
      return createColouredSeries(spec.beta, length);
    case 'ar1':
      return createAutoregression(spec.correlation);
    default:
      throw new UsageError(
        `unknown noise kind '${(spec as NoiseSpec).kind}'. Known: white, uniform, coloured (beta), ar1 (correlation).`,
      );
  }
}

function fillNormal(rng: Rng, out: Float64Array): void {
  for (let t = 0; t < out.length; t++) out[t] = rng.normal();
}

function createAutoregression(correlation: number): Series {
  if (!(correlation >= 0 && correlation < 1))
    throw new UsageError(`the correlation of ar1 noise lies in [0, 1), got ${correlation}`);
  const innovation = Math.sqrt(1 - correlation * correlation);
  return (rng, out) => {
    fillNormal(rng, out);
    for (let t = 1; t < out.length; t++) out[t] = correlation * out[t - 1]! + innovation * out[t]!;
  };
}

/**
 * Coloured noise is linear in its normal draws, so the inverse Fourier transform becomes a matrix made once. The
 * zero frequency takes the lowest one's amplitude: a plan may drift as a whole.
 */
function createColouredSeries(beta: number, length: number): Series {
  if (!(beta >= 0 && Number.isFinite(beta)))
    throw new UsageError(`the beta of coloured noise is a number >= 0, got ${beta}`);
  const basis = colouredBasis(beta, length);
  const draws = new Float64Array(length);
  return (rng, out) => {
    fillNormal(rng, draws);
    for (let t = 0; t < length; t++) {
      let sum = 0;
      for (let j = 0; j < length; j++) sum += basis[t * length + j]! * draws[j]!;
      out[t] = sum;
    }
  };
}

/** [length, length]: row t maps independent normals to the value at step t; each row has unit norm. */
function colouredBasis(beta: number, length: number): Float64Array {
  const columns: { amplitude: number; at: (t: number) => number }[] = [];
  for (let k = 0; 2 * k <= length; k++) {
    const amplitude = Math.max(k, 1) ** (-beta / 2);
    const phase = (t: number) => (2 * Math.PI * k * t) / length;
    if (k === 0 || 2 * k === length) {
      columns.push({ amplitude, at: (t) => Math.cos(phase(t)) });
    } else {
      columns.push({ amplitude: amplitude * Math.SQRT2, at: (t) => Math.cos(phase(t)) });
      columns.push({ amplitude: amplitude * Math.SQRT2, at: (t) => Math.sin(phase(t)) });
    }
  }
  const basis = new Float64Array(length * length);
  for (let t = 0; t < length; t++) {
    const row = columns.map(({ amplitude, at }) => amplitude * at(t));
    const norm = Math.hypot(...row);
    row.forEach((value, j) => {
      basis[t * length + j] = value / norm;
    });
  }
  return basis;
}
