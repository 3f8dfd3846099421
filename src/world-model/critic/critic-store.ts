import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { RunError } from '../../core/errors.ts';
import { layoutOf } from '../../engine/parameters.ts';
import { decodeSealed, encodeSealed } from '../../engine/sealed-safetensors.ts';
import { latentSize, type ModelConfig } from '../config.ts';
import { type StoredCritic, weightsFile } from '../decode-model.ts';
import { criticSpecs } from './critic.ts';

/** Beside a model's own files, where it has a critic. */
export const criticFile = 'critic.safetensors';
const format = 'amitable.critic/1';

/** Puts a critic beside the model that it was trained on. It serves no other: it holds the SHA-256 of that one's weights. */
export async function saveCritic(directory: string, config: ModelConfig, parameters: Float32Array): Promise<void> {
  const tensors = Object.fromEntries(
    layoutOf(criticSpecs(latentSize(config))).entries.map(({ name, shape, offset, size }) => [
      name,
      { shape, values: parameters.subarray(offset, offset + size) },
    ]),
  );
  const weights = digestOf(await readFile(join(directory, weightsFile)));
  await writeFileAtomic(join(directory, criticFile), encodeSealed(tensors, { format, weights }));
}

/**
 * The critic beside a model; null where there is none.
 *
 * @param weights bytes of the model's own weights
 * @throws RunError for a damaged file, or another model's
 */
export async function loadCritic(
  directory: string,
  config: ModelConfig,
  weights: Uint8Array,
): Promise<StoredCritic | null> {
  const source = join(directory, criticFile);
  let bytes: Buffer;
  try {
    bytes = await readFile(source);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new RunError(`${source} cannot be read`);
  }
  const { tensors, metadata } = decodeSealed(bytes, { source, metadata: ['format', 'weights'] });
  if (metadata.format !== format) throw new RunError(`${source} is no critic of this version`);
  if (metadata.weights !== digestOf(weights)) {
    throw new RunError(`${source} was trained on another model's latents: train it again, or remove it`);
  }
  const layout = layoutOf(criticSpecs(latentSize(config)));
  const parameters = new Float32Array(layout.size);
  for (const { name, shape, offset } of layout.entries) {
    const tensor = tensors[name];
    if (tensor?.shape.join() !== shape.join())
      throw new RunError(
        `${source}: '${name}' has shape [${tensor?.shape ?? ''}], the model's latents want [${shape}]`,
      );
    parameters.set(tensor.values, offset);
  }
  return { layout, parameters };
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
