import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { DeviceName } from '../../engine/program.ts';
import type { TrainResult } from '../../training/train.ts';
import type { TrainItem } from '../queue/work-item.ts';

/** A trained model's files, and how training went. */
interface PackedModel {
  readonly result: TrainResult;
  readonly files: readonly (readonly [name: string, bytes: Uint8Array])[];
}

/** Trains the item's model in a folder of its own. @returns it packed, for `unpackModel` */
export async function trainModel({ recipe, seed, device, threads }: TrainItem): Promise<Uint8Array> {
  const { train } = await import('../../training/train.ts');
  const out = await mkdtemp(join(tmpdir(), 'amitable-sweep-'));
  try {
    const result = await train({ recipe, seed, out, resume: false, device: device as DeviceName, threads });
    const entries = await readdir(out, { recursive: true, withFileTypes: true });
    const names = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(out, join(entry.parentPath, entry.name)));
    const files = await Promise.all(names.sort().map(async (name) => [name, await readFile(join(out, name))] as const));
    const packed: PackedModel = { result, files };
    return gzipSync(serialize(packed));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Writes a packed model into a folder, the file that names it a model last. */
export async function unpackModel(packed: Uint8Array, folder: string): Promise<TrainResult> {
  const { result, files } = deserialize(gunzipSync(packed)) as PackedModel;
  const inOrder = [...files].sort(([a], [b]) => Number(a === 'config.json') - Number(b === 'config.json'));
  for (const [name, bytes] of inOrder) await writeFileAtomic(join(folder, name), bytes);
  return result;
}
