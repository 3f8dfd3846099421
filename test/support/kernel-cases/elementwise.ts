import fc from 'fast-check';
import type { Rng } from '../../../src/core/rng.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import {
  between,
  bit,
  broadcastShapes,
  callKernel,
  close,
  exact,
  extended,
  integer,
  type KernelCase,
  kernelCase,
  nonZero,
  operand,
  positive,
  quarters,
  real,
  shape,
  small,
  type Tolerance,
} from './kernel-case.ts';

type Draw = (rng: Rng) => number;

function unary(kernel: string, run: (x: Tensor) => Tensor, tolerance: Tolerance, draw: Draw = real): KernelCase {
  return kernelCase(
    kernel,
    shape(0, 5),
    (dims, rng) => ({ operands: [operand(dims, rng, draw)], run: ([x]) => run(x!) }),
    tolerance,
  );
}

function binary(
  kernel: string,
  run: (a: Tensor, b: Tensor) => Tensor,
  tolerance: Tolerance,
  drawA: Draw = real,
  drawB: Draw = drawA,
): KernelCase {
  return kernelCase(
    kernel,
    broadcastShapes,
    ([a, b], rng) => ({
      operands: [operand(a, rng, drawA), operand(b, rng, drawB)],
      run: ([x, y]) => run(x!, y!),
    }),
    tolerance,
  );
}

/** The same operation on floats or on integers, by draw. */
function arithmetic(
  kernel: string,
  run: (a: Tensor, b: Tensor) => Tensor,
  drawFloat: Draw = real,
  drawInt: Draw = integer,
): KernelCase {
  return kernelCase(kernel, fc.tuple(broadcastShapes, fc.boolean()), ([[a, b], integers], rng) => {
    const [draw, dtype] = integers ? ([drawInt, 'int32'] as const) : ([drawFloat, 'float32'] as const);
    return { operands: [operand(a, rng, draw, dtype), operand(b, rng, draw, dtype)], run: ([x, y]) => run(x!, y!) };
  });
}

function logical(kernel: string, run: (a: Tensor, b: Tensor) => Tensor): KernelCase {
  return kernelCase(kernel, broadcastShapes, ([a, b], rng) => ({
    operands: [operand(a, rng, bit, 'int32'), operand(b, rng, bit, 'int32')],
    run: ([x, y]) => run(tf.cast(x!, 'bool'), tf.cast(y!, 'bool')),
  }));
}

/** Either an ordinary draw or infinities and NaN. */
const comparable: Draw = (rng) => (rng.chance(0.2) ? extended(rng) : small(rng));

