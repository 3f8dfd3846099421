import { RunError } from '../../src/core/errors.ts';
import { decodeModel, type StoredModel } from '../../src/world-model/decode-model.ts';

/** The model in a folder beside the page. @throws RunError where a file is missing or damaged */
export async function loadModel(name: string): Promise<StoredModel> {
  const directory = `models/${name}`;
  const [config, weights] = await Promise.all(
    ['config.json', 'model.safetensors'].map((file) => fetchBytes(`./${directory}/${file}`)),
  );
  return decodeModel({ config: config!, weights: weights!, directory, hash: await hashOf(config!, weights!) });
}

async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(path, import.meta.url));
  if (!response.ok) throw new RunError(`cannot load ${path}: the server answers ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** As `loadModel` of Node: SHA-256 over both files. Browsers compute it for pages of https and of loopback only. */
async function hashOf(config: Uint8Array, weights: Uint8Array): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return 'unknown';
  const both = new Uint8Array(config.length + weights.length);
  both.set(config);
  both.set(weights, config.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', both));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
