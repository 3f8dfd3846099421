import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';
import { describeError, RunError } from '../core/errors.ts';
import { layoutOf, type ParameterLayout, type ParameterSpecs } from '../engine/parameters.ts';
import { decodeSealed, encodeSealed } from '../engine/sealed-safetensors.ts';
import { configFile, weightsFile } from './decode-model.ts';

/** A trained watcher of films as it lies in a folder: `config.json` and `model.safetensors`. */
export interface StoredWatcher<Config> {
  readonly config: Config;
  readonly layout: ParameterLayout;
  /** All parameters, in the layout's order. */
  readonly parameters: Float32Array;
  /** SHA-256 over both files, hexadecimal. */
  readonly hash: string;
}

/** A make of watchers. */
export interface WatcherMake<Config> {
  /** What errors call it. */
  readonly name: string;
  /** The training configuration that makes one. */
  readonly trainedBy: string;
  parse(data: unknown, source: string): Config;
  specs(config: Config): ParameterSpecs;
}

/** Writes both files, each whole or not at all, and sealed together. */
export async function saveWatcher<Config extends { readonly format: string }>(
  { specs }: WatcherMake<Config>,
  directory: string,
  config: Config,
  parameters: Float32Array,
): Promise<void> {
  const tensors = Object.fromEntries(
    layoutOf(specs(config)).entries.map(({ name, shape, offset, size }) => [
      name,
      { shape, values: parameters.subarray(offset, offset + size) },
    ]),
  );
  const text = `${JSON.stringify(config, null, 2)}\n`;
  await writeFileAtomic(join(directory, weightsFile), encodeSealed(tensors, { format: config.format }, text));
  await writeFileAtomic(join(directory, configFile), text);
}

/** Reads and checks a watcher's folder. Missing, changed or foreign files are errors that say which and why. */
export async function loadWatcher<Config>(
  { name: kind, trainedBy, parse, specs }: WatcherMake<Config>,
  directory: string,
): Promise<StoredWatcher<Config>> {
  const read = (file: string): Promise<Buffer> =>
    readFile(join(directory, file)).catch(() => {
      throw new RunError(
        `no ${kind} in '${directory}': ${file} cannot be read. Train one with 'amitable train --config ${trainedBy} --out ${directory}' or name another with --model.`,
      );
    });
  const text = await read(configFile);
  const weights = await read(weightsFile);
  const source = join(directory, configFile);
  let data: unknown;
  try {
    data = JSON.parse(text.toString('utf8'));
  } catch (error) {
    throw new RunError(`${source} is not JSON: ${describeError(error)}`);
  }
  const config = parse(data, source);
  const layout = layoutOf(specs(config));
  const file = join(directory, weightsFile);
  const { tensors } = decodeSealed(weights, { source: file, metadata: ['format'], beside: text.toString('utf8') });
  const parameters = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.entries) {
    const tensor = tensors[name];
    if (tensor?.shape.join() !== shape.join())
      throw new RunError(`${file}: '${name}' has shape [${tensor?.shape ?? ''}], its config.json wants [${shape}]`);
    parameters.set(tensor.values, offset);
  }
  const hash = createHash('sha256').update(text).update(weights).digest('hex');
  return { config, layout, parameters, hash };
}
