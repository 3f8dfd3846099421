import { describeError, RunError, UsageError, unknownName } from '../../core/errors.ts';
import type { compile as compileInNode } from '../compile.ts';
import { encodeModel } from '../onnx/encode.ts';
import { splitInStages } from '../onnx/passes/split-in-stages.ts';
import { trace } from '../trace.ts';
import { createSession, type WebDeviceName, webDeviceNames } from './onnx-session.ts';

/**
 * What stands for `../compile.ts` in a browser (`browser` in package.json tells bundlers): the same programs, traced
 * by the same code, run by ONNX Runtime's WebAssembly (`native`) or WebGPU build.
 *
 * Throws a UsageError where the program cannot be traced, a RunError where the device is missing.
 */
export const compile: typeof compileInNode = async (program, { device = 'native', threads = 1 } = {}) => {
  if (!isWebDevice(device)) throw unknownName('device of a browser', device, webDeviceNames);
  if (!Number.isInteger(threads) || threads < 1)
    throw new UsageError(`threads must be a whole number from 1, got ${threads}`);
  const { graph, inputs, outputs, outputNames } = trace(program);
  const onnx = encodeModel(device === 'webgpu' ? splitInStages(graph) : graph);
  try {
    return await createSession({ name: program.name, onnx, inputs, outputs, outputNames, device, threads });
  } catch (error) {
    throw new RunError(`ONNX Runtime refuses program '${program.name}' on '${device}': ${describeError(error)}`);
  }
};

function isWebDevice(device: string): device is WebDeviceName {
  return (webDeviceNames as readonly string[]).includes(device);
}
