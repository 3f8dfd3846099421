import { describeError, RunError } from '../core/errors.ts';
import { layoutOf, type ParameterLayout } from '../engine/parameters.ts';
import { decodeSafetensors } from '../engine/safetensors.ts';
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
  /** Says how far it is from latent to latent. Absent where none was trained. */
  readonly critic?: StoredCritic;
}

/** A critic trained on a model's latents. */
export interface StoredCritic {
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
}

export const configFile = 'config.json';
export const weightsFile = 'model.safetensors';

/** A model's two files, from wherever they came. */
export interface ModelFiles {
  readonly config: Uint8Array;
  readonly weights: Uint8Array;
  /** Where they lay, for messages. */
  readonly directory: string;
  readonly hash: string;
}

/** Checks a model's files and reads them. Truncated or foreign ones are errors that say which and why. */
export function decodeModel({ config: configBytes, weights, directory, hash }: ModelFiles): StoredModel {
  const source = `${directory}/${configFile}`;
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder().decode(configBytes));
  } catch (error) {
    throw new RunError(`${source} is not JSON: ${describeError(error)}`);
  }
  const config = parseModelConfig(data, source);
  const layout = layoutOf(worldModelSpecs(config));
  const parameters = readParameters(weights, layout, `${directory}/${weightsFile}`);
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
