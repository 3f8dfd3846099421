import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import { createOnnxExecutable, type OnnxProgram } from './onnx-executable.ts';
import type { Executable } from './program.ts';

// What goes wrong is thrown as an error; ONNX Runtime would print it as well.
env.logLevel = 'fatal';

/** ONNX Runtime's names for the devices it runs on. */
export const executionProviders = { native: 'cpu', webgpu: 'webgpu', cuda: 'cuda' } as const;

export interface SessionOptions extends OnnxProgram {
  readonly device: keyof typeof executionProviders;
  readonly threads: number;
}

/** Loads an ONNX model into onnxruntime-node. The only importer of that package. */
export async function createSession(options: SessionOptions): Promise<Executable> {
  const { onnx, device, threads } = options;
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
  return createOnnxExecutable(options, { session, Tensor, fillsArrays: true });
}
