import fc from 'fast-check';
import { createRng, type Rng } from '../../../src/core/rng.ts';
import type { ElementType, Values } from '../../../src/engine/program.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';

export interface Operand {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
  readonly values: Values;
}

/** One call of TensorFlow.js to be compiled and compared: what goes in, and the function. */
export interface Sample {
  /** Attributes and shapes, for the message of a failure. */
  readonly label: string;
  readonly operands: readonly Operand[];
  run(tensors: Tensor[]): Tensor | Tensor[];
}

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

export interface KernelCase {
  readonly kernel: string;
  readonly samples: fc.Arbitrary<Sample>;
  /** How far compiled may be from eager. @defaultValue not at all */
  readonly tolerance?: Tolerance;
}

/** For correctly rounded arithmetic, comparisons, integers and all that only moves values. */
export const exact: Tolerance = { relative: 0, absolute: 0 };
/** For transcendental functions in single precision. */
export const close: Tolerance = { relative: 4e-6, absolute: 1e-6 };
/** For sums, whose order of addition differs. */
export const summed: Tolerance = { relative: 1e-5, absolute: 2e-5 };

/** A case whose samples are made from drawn attributes and a random stream for the values. */
export function kernelCase<T>(
  kernel: string,
  attributes: fc.Arbitrary<T>,
  make: (attributes: T, rng: Rng) => Omit<Sample, 'label'>,
  tolerance?: Tolerance,
): KernelCase {
  const samples = fc.tuple(attributes, fc.nat()).map(([drawn, seed]) => {
    const sample = make(drawn, createRng(seed));
    const shapes = sample.operands.map(({ shape, dtype }) => `${dtype}[${shape.join(',')}]`).join(' ');
    return { ...sample, label: `${kernel} ${JSON.stringify(drawn)} of ${shapes}` };
  });
  return tolerance === undefined ? { kernel, samples } : { kernel, samples, tolerance };
}

/** An operand with values from `draw`. */
export function operand(
  shape: readonly number[],
  rng: Rng,
  draw: (rng: Rng) => number = real,
  dtype: ElementType = 'float32',
): Operand {
  const size = shape.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: size }, () => draw(rng));
  return { shape, dtype, values: dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values) };
}

/**
 * One kernel by name, where no operation calls it or only a gradient does. Backends without it run `instead`.
 */
export function callKernel(
  kernel: string,
  inputs: Readonly<Record<string, Tensor>>,
  attributes: object = {},
  instead?: () => Tensor,
): Tensor {
  if (instead !== undefined && tf.getKernel(kernel, tf.getBackend()) === undefined) return instead();
  return tf.engine().runKernel(kernel, { ...inputs }, { ...attributes } as tf.NamedAttrMap);
}

// ---------------------------------------------------------------- values

/** Reals of either sign; one in eight is a value where functions have kinks or ties. */
export function real(rng: Rng): number {
  return rng.chance(0.125) ? rng.pick([0, -0, 1, -1, 0.5, -0.5, 2, -2, 6]) : 2 * rng.normal();
}

export const positive = (rng: Rng): number => Math.exp(rng.normal());
export const between =
  (low: number, high: number) =>
  (rng: Rng): number =>
    rng.between(low, high);
/** Multiples of a quarter: sums, products and quotients' floors are exact. */
export const quarters = (rng: Rng): number => (rng.integer(65) - 32) / 4;
/** Away from zero, of either sign. */
export const nonZero = (rng: Rng): number => (rng.chance(0.5) ? -1 : 1) * (0.25 + Math.abs(rng.normal()));
export const integer = (rng: Rng): number => rng.integer(201) - 100;
export const indexBelow =
  (count: number) =>
  (rng: Rng): number =>
    rng.integer(count);
export const bit = (rng: Rng): number => rng.integer(2);
/** Few distinct values, so that comparisons meet equals and searches meet ties. */
export const small = (rng: Rng): number => rng.integer(5) - 2;
/** NaN and the infinities among others. */
export const extended = (rng: Rng): number =>
  rng.chance(0.4) ? rng.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) : rng.normal();

// ---------------------------------------------------------------- attributes

export const shape = (minRank: number, maxRank: number, maxLength = 4): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: 1, max: maxLength }), { minLength: minRank, maxLength: maxRank, size: 'max' });

/** Two shapes that broadcast together, of ranks 0 ... 5. */
export const broadcastShapes: fc.Arbitrary<[number[], number[]]> = shape(0, 5).chain((full) => {
  const part = fc
    .tuple(fc.nat({ max: full.length }), fc.array(fc.boolean(), { minLength: full.length, maxLength: full.length }))
    .map(([drop, ones]) => full.map((length, i) => (ones[i] ? 1 : length)).slice(drop));
  // One keeps its shape in most draws, as in a bias added; in the others both are stretched.
  return fc.oneof(
    fc.tuple(fc.constant(full), part),
    fc.tuple(part, fc.constant(full)),
    fc.tuple(part, part),
    fc.constant<[number[], number[]]>([full, full]),
  );
});

/** An axis of a tensor of this rank, counted from either end. */
export const axisOf = (rank: number): fc.Arbitrary<number> => fc.integer({ min: -rank, max: rank - 1 });

/** A set of axes without repetition, counted from either end; sometimes none. */
export const axesOf = (rank: number): fc.Arbitrary<number[]> =>
  fc
    .tuple(fc.subarray(Array.from({ length: rank }, (_, i) => i)), fc.boolean())
    .map(([axes, negative]) => (negative ? axes.map((axis) => axis - rank) : axes));

export const permutation = (rank: number): fc.Arbitrary<number[]> => {
  const axes = Array.from({ length: rank }, (_, i) => i);
  return fc.shuffledSubarray(axes, { minLength: rank, maxLength: rank });
};