export const elementwiseCases: readonly KernelCase[] = [
  unary('Abs', tf.abs, exact),
  unary('Acos', tf.acos, close, between(-0.99, 0.99)),
  unary('Acosh', tf.acosh, close, between(1.05, 9)),
  unary('Asin', tf.asin, close, between(-0.99, 0.99)),
  unary('Asinh', tf.asinh, close),
  unary('Atan', tf.atan, close),
  unary('Atanh', tf.atanh, close, between(-0.95, 0.95)),
  unary('Ceil', tf.ceil, exact, quarters),
  unary('Cos', tf.cos, close),
  unary('Cosh', tf.cosh, close),
  unary('Elu', tf.elu, close),
  unary('Erf', tf.erf, close),
  unary('Exp', tf.exp, close),
  unary('Expm1', tf.expm1, close),
  unary('Floor', tf.floor, exact, quarters),
  unary('IsFinite', tf.isFinite, exact, extended),
  unary('IsInf', tf.isInf, exact, extended),
  unary('IsNan', tf.isNaN, exact, extended),
  unary('Log', tf.log, close, positive),
  unary('Log1p', tf.log1p, close, between(-0.9, 9)),
  unary('Neg', tf.neg, exact),
  unary('Reciprocal', tf.reciprocal, exact, nonZero),
  unary('Relu', tf.relu, exact),
  unary('Relu6', tf.relu6, exact),
  unary('Round', tf.round, exact, quarters),
  unary('Rsqrt', tf.rsqrt, close, positive),
  unary('Selu', tf.selu, close),
  unary('Sigmoid', tf.sigmoid, close),
  unary('Sign', tf.sign, exact),
  unary('Sin', tf.sin, close),
  unary('Sinh', tf.sinh, close),
  unary('Softplus', tf.softplus, close),
  unary('Sqrt', tf.sqrt, exact, positive),
  unary('Square', tf.square, exact),
  unary('Tan', tf.tan, close, between(-1.3, 1.3)),
  unary('Tanh', tf.tanh, close),
  unary('ZerosLike', tf.zerosLike, exact),
  unary('OnesLike', tf.onesLike, exact),
  unary('Identity', (x) => tf.mul(tf.clone(x), 1), exact),
  ...(['Abs', 'Neg', 'Square', 'ZerosLike', 'OnesLike'] as const).map((kernel) =>
    kernelCase(kernel, shape(0, 5), (dims, rng) => ({
      operands: [operand(dims, rng, integer, 'int32')],
      run: ([x]) =>
        ({ Abs: tf.abs, Neg: tf.neg, Square: tf.square, ZerosLike: tf.zerosLike, OnesLike: tf.onesLike })[kernel](x!),
    })),
  ),
  kernelCase('Step', fc.tuple(shape(0, 5), fc.constantFrom(0, 0.5, -1)), ([dims, alpha], rng) => ({
    operands: [operand(dims, rng)],
    run: ([x]) => tf.step(x!, alpha),
  })),
  kernelCase(
    'LeakyRelu',
    fc.tuple(shape(0, 5), fc.constantFrom(0.2, 0.01, 1.5)),
    ([dims, alpha], rng) => ({
      operands: [operand(dims, rng)],
      run: ([x]) => tf.leakyRelu(x!, alpha),
    }),
    close,
  ),
  kernelCase(
    'ClipByValue',
    fc.tuple(shape(0, 5), fc.constantFrom([-1, 1], [0, 6], [0.5, 0.5], [-3.5, -0.25])),
    ([dims, [low, high]], rng) => ({
      operands: [operand(dims, rng)],
      run: ([x]) => tf.clipByValue(x!, low!, high!),
    }),
  ),
  kernelCase(
    'Cast',
    fc.tuple(
      shape(0, 5),
      fc.constantFrom(
        ['float32', 'int32'],
        ['float32', 'bool'],
        ['int32', 'float32'],
        ['int32', 'bool'],
        ['float32', 'float32'],
      ),
    ),
    ([dims, [from, to]], rng) => ({
      operands: [operand(dims, rng, from === 'int32' ? small : quarters, from as 'float32' | 'int32')],
      run: ([x]) => tf.cast(tf.cast(x!, to as 'float32'), 'float32'),
    }),
  ),
  kernelCase(
    'EluGrad',
    shape(0, 5),
    (dims, rng) => ({
      operands: [operand(dims, rng), operand(dims, rng)],
      run: ([dy, x]) => callKernel('EluGrad', { dy: dy!, y: tf.elu(x!) }),
    }),
    close,
  ),
  kernelCase('LogicalNot', shape(0, 5), (dims, rng) => ({
    operands: [operand(dims, rng, bit, 'int32')],
    run: ([x]) => tf.logicalNot(tf.cast(x!, 'bool')),
  })),

  arithmetic('Add', tf.add),
  arithmetic('Sub', tf.sub),
  arithmetic('Multiply', tf.mul),
  arithmetic('Maximum', tf.maximum),
  arithmetic('Minimum', tf.minimum),
  arithmetic('SquaredDifference', tf.squaredDifference, quarters),
  arithmetic('Equal', tf.equal, comparable, small),
  arithmetic('NotEqual', tf.notEqual, comparable, small),
  arithmetic('Greater', tf.greater, comparable, small),
  arithmetic('GreaterEqual', tf.greaterEqual, comparable, small),
  arithmetic('Less', tf.less, comparable, small),
  arithmetic('LessEqual', tf.lessEqual, comparable, small),
  binary('RealDiv', tf.div, exact, real, nonZero),
  // Divisors of either sign: the quotient is rounded down, the remainder has the divisor's sign.
  arithmetic(
    'FloorDiv',
    tf.floorDiv,
    (rng) => quarters(rng) || 1,
    (rng) => small(rng) || 7,
  ),
  arithmetic(
    'Mod',
    tf.mod,
    (rng) => quarters(rng) || 1,
    (rng) => small(rng) || 7,
  ),
  binary('Pow', tf.pow, close, positive, between(-3, 3)),
  // No negative zeros: their angles of -pi and pi are not kept.
  binary('Atan2', tf.atan2, close, (rng) => real(rng) || 0),
  binary('Prelu', tf.prelu, exact),
  logical('LogicalAnd', tf.logicalAnd),
  logical('LogicalOr', tf.logicalOr),
  kernelCase(
    'Pow',
    broadcastShapes,
    ([a, b], rng) => ({
      operands: [operand(a, rng, real), operand(b, rng, (r) => r.integer(4))],
      run: ([x, y]) => tf.pow(x!, y!),
    }),
    close,
  ),
  kernelCase('AddN', fc.tuple(shape(0, 5), fc.integer({ min: 1, max: 5 })), ([dims, count], rng) => ({
    operands: Array.from({ length: count }, () => operand(dims, rng, quarters)),
    run: (xs) => tf.addN(xs),
  })),
  kernelCase('Select', fc.tuple(broadcastShapes, fc.boolean()), ([[a, b], integers], rng) => {
    const [draw, dtype] = integers ? ([integer, 'int32'] as const) : ([real, 'float32'] as const);
    return {
      operands: [operand(a, rng, bit, 'int32'), operand(b, rng, draw, dtype), operand(b, rng, draw, dtype)],
      run: ([condition, x, y]) => tf.where(tf.cast(condition!, 'bool'), x!, y!),
    };
  }),
];
