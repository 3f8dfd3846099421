import type { Env, InferenceSession, TensorConstructor } from 'onnxruntime-web';
import { createOnnxExecutable, type OnnxProgram } from '../onnx-executable.ts';
import type { Executable } from '../program.ts';

/** What of ONNX Runtime is used here; its builds with and without WebGPU are alike. */
interface Runtime {
  readonly env: Env;
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<InferenceSession> };
  readonly Tensor: TensorConstructor;
}

/** `native` is ONNX Runtime's CPU code as WebAssembly. The build with WebGPU is twice as large: loaded when asked for. */
const runtimes = {
  native: { provider: 'wasm', load: (): Promise<Runtime> => import('onnxruntime-web/wasm') },
  webgpu: { provider: 'webgpu', load: (): Promise<Runtime> => import('onnxruntime-web/webgpu') },
} as const;

export type WebDeviceName = keyof typeof runtimes;
export const webDeviceNames = Object.keys(runtimes) as readonly WebDeviceName[];

export interface WebSessionOptions extends OnnxProgram {
  readonly device: WebDeviceName;
  /** Those of the first program count: ONNX Runtime starts its threads once. More than one need an isolated page. */
  readonly threads: number;
}

/**
 * Loads an ONNX model into onnxruntime-web. The only importer of that package. Its `.wasm` files are looked for in
 * the folder `onnxruntime` beside the bundled script.
 */
export async function createSession(options: WebSessionOptions): Promise<Executable> {
  const { onnx, device, threads } = options;
  const { provider, load } = runtimes[device];
  const { env, InferenceSession, Tensor } = await load();
  env.logLevel = 'fatal';
  env.wasm.wasmPaths ??= new URL('./onnxruntime/', import.meta.url).href;
  env.wasm.numThreads ??= threads;
  const session = await InferenceSession.create(onnx, {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    logSeverityLevel: 4,
  });
  return createOnnxExecutable(options, { session, Tensor, fillsArrays: false });
}
