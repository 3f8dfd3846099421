import fc from 'fast-check';
import { tf } from '../../../src/engine/tf.ts';
import { type KernelCase, kernelCase, operand, real, shape, summed } from './kernel-case.ts';

const length = fc.integer({ min: 1, max: 7 });

/** Batches equal, or broadcast one over the other, or absent on one side. */
const batches = shape(0, 3, 3).chain((full) =>
  fc.constantFrom<[number[], number[]]>(
    [full, full],
    [full, full.map(() => 1)],
    [full.map(() => 1), full],
    [full, []],
    [[], full],
  ),
);

const product = fc.record({
  batches,
  m: length,
  k: length,
  n: length,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
});

const equations = fc.constantFrom<[string, number[], number[]]>(
  ['ij,jk->ik', [3, 4], [4, 2]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bhid,bhjd->bhij', [2, 2, 3, 4], [2, 2, 5, 4]],
  ['ij,ij->i', [3, 4], [3, 4]],
  ['i,j->ij', [3], [4]],
);

const activations = fc.constantFrom('linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu');

export const linearCases: readonly KernelCase[] = [
  kernelCase(
    'BatchMatMul',
    product,
    ({ batches: [a, b], m, k, n, transposeA, transposeB }, rng) => ({
      operands: [
        operand([...a, ...(transposeA ? [k, m] : [m, k])], rng, real),
        operand([...b, ...(transposeB ? [n, k] : [k, n])], rng, real),
      ],
      run: ([x, y]) => tf.matMul(x!, y!, transposeA, transposeB),
    }),
    summed,
  ),
  kernelCase(
    // Long and narrow against long and wide: the gradient of a weight, which is lowered the other way round.
    'BatchMatMul',
    fc.record({
      k: fc.integer({ min: 24, max: 60 }),
      m: fc.integer({ min: 1, max: 3 }),
      n: fc.integer({ min: 4, max: 9 }),
    }),
    ({ k, m, n }, rng) => ({
      operands: [operand([k, m], rng, real), operand([k, n], rng, real)],
      run: ([x, y]) => tf.matMul(x!, y!, true, false),
    }),
    summed,
  ),
  kernelCase(
    '_FusedMatMul',
    fc.tuple(product, activations, fc.boolean()),
    ([{ m, k, n, transposeA, transposeB }, activation, biased], rng) => ({
      operands: [
        operand(transposeA ? [k, m] : [m, k], rng, real),
        operand(transposeB ? [n, k] : [k, n], rng, real),
        operand([n], rng, real),
        operand([n], rng, real),
      ],
      run: ([a, b, bias, slope]) =>
        tf.fused.matMul({
          a: a!,
          b: b!,
          transposeA,
          transposeB,
          activation: activation as 'linear',
          leakyreluAlpha: 0.3,
          ...(biased ? { bias: bias! } : {}),
          ...(activation === 'prelu' ? { preluActivationWeights: slope! } : {}),
        }),
    }),
    summed,
  ),
  kernelCase(
    'Einsum',
    equations,
    ([equation, a, b], rng) => ({
      operands: [operand(a, rng, real), operand(b, rng, real)],
      run: ([x, y]) => tf.einsum(equation, x!, y!),
    }),
    summed,
  ),
];
