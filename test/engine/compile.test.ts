import { createRng } from '../../src/core/rng.ts';
import { compile } from '../../src/engine/compile.ts';
import type { Executable, Program, Tensors, Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, type Tensor4D, tf } from '../../src/engine/tf.ts';

const rng = createRng(0, 'compile.test');
const normals = (count: number): Float32Array => Float32Array.from({ length: count }, () => rng.normal());

/** Two convolutions and a classifier, and its gradients: what training a small encoder takes. */
const training: Program = {
  name: 'training',
  inputs: {
    frames: { shape: [4, 12, 12, 3] },
    labels: { shape: [4], dtype: 'int32' },
    first: { shape: [4, 4, 3, 8] },
    second: { shape: [3, 3, 8, 8] },
    weights: { shape: [288, 5] },
  },
  run({ frames, labels, first, second, weights }) {
    const { value, grads } = tf.valueAndGrads((...[f1, f2, w]: Tensor[]) => {
      const hidden = tf.relu(tf.conv2d(frames as Tensor4D, f1 as Tensor4D, 2, 'same'));
      const features = tf.relu(tf.conv2d(hidden, f2 as Tensor4D, 1, 'same'));
      const scores = tf.logSoftmax(tf.matMul(tf.reshape(features, [4, 288]), w!));
      return tf.neg(tf.mean(tf.sum(tf.mul(scores, tf.oneHot(labels!, 5)), 1)));
    })([first!, second!, weights!]);
    return { loss: value, first: grads[0]!, second: tf.sub(second!, tf.mul(grads[1]!, 0.1)), weights: grads[2]! };
  },
};
const trainingFeeds = {
  frames: normals(4 * 12 * 12 * 3),
  labels: Int32Array.of(0, 1, 2, 4),
  first: normals(4 * 4 * 3 * 8),
  second: normals(3 * 3 * 8 * 8),
  weights: normals(288 * 5),
};

const adding: Program = {
  name: 'adding',
  inputs: { left: { shape: [2, 3] }, right: { shape: [3] } },
  run: ({ left, right }) => ({ sum: tf.add(left!, right!) }),
};

const opened: Executable[] = [];
async function compiled(program: Program): Promise<Executable> {
  const executable = await compile(program);
  opened.push(executable);
  return executable;
}
afterEach(async () => {
  for (const executable of opened.splice(0)) await executable.dispose();
});

