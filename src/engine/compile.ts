import { describeError, RunError, UsageError, unknownName } from '../core/errors.ts';
import { requireDevice } from './devices.ts';
import { whenSettled } from './eager-backends.ts';
import { encodeModel } from './onnx/encode.ts';
import { splitInStages } from './onnx/passes/split-in-stages.ts';
import { type CompileOptions, deviceNames, type Executable, type Program } from './program.ts';
import { createEagerExecutable } from './run-eager.ts';
import { trace } from './trace.ts';

/**
 * Makes a program executable: traced to ONNX and handed to ONNX Runtime (`native`, `webgpu`, `cuda`), or kept as
 * it is and run by TensorFlow.js (`tensorflow`, `wasm`, `cpu`). The caller disposes of the result.
 *
 * Throws a UsageError where the program cannot be traced (a kernel without lowering, a value read while
 * tracing), a RunError where the device is missing on this machine.
 */
export async function compile(program: Program, options: CompileOptions = {}): Promise<Executable> {
  const { device = 'native', threads = 1 } = options;
  if (!deviceNames.includes(device)) throw unknownName('device', device, deviceNames);
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`threads must be a whole number from 1, got ${threads}`);
  if (device === 'tensorflow' || device === 'wasm' || device === 'cpu') return createEagerExecutable(program, device);
  const { graph, inputs, outputs, outputNames } = await whenSettled(() => trace(program));
  const onnx = encodeModel(device === 'webgpu' ? splitInStages(graph) : graph);
  try {
    const { createSession } = await import('./onnx-session.ts');
    return await createSession({ name: program.name, onnx, inputs, outputs, outputNames, device, threads });
  } catch (error) {
    await requireDevice(device);
    throw new RunError(`ONNX Runtime refuses program '${program.name}' on '${device}': ${describeError(error)}`);
  }
}
