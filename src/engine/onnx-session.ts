import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { describeError, RunError } from '../core/errors.ts';
import { checkFeeds, checkInto, type Specs } from './feeds.ts';
import type { Executable, Values } from './program.ts';

// What goes wrong is thrown as an error; ONNX Runtime would print it as well.
env.logLevel = 'fatal';

/** ONNX Runtime's names for the devices it runs on. */
export const executionProviders = { native: 'cpu', webgpu: 'webgpu', cuda: 'cuda' } as const;

export interface SessionOptions {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly inputs: Specs;
  readonly outputs: Specs;
  /** The graph's name for each output. */
  readonly outputNames: Readonly<Record<string, string>>;
  readonly device: keyof typeof executionProviders;
  readonly threads: number;
}

/** Loads an ONNX model into onnxruntime-node. The only importer of that package. */
export async function createSession(options: SessionOptions): Promise<Executable> {
  const { name, onnx, inputs, outputs, outputNames, device, threads } = options;
  const session = await InferenceSession.create(onnx, {
    executionProviders: [executionProviders[device]],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // Waiting threads sleep: spinning ones would take the processor from whoever has work, this process included.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 4,
  });
  let disposed = false;

  return {
    name,
    inputs,
    outputs,
    onnx,
    async run(feeds, into = {}) {
      if (disposed) throw new RunError(`program '${name}' was disposed`);
      checkFeeds(name, inputs, feeds);
      checkInto(name, outputs, into);
      const results = await session.run(tensors(feeds, inputs), fetches(into)).catch((error: unknown) => {
        throw new RunError(`program '${name}' failed while running: ${describeError(error)}`);
      });
      const values: Record<string, Values> = {};
      for (const output in outputs) values[output] = into[output] ?? (results[outputNames[output]!]!.data as Values);
      return values;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await session.release();
    },
  };

  /** ONNX Runtime writes straight into the tensors given here, and makes those that are null. */
  function fetches(into: Readonly<Record<string, Values>>): Record<string, Tensor | null> {
    const wanted: Record<string, Tensor | null> = {};
    for (const output in outputs) {
      const array = into[output];
      wanted[outputNames[output]!] = array === undefined ? null : tensor(array, outputs[output]!.shape);
    }
    return wanted;
  }
}

function tensors(arrays: Readonly<Record<string, Values>>, specs: Specs): Record<string, Tensor> {
  const wrapped: Record<string, Tensor> = {};
  for (const name in specs) wrapped[name] = tensor(arrays[name]!, specs[name]!.shape);
  return wrapped;
}

function tensor(array: Values, shape: readonly number[]): Tensor {
  return array instanceof Float32Array ? new Tensor('float32', array, shape) : new Tensor('int32', array, shape);
}
