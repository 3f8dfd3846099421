import { describeError, RunError } from '../core/errors.ts';
import { inTurn } from '../core/in-turn.ts';
import { loadEagerBackend } from './eager-backends.ts';
import { encodeModel } from './onnx/encode.ts';
import { createGraphBuilder } from './onnx/graph-builder.ts';
import { type DeviceName, deviceNames } from './program.ts';

export interface DeviceReport {
  readonly name: DeviceName;
  /** What it is, in a few words. */
  readonly description: string;
  readonly available: boolean;
  /** Why it cannot be used; null where it can. */
  readonly why: string | null;
  /** What to do about it; null where nothing needs doing. */
  readonly fix: string | null;
}

const descriptions: Readonly<Record<DeviceName, string>> = {
  native: 'ONNX Runtime on the CPU',
  webgpu: 'ONNX Runtime on the GPU, through WebGPU',
  cuda: 'ONNX Runtime on an NVIDIA GPU',
  tensorflow: 'TensorFlow.js on the TensorFlow library, operation by operation',
  wasm: 'TensorFlow.js on WebAssembly, operation by operation',
  cpu: 'TensorFlow.js in plain JavaScript, operation by operation',
};

const fixes: Readonly<Record<DeviceName, string>> = {
  native:
    'ONNX Runtime ships for Linux and Windows (x64, arm64) and macOS (arm64); reinstall with `npm install onnxruntime-node`.',
  webgpu:
    "WebGPU needs a GPU with a Vulkan driver on Linux (libvulkan1 and the maker's driver, check with `vulkaninfo`), " +
    'Direct3D 12 on Windows, Metal on macOS.',
  cuda:
    'On Linux x64 with an NVIDIA driver, CUDA 12 and cuDNN 9, run ' +
    '`node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12` (it downloads from nuget.org).',
  tensorflow:
    'With Node 22 or older, run `npm install --save-optional --ignore-scripts=false @tensorflow/tfjs-node-gpu@4.22.0` (NVIDIA GPU) or ' +
    '`npm install --save-optional --ignore-scripts=false @tensorflow/tfjs-node@4.22.0` (CPU); their install scripts download TensorFlow.',
  wasm: 'Reinstall with `npm install @tensorflow/tfjs-backend-wasm`.',
  cpu: 'Reinstall with `npm install @tensorflow/tfjs-backend-cpu`.',
};

/** Tries every device that programs can run on. Loads their libraries, so it takes about a second. */
export async function probeDevices(): Promise<DeviceReport[]> {
  return inTurn(deviceNames, probeDevice);
}

/** Throws a RunError that says why the device cannot be used and what to do, unless it can. */
export async function requireDevice(name: DeviceName): Promise<void> {
  const { available, why, fix } = await probeDevice(name);
  if (!available) throw new RunError(`device '${name}' is not available: ${why}. ${fix}`);
}

async function probeDevice(name: DeviceName): Promise<DeviceReport> {
  const description = descriptions[name];
  try {
    await start(name);
    return { name, description, available: true, why: null, fix: null };
  } catch (error) {
    return { name, description, available: false, why: reason(error), fix: fixes[name] };
  }
}

async function start(name: DeviceName): Promise<void> {
  if (name === 'tensorflow' || name === 'wasm' || name === 'cpu') return loadEagerBackend(name);
  const { createSession } = await import('./onnx-session.ts');
  const session = await createSession({ ...doubling(), device: name, threads: 1 });
  const { y } = await session.run({ x: Float32Array.of(21) });
  await session.dispose();
  if (y?.[0] !== 42) throw new Error(`it computes 2 x 21 = ${y?.[0]}`);
}

/** The smallest model that shows whether a device computes. */
function doubling() {
  const name = 'probe';
  const spec = { shape: [1], dtype: 'float32' } as const;
  const builder = createGraphBuilder(name);
  const x = builder.input('x', { type: 'float32', shape: [1] });
  const onnx = encodeModel(builder.finish([{ name: 'y', value: builder.binary('Add', x, x) }]));
  return { name, onnx, inputs: { x: spec }, outputs: { y: spec }, outputNames: { y: 'y' } };
}

/** The first line that says something, without the source positions of native libraries. */
function reason(error: unknown): string {
  const causes =
    error instanceof AggregateError ? `${error.message} (${error.errors.map(firstLine).join('; ')})` : firstLine(error);
  return causes.replace(/\.$/, '');
}

function firstLine(error: unknown): string {
  const line =
    describeError(error)
      .split('\n')
      .find((text) => text.trim() !== '') ?? 'unknown';
  return line.replace(/^\/onnxruntime_src.* was false\. /, '').trim();
}
