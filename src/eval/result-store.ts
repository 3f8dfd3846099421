import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../core/atomic-file.ts';

/**
 * Results by what decides them: each in a file of its own that appears whole or not at all, so that whoever is killed
 * loses what it was doing and nothing else, and several may write into one folder. Equal keys are equal results, so it
 * does not matter who writes last.
 */
export interface ResultStore {
  /** Null where there is none. */
  get(key: string): Promise<Uint8Array | null>;
  put(key: string, result: Uint8Array): Promise<void>;
  /** For messages. */
  pathOf(key: string): string;
}

/** A store in a folder, which is made when the first result is put there. */
export function createResultStore(folder: string): ResultStore {
  // Not all in one folder: there may be very many.
  const pathOf = (key: string): string => join(folder, key.slice(0, 2), key);
  return {
    pathOf,
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    put: (key, result) => writeFileAtomic(pathOf(key), result),
  };
}
