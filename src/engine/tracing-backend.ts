import { UsageError } from '../core/errors.ts';
import { lowerings } from './lowering/index.ts';
import type { KernelInputs, Lowering } from './lowering/lowering.ts';
import type { ConstantData, OnnxType, Value } from './onnx/graph.ts';
import type { GraphBuilder, onnxTypeCode } from './onnx/graph-builder.ts';
import { type Tensor, tf } from './tf.ts';

export const tracingBackendName = 'amitable-trace';

/** What a traced tensor stands for: a value of the graph, or numbers that no kernel has used yet. */
interface Entry {
  readonly constant: ConstantData | null;
  readonly shape: readonly number[];
  readonly type: OnnxType;
  value: Value | null;
  references: number;
}

/**
 * A TensorFlow.js backend whose tensors are values of one ONNX graph and whose kernels append its nodes. It
 * lives for one trace. Constants can be read back; results of nodes have no numbers to read.
 */
export class TracingBackend extends tf.KernelBackend {
  readonly #program: string;
  readonly #graph: GraphBuilder;
  readonly #entries = new tf.DataStorage<Entry>(this, tf.engine());
  #finished = false;

  constructor(program: string, graph: GraphBuilder) {
    super();
    this.#program = program;
    this.#graph = graph;
  }

  /** A tensor for a value of the graph. */
  toTensor(value: Value): Tensor {
    const info = this.#info(value);
    return tf.engine().makeTensorFromTensorInfo(info);
  }

  /** The value that a tensor stands for; a constant enters the graph at its first use. */
  toValue({ dataId }: tf.TensorInfo): Value {
    const entry = this.#entries.get(dataId);
    entry.value ??= this.#graph.constant(entry.type, entry.shape, entry.constant!);
    return entry.value;
  }

  /** Runs one kernel: appends what its lowering says. */
  run(kernel: string, inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap): tf.TensorInfo | tf.TensorInfo[] {
    const lower = lowerings[kernel];
    if (lower === undefined) {
      const known =
        'The kernels that have one are listed in src/engine/lowering; CONTRIBUTING.md says how to add another.';
      throw new UsageError(
        `program '${this.#program}' uses TensorFlow.js kernel '${kernel}', which has no ONNX lowering${whereCalled()}. ${known}`,
      );
    }
    const values: Record<string, Value> = {};
    for (const [name, tensor] of Object.entries(inputs)) if (tensor) values[name] = this.toValue(tensor);
    const results = this.#lower(lower, kernel, values, attributes);
    return 'id' in results ? this.#info(results) : results.map((result) => this.#info(result));
  }

  /** Lowerings refuse what ONNX lacks with a RangeError; here it learns where it happened. */
  #lower(lower: Lowering, kernel: string, values: KernelInputs, attributes: object): ReturnType<Lowering> {
    try {
      return lower(this.#graph, values, attributes);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new UsageError(`program '${this.#program}', kernel '${kernel}'${whereCalled()}: ${error.message}`);
    }
  }

  override write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: tf.DataId,
    values: tf.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    references: number,
  ): void {
    if (dtype === 'string' || dtype === 'complex64') {
      throw new UsageError(
        `program '${this.#program}' makes a ${dtype} tensor${whereCalled()}: ONNX programs have none`,
      );
    }
    // A copy: the caller may go on to reuse its array.
    const constant = constantArray(values, dtype);
    this.#entries.set(dataId, { constant, shape: [...shape], type: dtype, value: null, references });
  }

  override readSync(dataId: tf.DataId): tf.BackendValues {
    const { constant } = this.#entries.get(dataId);
    if (constant !== null && !(constant instanceof BigInt64Array)) return constant;
    if (this.#finished) {
      throw new UsageError(
        `a tensor traced in program '${this.#program}' is used after its tracing ended${whereCalled()}: it held no ` +
          'numbers, only a place in that graph. Pass values between programs as inputs and outputs.',
      );
    }
    throw new UsageError(
      `program '${this.#program}' reads the values of a traced tensor${whereCalled()}. While a program is being ` +
        'compiled its tensors stand for future results and hold no numbers: return the tensor as an output and ' +
        'read that, or express the decision with tensor operations (tf.where, tf.gather, ...).',
    );
  }

  override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.#entries.has(dataId)) return true;
    const entry = this.#entries.get(dataId);
    entry.references--;
    if (!force && entry.references > 0) return false;
    this.#entries.delete(dataId);
    return true;
  }

  override refCount(dataId: tf.DataId): number {
    return this.#entries.has(dataId) ? this.#entries.get(dataId).references : 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.#entries.get(dataId).references++;
  }

  override numDataIds(): number {
    return this.#entries.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  /** The trace is over; constants can still be read, so that tensors made outside the program stay good. */
  override dispose(): void {
    this.#finished = true;
  }

  #info(value: Value): tf.TensorInfo {
    if (value.type === 'int64') throw new RangeError('a lowering returned int64, a type that TensorFlow.js lacks');
    const dataId = {};
    this.#entries.set(dataId, { constant: null, shape: value.shape, type: value.type, value, references: 1 });
    return { dataId, shape: [...value.shape], dtype: value.type };
  }
}

function constantArray(values: tf.BackendValues, dtype: keyof typeof onnxTypeCode): ConstantData {
  const numbers = values as ArrayLike<number>;
  if (dtype === 'float32') return new Float32Array(numbers);
  return dtype === 'bool' ? new Uint8Array(numbers) : new Int32Array(numbers);
}

/** TensorFlow.js's own names for kernels, so that one without a lowering is refused by us, in our words. */
function kernelNames(): string[] {
  const constants: [string, unknown][] = Object.entries(tf);
  return constants.flatMap(([name, value]) => (typeof value === 'string' && name === value ? [value] : []));
}

/** Registers the backend's kernels, once for the process: TensorFlow.js keeps them when the backend goes. */
export function registerTracingKernels(): void {
  for (const kernelName of new Set([...kernelNames(), ...Object.keys(lowerings)])) {
    if (tf.getKernel(kernelName, tracingBackendName) !== undefined) continue;
    tf.registerKernel({
      kernelName,
      backendName: tracingBackendName,
      kernelFunc: ({ inputs, attrs, backend }) =>
        (backend as TracingBackend).run(kernelName, inputs as tf.NamedTensorInfoMap, (attrs ?? {}) as tf.NamedAttrMap),
    });
  }
}

/** ' at file:line:column' of the innermost stack frame that is neither the engine's nor TensorFlow.js's. */
function whereCalled(): string {
  const engine = import.meta.url.replace(/[^/]*$/, '').replace(/^file:\/\//, '');
  const own = [engine, '/tfjs-core/', '@tensorflow', '/tslib/', 'node:internal'];
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.find((line) => !own.some((part) => line.includes(part)));
  const place = frame === undefined ? null : /\(?((?:file:\/\/)?[^()\s]+:\d+:\d+)\)?$/.exec(frame.trim());
  return place === null ? '' : ` at ${place[1]}`;
}
