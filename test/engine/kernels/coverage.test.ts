import fc from 'fast-check';
import { loadEagerBackend } from '../../../src/engine/eager-backends.ts';
import { lowerings } from '../../../src/engine/lowering/index.ts';
import { tf } from '../../../src/engine/tf.ts';
import { checkKernel } from '../../support/check-kernel.ts';
import { kernelCases } from '../../support/kernel-cases/index.ts';
import { exact, kernelCase, operand, positive, shape } from '../../support/kernel-cases/kernel-case.ts';

beforeAll(async () => {
  await loadEagerBackend('cpu');
  await tf.setBackend('cpu');
});

test('every kernel with a lowering is tested, and no other', () => {
  const tested = new Set(kernelCases.map(({ kernel }) => kernel));
  expect([...tested].sort()).toEqual(Object.keys(lowerings).sort());
});

// `cpu` has no kernels of these names; their cases compare with what they stand for.
const notOnCpu = ['BroadcastTo', 'LogSoftmax'];

test.each(
  kernelCases.map((kernelCase, i) => [kernelCase.kernel, i] as const).filter(([kernel]) => !notOnCpu.includes(kernel)),
)('the case of %s calls it (case %d)', async (kernel, i) => {
  const called = new Set<string>();
  for (const { operands, run } of fc.sample(kernelCases[i]!.samples, { seed: 20260, numRuns: 6 })) {
    const tensors = operands.map(({ values, shape, dtype }) => tf.tensor(values, [...shape], dtype));
    const { kernelNames } = await tf.profile(() => run(tensors));
    for (const name of kernelNames) called.add(name);
  }
  expect([...called]).toContain(kernel);
});

test('a compiled kernel that is off by a millionth does not pass', async () => {
  const wrong = kernelCase(
    'Square',
    shape(1, 2),
    (dims, rng) => ({
      operands: [operand(dims, rng, positive)],
      run: ([x]) => tf.mul(tf.square(x!), tf.getBackend() === 'cpu' ? 1 : 1.000001),
    }),
    exact,
  );
  await expect(checkKernel(wrong)).rejects.toThrow(/^Square .* is .*, should be/);
});
