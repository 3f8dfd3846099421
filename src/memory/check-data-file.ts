import { closeSync, existsSync, fstatSync, mkdirSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, UsageError } from '../core/errors.ts';

/** LMDB's own name for it. */
const dataFile = 'data.mdb';

/** Where LMDB's two meta pages hold what, in bytes from the page's start; little endian on all platforms it runs on. */
const layout = { magic: 24, version: 28, pageSize: 48, lastPage: 144, transaction: 152, end: 160 };
const magic = 0xbeefc0de;

/**
 * Looks at a memory's folder before LMDB does, which ends the process where it is given a file that is damaged or not
 * its own: a foreign file crashes it, and reading pages that are cut off is a bus error.
 *
 * @throws UsageError where there is no memory and none is to be made, or one would be mixed with other files
 * @throws RunError where the memory is damaged
 */
export function checkDataFile(directory: string, { make }: { readonly make: boolean }): void {
  const path = join(directory, dataFile);
  if (!existsSync(path)) {
    if (!make) throw new UsageError(`no memory in '${directory}'. 'run' and 'bench' make one with --memory.`);
    if (existsSync(directory) && readdirSync(directory).some((name) => !name.endsWith('.mdb'))) {
      throw new UsageError(`'${directory}' holds other files and is no memory; name an empty or a new folder`);
    }
    mkdirSync(directory, { recursive: true });
    return;
  }
  const problem = findProblem(path);
  if (problem !== null) {
    throw new RunError(
      `the memory in '${directory}' is damaged: ${problem}. Bring ${dataFile} back from a copy, or remove the folder.`,
    );
  }
}

function findProblem(path: string): string | null {
  const file = openSync(path, 'r');
  try {
    const metaAt = (start: number): Buffer | null => {
      const page = Buffer.alloc(layout.end);
      const read = readSync(file, page, 0, layout.end, start);
      return read === layout.end && page.readUInt32LE(layout.magic) === magic ? page : null;
    };
    // Killed before its first page was written: as good as new.
    if (fstatSync(file).size === 0) return null;
    const first = metaAt(0);
    if (first === null) return `${dataFile} does not begin as one of LMDB's`;
    const pageSize = first.readUInt32LE(layout.pageSize);
    const second = metaAt(pageSize);
    if (second === null) return `the second page of ${dataFile} is missing or foreign`;
    const [latest] = [first, second].sort((a, b) =>
      Number(b.readBigUInt64LE(layout.transaction) - a.readBigUInt64LE(layout.transaction)),
    );
    const needed = (Number(latest!.readBigUInt64LE(layout.lastPage)) + 1) * pageSize;
    // Asked for after the pages were read: a writer at work makes the file longer, then says so.
    const { size } = fstatSync(file);
    return size < needed ? `${dataFile} has ${size} of ${needed} bytes` : null;
  } finally {
    closeSync(file);
  }
}
