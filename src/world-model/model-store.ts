import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { RunError } from '../core/errors.ts';
import { layoutOf } from '../engine/parameters.ts';
import { decodeSealed, encodeSealed } from '../engine/sealed-safetensors.ts';
import type { ModelConfig } from './config.ts';
import { loadCritic } from './critic/critic-store.ts';
import { configFile, decodeModel, type StoredModel, weightsFile } from './decode-model.ts';
import { worldModelSpecs } from './world-model.ts';

export type { StoredModel } from './decode-model.ts';

/**
 * Writes both files, each whole or not at all, and sealed together: weights beside a config that was not written with
 * them are refused. The planner alone may be edited by hand; it is how the model is used, not what it knows.
 */
export async function saveModel(directory: string, config: ModelConfig, parameters: Float32Array): Promise<void> {
  const layout = layoutOf(worldModelSpecs(config));
  const tensors = Object.fromEntries(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      { shape, values: parameters.subarray(offset, offset + size) },
    ]),
  );
  const text = JSON.stringify(config, null, 2);
  const weights = encodeSealed(tensors, { format: config.format }, sealedPart(text));
  await writeFileAtomic(join(directory, weightsFile), weights);
  await writeFileAtomic(join(directory, configFile), `${text}\n`);
}

/** Reads and checks a model folder. Missing, truncated, changed or foreign files are errors that say which and why. */
export async function loadModel(directory: string): Promise<StoredModel> {
  const configBytes = await read(directory, configFile);
  const weightBytes = await read(directory, weightsFile);
  const hash = createHash('sha256').update(configBytes).update(weightBytes).digest('hex');
  const model = decodeModel({ config: configBytes, weights: weightBytes, directory, hash });
  const source = join(directory, weightsFile);
  decodeSealed(weightBytes, { source, metadata: ['format'], beside: sealedPart(configBytes.toString('utf8')) });
  const critic = await loadCritic(directory, model.config, weightBytes);
  return critic === null ? model : { ...model, critic };
}

/** What of a config.json is sealed with the weights. */
function sealedPart(text: string): string {
  const { planner: _, ...sealed } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return JSON.stringify(sealed);
}

async function read(directory: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(directory, file));
  } catch {
    throw new RunError(
      `no model in '${directory}': ${file} cannot be read. Train one with 'amitable train --config NAME --out ${directory}' or name another with --model.`,
    );
  }
}