function largestDifference(a: Values, b: Values): number {
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

describe('a compiled program', () => {
  test('computes what the eager one does, gradients of convolutions included', async () => {
    const executable = await compiled(training);
    const results = await executable.run(trainingFeeds);
    const expected = await runEager(training, trainingFeeds);
    expect(Object.keys(results)).toEqual(['loss', 'first', 'second', 'weights']);
    for (const name of Object.keys(expected)) {
      expect(results[name]).toHaveLength(expected[name]!.length);
      expect(largestDifference(results[name]!, expected[name]!)).toBeLessThan(1e-4);
    }
  });

  test('declares its inputs and outputs, those that share a name among them', async () => {
    const { inputs, outputs } = await compiled(training);
    expect(inputs.labels).toEqual({ shape: [4], dtype: 'int32' });
    expect(outputs).toEqual({
      loss: { shape: [], dtype: 'float32' },
      first: { shape: [4, 4, 3, 8], dtype: 'float32' },
      second: { shape: [3, 3, 8, 8], dtype: 'float32' },
      weights: { shape: [288, 5], dtype: 'float32' },
    });
  });

  test('is the same bytes each time it is compiled', async () => {
    const first = await compiled(training);
    await runEager(training, trainingFeeds);
    const second = await compiled(training);
    expect(Buffer.compare(first.onnx, second.onnx)).toBe(0);
  });

  test('fills the arrays it is given and makes the others anew', async () => {
    const executable = await compiled(training);
    const into = { first: new Float32Array(384) };
    const once = await executable.run(trainingFeeds, into);
    const kept = into.first.slice();
    const again = await executable.run({ ...trainingFeeds, labels: Int32Array.of(1, 1, 1, 1) });
    expect(once.first).toBe(into.first);
    expect(largestDifference(kept, await (await runEager(training, trainingFeeds)).first!)).toBeLessThan(1e-4);
    expect(again.weights).not.toBe(once.weights);
    expect(into.first).toEqual(kept);
  });

  test('returns inputs, constants, truth values and one tensor twice like any result', async () => {
    const executable = await compiled({
      name: 'ports',
      inputs: { x: { shape: [3] }, unused: { shape: [1] } },
      run: ({ x }) => {
        const twice = tf.mul(x!, 2);
        return {
          x: x!,
          seven: tf.tensor1d([7]),
          positive: tf.greater(x!, 0),
          a: twice,
          b: twice,
          rank: tf.scalar(1, 'int32'),
        };
      },
    });
    const results = await executable.run({ x: Float32Array.of(-1, 0, 4), unused: Float32Array.of(0) });
    expect(results).toEqual({
      x: Float32Array.of(-1, 0, 4),
      seven: Float32Array.of(7),
      positive: Int32Array.of(0, 0, 1),
      a: Float32Array.of(-2, 0, 8),
      b: Float32Array.of(-2, 0, 8),
      rank: Int32Array.of(1),
    });
  });

  test('uses tensors made outside, on whichever backend they are', async () => {
    await runEager(adding, { left: new Float32Array(6), right: new Float32Array(3) });
    const outside = tf.tensor1d([1, 2, 3]);
    const program: Program = { ...adding, run: ({ left }) => ({ sum: tf.add(left!, outside) }) };
    const feeds = { left: Float32Array.of(0, 0, 0, 1, 1, 1), right: new Float32Array(3) };
    const expected = { sum: Float32Array.of(1, 2, 3, 2, 3, 4) };
    expect(await (await compiled(program)).run(feeds)).toEqual(expected);
    expect(await runEager(program, feeds)).toEqual(expected);
    expect(await (await compiled(program)).run(feeds)).toEqual(expected);
    expect(Array.from(outside.dataSync())).toEqual([1, 2, 3]);
    outside.dispose();
  });

  test('can be compiled beside others, on any device', async () => {
    const feeds = { left: normals(6), right: normals(3) };
    const executables = await Promise.all(
      (['wasm', 'native', 'cpu', 'native', 'wasm'] as const).map((device) => compile(adding, { device })),
    );
    opened.push(...executables);
    const results = await Promise.all([...executables.map((each) => each.run(feeds)), runEager(adding, feeds)]);
    for (const result of results) expect(result).toEqual(results[0]);
  });

  test('runs on eager devices behind the same interface', async () => {
    const feeds = { left: normals(6), right: normals(3) };
    const native = await (await compiled(adding)).run(feeds);
    for (const device of ['cpu', 'wasm'] as const) {
      const executable = await compile(adding, { device });
      opened.push(executable);
      const into = { sum: new Float32Array(6) };
      expect((await executable.run(feeds, into)).sum).toBe(into.sum);
      expect(into).toEqual(native);
    }
  });
});

describe('compiling leaves TensorFlow.js as it was', () => {
  test('when it works and when it fails', async () => {
    await runEager(adding, { left: new Float32Array(6), right: new Float32Array(3) });
    await tf.setBackend('cpu');
    const tensors = tf.memory().numTensors;
    await compiled(training);
    await expect(
      compile({
        ...adding,
        run: () =>
          tf.tidy(() => {
            throw new RangeError('mine');
          }),
      }),
    ).rejects.toThrow('mine');
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe('errors', () => {
  const refused = async (run: (inputs: Tensors) => Tensors): Promise<string> => {
    const error = await compile({ ...adding, run }).then(
      () => new Error('it compiled'),
      (thrown: Error) => thrown,
    );
    expect(error.name).toBe('UsageError');
    return error.message;
  };

  test('a value read while tracing: why, and where', async () => {
    const message = await refused(({ left }) => ({ sum: tf.mul(left!, left!.dataSync()[0]!) }));
    expect(message).toMatch(
      /^program 'adding' reads the values of a traced tensor at .*compile\.test\.ts:\d+:\d+\. While/,
    );
  });

  test('a value awaited while tracing', async () => {
    let reading: Promise<unknown> = Promise.resolve();
    const executable = await compiled({
      ...adding,
      run: ({ left }) => {
        reading = left!.data().catch((error: Error) => error.message);
        return { sum: left! };
      },
    });
    expect(executable.name).toBe('adding');
    expect(await reading).toMatch(/reads the values of a traced tensor/);
  });

  test('a kernel without lowering: which, and where', async () => {
    const message = await refused(({ left }) => ({ sum: tf.cumprod(left!, 1) }));
    expect(message).toMatch(
      /^program 'adding' uses TensorFlow.js kernel 'Cumprod', which has no ONNX lowering at .*compile\.test\.ts:\d+:\d+\./,
    );
  });

  test('a kernel without lowering, deep in a gradient', async () => {
    const message = await refused(({ left }) => ({
      sum: tf.grad((x) => tf.sum(tf.matMul(tf.cumprod(x, 1), x, true)))(left!),
    }));
    expect(message).toMatch(/kernel 'Cumprod', .* at .*compile\.test\.ts/);
  });

  test('strange tensors, names and results', async () => {
    expect(await refused(() => ({ sum: tf.tensor(['a'] as string[]) }))).toMatch(/makes a string tensor/);
    expect(await refused(({ left }) => ({ 'no good': left! }))).toMatch(/'no good' cannot name an input or output/);
    expect(await refused(() => ({}))).toMatch(/returns no outputs/);
    expect(await refused(() => ({ sum: 3 as unknown as Tensor }))).toMatch(/output 'sum' is no tensor/);
  });

  test('a traced tensor kept and used in another program', async () => {
    const kept: Tensor[] = [];
    await compiled({
      ...adding,
      run: ({ left }) => {
        kept.push(tf.keep(tf.neg(left!)));
        return { sum: left! };
      },
    });
    const message = await refused(({ left }) => ({ sum: tf.add(left!, kept[0]!) }));
    expect(message).toMatch(
      /^a tensor traced in program 'adding' is used after its tracing ended at .*compile\.test\.ts/,
    );
    kept[0]!.dispose();
  });

  test('a cast that ONNX lacks: which, and where', async () => {
    const message = await refused(({ left }) => ({ sum: tf.cast(left!, 'complex64') }));
    expect(message).toMatch(/^program 'adding', kernel 'Cast' at .*compile\.test\.ts:\d+:\d+: no cast to complex64/);
  });

  test('an index out of range, found while running', async () => {
    const executable = await compiled({
      name: 'picking',
      inputs: { at: { shape: [1], dtype: 'int32' } },
      run: ({ at }) => ({ picked: tf.gather(tf.tensor1d([1, 2, 3]), at!) }),
    });
    expect((await executable.run({ at: Int32Array.of(2) })).picked).toEqual(Float32Array.of(3));
    await expect(executable.run({ at: Int32Array.of(3) })).rejects.toThrow(
      /^program 'picking' failed while running: .*indices/,
    );
  });

  test('feeds that do not fit', async () => {
    const executable = await compiled(adding);
    const left = new Float32Array(6);
    const right = new Float32Array(3);
    const run = (feeds: Record<string, Values>, into?: Record<string, Values>) => executable.run(feeds, into);
    await expect(run({ left })).rejects.toThrow(
      "program 'adding': input 'right' was not fed; it takes a Float32Array of 3 numbers, shape [3]",
    );
    await expect(run({ left: new Float32Array(5), right })).rejects.toThrow(
      "input 'left' takes a Float32Array of 6 numbers, shape [2, 3], got Float32Array of 5",
    );
    await expect(run({ left: new Int32Array(6), right })).rejects.toThrow('got Int32Array of 6');
    await expect(run({ left, right, rihgt: right })).rejects.toThrow(
      "unknown input of program 'adding' 'rihgt'. Did you mean 'right'?",
    );
    await expect(run({ left, right }, { sum: new Float32Array(2) })).rejects.toThrow(
      "the array for output 'sum' takes",
    );
    await expect(run({ left, right }, { some: new Float32Array(6) })).rejects.toThrow(
      "unknown output of program 'adding'",
    );
    await expect(runEager(adding, { left })).rejects.toThrow("input 'right' was not fed");
  });

  test('a program run after it was disposed', async () => {
    const executable = await compile(adding);
    await executable.dispose();
    await executable.dispose();
    await expect(executable.run({ left: new Float32Array(6), right: new Float32Array(3) })).rejects.toThrow(
      "program 'adding' was disposed",
    );
  });

  test('numbers of threads that cannot be', async () => {
    await expect(compile(adding, { threads: 0 })).rejects.toThrow('threads must be a whole number from 1, got 0');
  });
});
