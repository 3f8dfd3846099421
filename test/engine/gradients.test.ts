import { lowerings } from '../../src/engine/lowering/index.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { checkGradient } from '../support/check-gradient.ts';
import { compositionCases } from '../support/gradient-cases/compositions.ts';
import { kernelGradientCases } from '../support/gradient-cases/kernels.ts';

test.each(kernelGradientCases.map((kernelCase, i) => [kernelCase.kernel, i] as const))(
  'the gradient of %s is its slope (case %d)',
  async (_, i) => {
    await checkGradient(kernelGradientCases[i]!);
  },
);

test.each(compositionCases.map((composition, i) => [composition.kernel, i] as const))(
  'the gradient of a %s is its slope',
  async (_, i) => {
    await checkGradient(compositionCases[i]!);
  },
);

test('every kernel that has a gradient is among the cases', () => {
  const differentiable = Object.keys(lowerings).filter((kernel) => tf.getGradient(kernel) !== undefined);
  expect(differentiable.length).toBeGreaterThan(40);
  const tested = new Set(kernelGradientCases.map(({ kernel }) => kernel));
  expect(differentiable.filter((kernel) => !tested.has(kernel))).toEqual([]);
  expect([...tested].filter((kernel) => !differentiable.includes(kernel))).toEqual([]);
});

test('a gradient that is wrong by a hundredth does not pass', async () => {
  const right = tf.getGradient('Tanh');
  tf.unregisterGradient('Tanh');
  tf.registerGradient({
    kernelName: 'Tanh',
    outputsToSave: [true],
    gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy as Tensor, tf.mul(1.01, tf.sub(1, tf.square(y!)))) }),
  });
  try {
    const tanh = kernelGradientCases.find(({ kernel }) => kernel === 'Tanh')!;
    await expect(checkGradient(tanh)).rejects.toThrow(/^Tanh .*the function changes by/);
  } finally {
    tf.unregisterGradient('Tanh');
    tf.registerGradient(right);
  }
});
