import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { describeError, RunError } from '../core/errors.ts';
import { layoutOf, type ParameterLayout } from '../engine/parameters.ts';
import { decodeSafetensors, encodeSafetensors } from '../engine/safetensors.ts';
import { type ModelConfig, parseModelConfig } from './config.ts';
import { worldModelSpecs } from './world-model.ts';

/** A trained model as it lies in a folder: `config.json` and `model.safetensors`. */
export interface StoredModel {
  readonly config: ModelConfig;
  readonly layout: ParameterLayout;
  /** All parameters, in the layout's order. */
  readonly parameters: Float32Array;
  /** SHA-256 over both files, hexadecimal: names the model in every record. */
  readonly hash: string;
  readonly directory: string;
}

const configFile = 'config.json';
const weightsFile = 'model.safetensors';

/** Writes both files, each whole or not at all; weights first, so a config never stands beside foreign weights. */
export async function saveModel(directory: string, config: ModelConfig, parameters: Float32Array): Promise<void> {
  const layout = layoutOf(worldModelSpecs(config));
  const tensors = Object.fromEntries(
    layout.entries.map(({ name, shape, offset, size }) => [
      name,
      { shape, values: parameters.subarray(offset, offset + size) },
    ]),
  );
  await writeFileAtomic(join(directory, weightsFile), encodeSafetensors(tensors, { format: config.format }));
  await writeFileAtomic(join(directory, configFile), `${JSON.stringify(config, null, 2)}\n`);
}

/** Reads and checks a model folder. Missing, truncated or foreign files are errors that say which and why. */
export async function loadModel(directory: string): Promise<StoredModel> {
  const [configBytes, weightBytes] = await Promise.all([read(directory, configFile), read(directory, weightsFile)]);
  const source = join(directory, configFile);
  let data: unknown;
  try {
    data = JSON.parse(configBytes.toString('utf8'));
  } catch (error) {
    throw new RunError(`${source} is not JSON: ${describeError(error)}`);
  }
  const config = parseModelConfig(data, source);
  const layout = layoutOf(worldModelSpecs(config));
  const parameters = readParameters(weightBytes, layout, join(directory, weightsFile));
  const hash = createHash('sha256').update(configBytes).update(weightBytes).digest('hex');
  return { config, layout, parameters, hash, directory };
}

function readParameters(bytes: Uint8Array, layout: ParameterLayout, source: string): Float32Array {
  const { tensors } = decodeSafetensors(bytes, source);
  const parameters = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.entries) {
    const tensor = tensors[name];
    if (tensor === undefined)
      throw new RunError(`${source} lacks the parameter '${name}' that its config.json describes`);
    if (tensor.shape.join() !== shape.join()) {
      throw new RunError(`${source}: '${name}' has shape [${tensor.shape}], its config.json wants [${shape}]`);
    }
    parameters.set(tensor.values, offset);
  }
  const known = new Set(layout.entries.map((entry) => entry.name));
  const foreign = Object.keys(tensors).find((name) => !known.has(name));
  if (foreign !== undefined)
    throw new RunError(`${source} holds '${foreign}', which its config.json does not describe`);
  const broken = parameters.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0)
    throw new RunError(`${source} holds a value that is not finite; the file is damaged or the training diverged`);
  return parameters;
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
