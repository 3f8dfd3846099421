import { RunError, UsageError } from '../../src/core/errors.ts';
import { compile } from '../../src/engine/compile.ts';
import { requireDevice } from '../../src/engine/devices.ts';
import { loadEagerBackend } from '../../src/engine/eager-backends.ts';
import { lowerings } from '../../src/engine/lowering/index.ts';
import { type DeviceName, deviceNames, type Program, type Tensors, type Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';

const doubling: Program = { name: 'doubling', inputs: { x: { shape: [4] } }, run: ({ x }) => ({ y: tf.mul(x!, 2) }) };
const feeds = { x: Float32Array.of(1, 2, 3, 4) };

async function refusalOf(attempt: Promise<unknown>): Promise<Error> {
  return attempt.then(
    () => {
      throw new Error('it was accepted');
    },
    (error: Error) => error,
  );
}

const refusedRun = (run: (inputs: Tensors) => Tensors): Promise<Error> => refusalOf(compile({ ...doubling, run }));

beforeAll(async () => {
  await loadEagerBackend('cpu');
  await tf.setBackend('cpu');
});

describe('operations', () => {
  test.each([
    // Results whose shape depends on values; one that nobody has lowered.
    ['Unique', (x: Tensor) => tf.unique(x).values],
    ['NonMaxSuppressionV3', (x: Tensor) => tf.image.nonMaxSuppression(tf.zeros([4, 4]), x as tf.Tensor1D, 2)],
    ['Bincount', (x: Tensor) => tf.bincount(tf.cast(x, 'int32') as tf.Tensor1D, tf.tensor1d([]), 4)],
  ])('%s has no lowering: the error names it, the program, the place and the remedy', async (kernel, run) => {
    expect(Object.keys(lowerings)).not.toContain(kernel);
    const error = await refusedRun(({ x }) => ({ y: run(x!) }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain("program 'doubling'");
    expect(error.message).toContain(`'${kernel}'`);
    expect(error.message).toMatch(/errors\.test\.ts:\d+:\d+/);
    expect(error.message).toContain('CONTRIBUTING.md');
  });

  test('a kernel of one backend only is named too', async () => {
    tf.registerKernel({
      kernelName: 'TableTurn',
      backendName: 'cpu',
      kernelFunc: ({ inputs }) => ({ ...(inputs.x as tf.TensorInfo) }),
    });
    try {
      const error = await refusedRun(({ x }) => ({ y: tf.engine().runKernel('TableTurn', { x: x! }) as Tensor }));
      expect(error.message).toContain("'TableTurn'");
    } finally {
      tf.unregisterKernel('TableTurn', 'cpu');
    }
  });

  test('a convolution whose size TensorFlow.js gets wrong is refused, not miscomputed', async () => {
    // One number as pad: the width is worked out from the height's stride.
    const error = await refusedRun(({ x }) => ({
      y: tf.conv2d(tf.reshape(x!, [1, 2, 2, 1]) as tf.Tensor4D, tf.ones([1, 1, 1, 1]) as tf.Tensor4D, [1, 2], 0),
    }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(/'Conv2D' at .*errors\.test\.ts.*2 x 2 where 2 x 1 windows fit.*'same', 'valid'/);
  });

  test('an operation without a gradient is named', async () => {
    const error = await refusedRun(({ x }) => ({ y: tf.grad((v: Tensor) => tf.sum(tf.cumprod(v)))(x!) }));
    expect(error.message).toContain('Cumprod');
  });
});

describe('values', () => {
  test.each([
    ['dataSync', (x: Tensor) => x.dataSync()[0]!],
    ['arraySync', (x: Tensor) => (x.arraySync() as number[])[0]!],
    ['a comparison', (x: Tensor) => (tf.sum(x).dataSync()[0]! > 0 ? 1 : 2)],
  ])('read while tracing by %s: the error says why it cannot be and what to do', async (_, read) => {
    const error = await refusedRun(({ x }) => ({ y: tf.mul(x!, read(x!)) }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(/program 'doubling' reads the values of a traced tensor at .*errors\.test\.ts:\d+/);
    expect(error.message).toContain('tf.where');
  });

  test('of constants can be read', async () => {
    const executable = await compile({
      ...doubling,
      run: ({ x }) => ({ y: tf.mul(x!, tf.tensor1d([3, 4]).dataSync()[0]!) }),
    });
    expect(await executable.run(feeds)).toEqual({ y: Float32Array.of(3, 6, 9, 12) });
    await executable.dispose();
  });

  test('awaited by an asynchronous program', async () => {
    const run = async ({ x }: Tensors) => ({ y: tf.mul(x!, (await x!.data())[0]!) });
    const error = await refusedRun(run as unknown as Program['run']);
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(/'doubling'.*(async|promise)/i);
  });
});

describe('feeds', () => {
  const wrong: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ['missing', {}, /'x' was not fed.*\[4\]/],
    ['too short', { x: new Float32Array(3) }, /'x' takes .*4 numbers, shape \[4\], got Float32Array of 3/],
    ['too long', { x: new Float32Array(5) }, /'x' takes .*got Float32Array of 5/],
    ['integers', { x: new Int32Array(4) }, /'x' takes a Float32Array.*got Int32Array of 4/],
    ['doubles', { x: new Float64Array(4) }, /'x' takes a Float32Array.*got Float64Array of 4/],
    ['a plain list', { x: [1, 2, 3, 4] }, /'x' takes a Float32Array.*got/],
    ['misspelt', { x: feeds.x, xx: feeds.x }, /'xx'. Did you mean 'x'\?/],
  ];
  test.each(wrong)('%s: the error names program, input and shape, compiled or eager', async (_, given, message) => {
    const executable = await compile(doubling);
    for (const attempt of [
      executable.run(given as Record<string, Values>),
      runEager(doubling, given as Record<string, Values>),
    ]) {
      const error = await refusalOf(attempt);
      expect(error).toBeInstanceOf(UsageError);
      expect(error.message).toMatch(message);
      expect(error.message).toContain("'doubling'");
    }
    // It still works.
    expect(await executable.run(feeds)).toEqual({ y: Float32Array.of(2, 4, 6, 8) });
    await executable.dispose();
  });

  test.each([[[-1]], [[2.5]], [[Number.NaN]]])('a declared shape of %j is refused', async (shape) => {
    const error = await refusalOf(compile({ ...doubling, inputs: { x: { shape } } }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain("input 'x' has shape");
  });
});

describe('devices', () => {
  test.each(deviceNames)('%s runs the program, or says why it cannot and what would help', async (device) => {
    const missing = await requireDevice(device).then(
      () => null,
      (error: Error) => error,
    );
    if (missing === null) {
      const executable = await compile(doubling, { device });
      expect(await executable.run(feeds)).toEqual({ y: Float32Array.of(2, 4, 6, 8) });
      await executable.dispose();
    } else {
      const error = await refusalOf(compile(doubling, { device }));
      expect(error).toBeInstanceOf(RunError);
      expect(error.message).toContain(`device '${device}' is not available: `);
      expect(error.message).toMatch(/npm install|install|needs/);
    }
  });

  test('an unknown one is answered with the known', async () => {
    const error = await refusalOf(compile(doubling, { device: 'nativ' as DeviceName }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toContain("unknown device 'nativ'. Did you mean 'native'?");
  });
});
