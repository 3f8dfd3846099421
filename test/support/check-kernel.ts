import fc from 'fast-check';
import { compile } from '../../src/engine/compile.ts';
import type { Program, TensorSpec, Tensors, Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { exact, type KernelCase, type Sample, type Tolerance } from './kernel-cases/kernel-case.ts';

/** Samples compiled together: one session is dearer than many nodes. */
const samplesPerProgram = 12;
const programsPerCase = 2;

/**
 * Compiled on ONNX Runtime's CPU against eager on TensorFlow.js's `cpu` backend: same shapes, same types, values
 * within the case's tolerance, over 24 draws. Seeded, so a failure comes back.
 */
export async function checkKernel({ samples, tolerance = exact }: KernelCase): Promise<void> {
  const batches = fc.array(samples, { minLength: samplesPerProgram, maxLength: samplesPerProgram });
  for (const batch of fc.sample(batches, { seed: 20260, numRuns: programsPerCase })) {
    const difference = await firstDifference(batch, tolerance);
    if (difference === null) continue;
    // Alone, the culprit's message is not lost among the others.
    for (const sample of batch) {
      const alone = await firstDifference([sample], tolerance);
      if (alone !== null) throw new Error(`${sample.label}: ${alone}`);
    }
    throw new Error(`only when compiled together: ${difference}`);
  }
}

async function firstDifference(batch: readonly Sample[], tolerance: Tolerance): Promise<string | null> {
  try {
    const { program, feeds, produced } = joinSamples(batch);
    const eager = await runEager(program, feeds, { backend: 'cpu' });
    const expectedSpecs = { ...produced };
    const executable = await compile(program);
    try {
      const compiled = await executable.run(feeds);
      for (const name of Object.keys(expectedSpecs)) {
        const wanted = JSON.stringify(expectedSpecs[name]);
        const got = JSON.stringify(executable.outputs[name]);
        if (got !== wanted) return `${name} is ${got}, should be ${wanted}`;
        const difference = compare(compiled[name]!, eager[name]!, tolerance);
        if (difference !== null) return `${name}${difference}`;
      }
      return null;
    } finally {
      await executable.dispose();
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

interface Joined {
  readonly program: Program;
  readonly feeds: Record<string, Values>;
  /** What the last call of `run` returned, as results are declared. */
  readonly produced: Record<string, Required<TensorSpec>>;
}

/** One program of many independent samples. */
function joinSamples(batch: readonly Sample[]): Joined {
  const inputs: Record<string, TensorSpec> = {};
  const feeds: Record<string, Values> = {};
  const produced: Record<string, Required<TensorSpec>> = {};
  batch.forEach((sample, i) => {
    sample.operands.forEach(({ shape, dtype, values }, j) => {
      inputs[`in${i}_${j}`] = { shape, dtype };
      feeds[`in${i}_${j}`] = values;
    });
  });
  const run = (tensors: Tensors): Tensors => {
    const results: Record<string, Tensor> = {};
    batch.forEach((sample, i) => {
      const made = sample.run(sample.operands.map((_, j) => tensors[`in${i}_${j}`]!));
      (Array.isArray(made) ? made : [made]).forEach((tensor, k) => {
        const name = `out${i}_${k}`;
        // Truth values leave a program as integers.
        const result = tensor.dtype === 'bool' ? tf.cast(tensor, 'int32') : tensor;
        results[name] = result;
        produced[name] = { shape: [...result.shape], dtype: result.dtype as 'float32' | 'int32' };
      });
    });
    return results;
  };
  return { program: { name: 'kernels', inputs, run }, feeds, produced };
}

/** The first element that is too far off, or null. */
export function compare(actual: Values, expected: Values, { relative, absolute }: Tolerance): string | null {
  if (actual.length !== expected.length) return ` has ${actual.length} elements, should have ${expected.length}`;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (a === e || (Number.isNaN(a) && Number.isNaN(e))) continue;
    if (!(Math.abs(a - e) <= absolute + relative * Math.abs(e))) return `[${i}] is ${a}, should be ${e}`;
  }
  return null;
}
