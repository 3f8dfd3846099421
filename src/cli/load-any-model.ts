import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredModel } from '../world-model/decode-model.ts';
import type { StoredPainter } from '../world-model/painter/painter-store.ts';
import type { StoredSpectator } from '../world-model/spectator/spectator-store.ts';

export type AnyModel =
  | { readonly kind: 'world-model'; readonly model: StoredModel }
  | { readonly kind: 'spectator'; readonly model: StoredSpectator }
  | { readonly kind: 'painter'; readonly model: StoredPainter };

/** Reads and checks a model's folder, of whichever make its config.json says it is. */
export async function loadAnyModel(directory: string): Promise<AnyModel> {
  const format = await formatOf(directory);
  if (format.startsWith('amitable.spectator/')) {
    const { loadSpectator } = await import('../world-model/spectator/spectator-store.ts');
    return { kind: 'spectator', model: await loadSpectator(directory) };
  }
  if (format.startsWith('amitable.painter/')) {
    const { loadPainter } = await import('../world-model/painter/painter-store.ts');
    return { kind: 'painter', model: await loadPainter(directory) };
  }
  const { loadModel } = await import('../world-model/model-store.ts');
  return { kind: 'world-model', model: await loadModel(directory) };
}

/** What can't be read is left to the world model's loader, which says what is wrong. */
async function formatOf(directory: string): Promise<string> {
  try {
    const { format } = JSON.parse(await readFile(join(directory, 'config.json'), 'utf8')) as { format?: unknown };
    return typeof format === 'string' ? format : '';
  } catch {
    return '';
  }
}
