import { createHash } from 'node:crypto';
import type { Database } from 'lmdb';
import { describeError, RunError, UsageError } from '../core/errors.ts';
import { checkDataFile } from './check-data-file.ts';
import type { EpisodeRecord, EpisodeSummary } from './episode-record.ts';
import { decodeHeader, decodeRecord, encodeRecord } from './record-codec.ts';

/** What a memory holds, in two words for reports: equal for equal episodes, in whatever order and wherever it lies. */
export interface StoreState {
  readonly episodes: number;
  /** SHA-256 over the episodes' digests, hexadecimal. */
  readonly hash: string;
}

/**
 * Episodes on disk. Any number of processes may read while others write: a reader sees whole episodes only, writers
 * queue. Methods that write return when what they wrote is on the disk.
 */
export interface EpisodeStore {
  readonly directory: string;
  /** Keeps an episode, in one transaction, and returns its number; one that is there already keeps the number it has. */
  append(record: EpisodeRecord): number;
  /** Puts an episode in the place of another, or drops that where the new one is there already. */
  replace(number: number, record: EpisodeRecord): void;
  /** All episodes, in the order of their numbers. */
  list(): EpisodeSummary[];
  /** @throws UsageError where there is none of that number, RunError where it is damaged */
  read(number: number): EpisodeRecord;
  /** Removes episodes, in one transaction, and returns how many there were. */
  forget(numbers: readonly number[]): number;
  /** Reads everything and says what is wrong: one line a problem. */
  verify(): string[];
  state(): StoreState;
  close(): Promise<void>;
}

export interface EpisodeStoreOptions {
  /** `read` changes nothing; `change` wants a memory that is there; `make` makes one where there is none. @defaultValue 'make' */
  readonly access?: 'read' | 'change' | 'make';
}

const storeFormat = 'amitable.memory/1';

/**
 * Opens the memory in a folder.
 *
 * @throws UsageError where the folder is no memory; RunError where it is damaged or of another version
 */
export async function openEpisodeStore(
  directory: string,
  { access = 'make' }: EpisodeStoreOptions = {},
): Promise<EpisodeStore> {
  const readOnly = access === 'read';
  checkDataFile(directory, { make: access === 'make' });
  const { open } = await import('lmdb');
  const root = open({
    path: directory,
    noSubdir: false,
    readOnly,
    maxDbs: 3,
    // Each commit is on the disk before it is acknowledged.
    overlappingSync: false,
  });
  // Absent in a memory that is opened for reading and was never written to.
  const meta: Database<string | number, string> | undefined = root.openDB('meta', { encoding: 'json' });
  const episodes: Database<Uint8Array, number> | undefined = root.openDB('episodes', {
    encoding: 'binary',
    keyEncoding: 'uint32',
  });
  const digests: Database<number, Uint8Array> | undefined = root.openDB('digests', {
    encoding: 'json',
    keyEncoding: 'binary',
  });
  // Marks left by readers that were killed would keep old pages from being used again.
  if (!readOnly) root.readerCheck();
  const format = meta?.get('format') ?? storeFormat;
  if (format !== storeFormat) {
    await root.close();
    throw new RunError(`the memory in '${directory}' has the format '${format}', this version reads '${storeFormat}'`);
  }

  const bytesOf = (number: number): Uint8Array => {
    const bytes = episodes?.get(number);
    if (bytes === undefined) {
      throw new UsageError(`no episode ${number} in '${directory}'; 'amitable memory ls' lists those there are`);
    }
    return bytes;
  };
  const numbers = (): number[] => (episodes === undefined ? [] : [...episodes.getKeys()]);
  const write = <T>(action: () => T): T => {
    if (readOnly) throw new RunError(`the memory in '${directory}' was opened for reading only`);
    return root.transactionSync(action);
  };

  return {
    directory,
    append(record) {
      const { bytes, digest } = encodeRecord(record);
      return write(() => {
        const known = digests!.get(digest);
        if (known !== undefined) return known;
        const number = (meta!.get('next') as number | undefined) ?? 1;
        meta!.putSync('format', storeFormat);
        meta!.putSync('next', number + 1);
        episodes!.putSync(number, bytes);
        digests!.putSync(digest, number);
        return number;
      });
    },
    replace(number, record) {
      const { bytes, digest } = encodeRecord(record);
      write(() => {
        digests!.removeSync(decodeRecord(bytesOf(number)).digest);
        if (digests!.doesExist(digest)) {
          episodes!.removeSync(number);
        } else {
          episodes!.putSync(number, bytes);
          digests!.putSync(digest, number);
        }
      });
    },
    list: () =>
      numbers().map((number): EpisodeSummary => {
        const bytes = bytesOf(number);
        const { world, encoder, seed, outcome, instruction, steps, moments } = decodeHeader(bytes);
        const { taskId: task } = instruction;
        return { number, world, task, encoder, seed, steps, moments: moments.length, outcome, bytes: bytes.length };
      }),
    read(number) {
      const { digest: _, ...record } = decodeRecord(bytesOf(number));
      return record;
    },
    forget: (unwanted) =>
      write(() => {
        const found = [...new Set(unwanted)].filter((number) => episodes!.doesExist(number));
        const gone = new Set(found);
        for (const { key, value } of [...digests!.getRange()]) if (gone.has(value)) digests!.removeSync(key);
        for (const number of found) episodes!.removeSync(number);
        return found.length;
      }),
    verify() {
      const known = new Map([...(digests?.getRange() ?? [])].map(({ key, value }) => [value, Buffer.from(key)]));
      const problems = numbers().flatMap((number) => {
        const expected = known.get(number);
        known.delete(number);
        try {
          const { digest, experience } = decodeRecord(bytesOf(number));
          if (expected === undefined) return [`episode ${number} has no digest`];
          if (!expected.equals(digest)) return [`episode ${number} is not what was written: its digest differs`];
          return experience.actions.every(Number.isFinite) ? [] : [`episode ${number} has an action that is no number`];
        } catch (error) {
          return [`episode ${number}: ${describeError(error)}`];
        }
      });
      return [...problems, ...[...known.keys()].map((number) => `episode ${number} is missing, its digest is there`)];
    },
    state() {
      const hash = createHash('sha256');
      let count = 0;
      for (const key of digests?.getKeys() ?? []) {
        hash.update(key);
        count += 1;
      }
      return { episodes: count, hash: hash.digest('hex') };
    },
    close: () => root.close(),
  };
}
