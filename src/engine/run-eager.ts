import { RunError, UsageError } from '../core/errors.ts';
import { requireDevice } from './devices.ts';
import { type EagerBackendName, whenSettled } from './eager-backends.ts';
import { checkFeeds, checkInto, type Specs } from './feeds.ts';
import { encodeModel } from './onnx/encode.ts';
import type { Executable, Program, Values } from './program.ts';
import { type Tensor, tf } from './tf.ts';
import { callProgram, completeSpecs, trace } from './trace.ts';

export interface EagerOptions {
  /** @defaultValue 'cpu' */
  readonly backend?: EagerBackendName;
}

/**
 * Runs the program's function once, operation by operation, on one of TensorFlow.js's own backends: the
 * reference that compiled programs are tested against. Feeds are as for `Executable.run`. The current backend
 * is as before afterwards, and no tensor is left behind.
 */
export async function runEager(
  program: Program,
  feeds: Readonly<Record<string, Values>>,
  { backend = 'cpu' }: EagerOptions = {},
): Promise<Record<string, Values>> {
  await requireDevice(backend);
  const inputs = completeSpecs(program);
  checkFeeds(program.name, inputs, feeds);
  return whenSettled(() => evaluate(program, inputs, feeds, backend));
}

/** The program behind the interface of compiled ones, run eagerly at each call. */
export async function createEagerExecutable(program: Program, backend: EagerBackendName): Promise<Executable> {
  await requireDevice(backend);
  const { graph, inputs, outputs } = await whenSettled(() => trace(program));
  let disposed = false;
  return {
    name: program.name,
    inputs,
    outputs,
    onnx: encodeModel(graph),
    async run(feeds, into = {}) {
      if (disposed) throw new RunError(`program '${program.name}' was disposed`);
      checkFeeds(program.name, inputs, feeds);
      checkInto(program.name, outputs, into);
      const results = await whenSettled(() => evaluate(program, inputs, feeds, backend));
      for (const name in into) {
        into[name]!.set(results[name]!);
        results[name] = into[name]!;
      }
      return results;
    },
    async dispose() {
      disposed = true;
    },
  };
}

/** In one go, without awaiting: TensorFlow.js's current backend belongs to the whole process. */
function evaluate(
  program: Program,
  inputs: Specs,
  feeds: Readonly<Record<string, Values>>,
  backend: EagerBackendName,
): Record<string, Values> {
  const previous: string | null = tf.engine().backendName;
  if (previous !== backend) void tf.setBackend(backend);
  const results: Record<string, Values> = {};
  try {
    tf.tidy(() => {
      const tensors: Record<string, Tensor> = {};
      for (const [name, { shape, dtype }] of Object.entries(inputs)) {
        // A copy: the `cpu` backend would compute on the caller's own array.
        tensors[name] = tf.tensor(feeds[name]!.slice(), [...shape], dtype);
      }
      for (const [name, tensor] of Object.entries(callProgram(program, tensors))) {
        if (!(tensor instanceof tf.Tensor))
          throw new UsageError(`program '${program.name}': output '${name}' is no tensor`);
        const values = tensor.dataSync();
        results[name] = tensor.dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values);
      }
    });
  } finally {
    if (previous && previous !== backend) void tf.setBackend(previous);
  }
  return results;
}
