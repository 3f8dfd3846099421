import type { InferenceSession, Tensor, TensorConstructor } from 'onnxruntime-node';
import { describeError, RunError } from '../core/errors.ts';
import { checkFeeds, checkInto, type Specs } from './feeds.ts';
import type { Executable, Values } from './program.ts';

/** A program as an ONNX model. */
export interface OnnxProgram {
  readonly name: string;
  readonly onnx: Uint8Array;
  readonly inputs: Specs;
  readonly outputs: Specs;
  /** The graph's name for each output. */
  readonly outputNames: Readonly<Record<string, string>>;
}

/** A loaded model, in whichever ONNX Runtime: the one of Node or the one of browsers. */
export interface LoadedModel {
  readonly session: InferenceSession;
  readonly Tensor: TensorConstructor;
  /** Whether results can be written straight into arrays that are given to `run`; they are copied otherwise. */
  readonly fillsArrays: boolean;
}

/** The contract of executables, kept by an ONNX Runtime session. */
export function createOnnxExecutable(program: OnnxProgram, { session, Tensor, fillsArrays }: LoadedModel): Executable {
  const { name, onnx, inputs, outputs, outputNames } = program;
  let disposed = false;

  const tensor = (array: Values, shape: readonly number[]): Tensor =>
    array instanceof Float32Array ? new Tensor('float32', array, shape) : new Tensor('int32', array, shape);

  const tensors = (arrays: Readonly<Record<string, Values>>): Record<string, Tensor> => {
    const wrapped: Record<string, Tensor> = {};
    for (const input in inputs) wrapped[input] = tensor(arrays[input]!, inputs[input]!.shape);
    return wrapped;
  };

  /** ONNX Runtime writes straight into the tensors given here, and makes those that are null. */
  const fetches = (into: Readonly<Record<string, Values>>): Record<string, Tensor | null> => {
    const wanted: Record<string, Tensor | null> = {};
    for (const output in outputs) {
      const array = fillsArrays ? into[output] : undefined;
      wanted[outputNames[output]!] = array === undefined ? null : tensor(array, outputs[output]!.shape);
    }
    return wanted;
  };

  return {
    name,
    inputs,
    outputs,
    onnx,
    async run(feeds, into = {}) {
      if (disposed) throw new RunError(`program '${name}' was disposed`);
      checkFeeds(name, inputs, feeds);
      checkInto(name, outputs, into);
      const results = await session.run(tensors(feeds), fetches(into)).catch((error: unknown) => {
        throw new RunError(`program '${name}' failed while running: ${describeError(error)}`);
      });
      const values: Record<string, Values> = {};
      for (const output in outputs) {
        const computed = results[outputNames[output]!]!.data as Values;
        const given = into[output];
        if (given !== undefined && !fillsArrays) given.set(computed);
        values[output] = given ?? computed;
      }
      return values;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      await session.release();
    },
  };
}
