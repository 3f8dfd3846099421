import { UsageError } from '../core/errors.ts';
import type { Graph, Value } from './onnx/graph.ts';
import { createGraphBuilder } from './onnx/graph-builder.ts';
import { simplify } from './onnx/simplify.ts';
import type { Program, TensorSpec, Tensors } from './program.ts';
import { type Tensor, tf } from './tf.ts';
import { registerTracingKernels, TracingBackend, tracingBackendName } from './tracing-backend.ts';

export interface TracedProgram {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Required<TensorSpec>>>;
  readonly outputs: Readonly<Record<string, Required<TensorSpec>>>;
  /** The graph's name for each output: its own, or with `:out` where an input has that name. */
  readonly outputNames: Readonly<Record<string, string>>;
}

/**
 * Runs the program once on tensors that stand for values of a graph, and returns that graph, simplified.
 * The same program gives the same graph every time. TensorFlow.js's backend is as before afterwards, and
 * no tensor is left behind.
 */
export function trace(program: Program): TracedProgram {
  const builder = createGraphBuilder(program.name);
  const inputs = completeSpecs(program);
  const outputs: Record<string, Required<TensorSpec>> = {};
  const outputNames: Record<string, string> = {};
  const taken = new Set<Value>();
  const graph = withTracingBackend(new TracingBackend(program.name, builder), (backend) =>
    inScope(() => {
      const tensors: Record<string, Tensor> = {};
      for (const [name, { shape, dtype }] of Object.entries(inputs)) {
        const value = builder.input(name, { type: dtype, shape });
        taken.add(value);
        tensors[name] = backend.toTensor(value);
      }
      const ports = Object.entries(callProgram(program, tensors)).map(([name, tensor]) => {
        checkName(program, name);
        if (!(tensor instanceof tf.Tensor))
          throw new UsageError(`program '${program.name}': output '${name}' is no tensor`);
        const value = outputValue(backend.toValue(tensor));
        outputs[name] = { shape: value.shape, dtype: value.type === 'float32' ? 'float32' : 'int32' };
        outputNames[name] = Object.hasOwn(inputs, name) ? `${name}:out` : name;
        return { name: outputNames[name], value };
      });
      if (ports.length === 0) throw new UsageError(`program '${program.name}' returns no outputs`);
      return builder.finish(ports);
    }),
  );
  return { graph: simplify(graph), inputs, outputs, outputNames };

  function outputValue(value: Value): Value {
    if (value.type === 'bool') return builder.cast(value, 'int32');
    // A value has one name: what is an input, a constant or an output already needs a second value.
    const own = taken.has(value) || value.data !== null ? builder.unary('Identity', value) : value;
    taken.add(own);
    return own;
  }
}

/** `tf.tidy` for results that hold no tensors. */
function inScope<T extends object>(run: () => T): T {
  const result: T[] = [];
  tf.tidy(() => {
    result.push(run());
  });
  return result[0]!;
}

/** The tensors that the program returns; a promise of them is refused. */
export function callProgram(program: Program, inputs: Tensors): Tensors {
  const results: Tensors | Promise<unknown> = program.run(inputs);
  if (!(results instanceof Promise)) return results;
  // What it goes on to do fails for the same reason, with nobody left to hear of it.
  results.catch(() => {});
  throw new UsageError(
    `program '${program.name}' is asynchronous: 'run' must return its tensors, not a promise. Prepare what has to be ` +
      'awaited before, and feed it as an input.',
  );
}

/** The program's inputs with their types filled in, their names and sizes checked. */
export function completeSpecs(program: Program): Record<string, Required<TensorSpec>> {
  const specs: Record<string, Required<TensorSpec>> = {};
  for (const [name, { shape, dtype = 'float32' }] of Object.entries(program.inputs)) {
    checkName(program, name);
    if (!shape.every((dimension) => Number.isInteger(dimension) && dimension >= 0)) {
      throw new UsageError(
        `program '${program.name}': input '${name}' has shape [${shape.join(', ')}]; sizes must be whole`,
      );
    }
    specs[name] = { shape: [...shape], dtype };
  }
  return specs;
}

function checkName(program: Program, name: string): void {
  if (/^[A-Za-z][\w./-]*$/.test(name)) return;
  throw new UsageError(
    `program '${program.name}': '${name}' cannot name an input or output; use a letter, then letters, digits, _ . / -`,
  );
}

/** Makes `backend` TensorFlow.js's current one for the length of `run`. */
function withTracingBackend<T>(backend: TracingBackend, run: (backend: TracingBackend) => T): T {
  const previous: string | null = tf.engine().backendName;
  if (previous === tracingBackendName)
    throw new UsageError('a program cannot be compiled while another one is being traced');
  const { stackTraceLimit } = Error;
  // Calls pass through a dozen frames of TensorFlow.js before they reach a kernel.
  Error.stackTraceLimit = 100;
  registerTracingKernels();
  tf.registerBackend(tracingBackendName, () => backend, 0);
  // Backends that need no waiting are current as soon as setBackend returns.
  void tf.setBackend(tracingBackendName);
  try {
    return run(backend);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    if (previous) void tf.setBackend(previous);
    // Where no backend was current, none is again, and TensorFlow.js chooses one when it needs it.
    tf.removeBackend(tracingBackendName);
  }
}
