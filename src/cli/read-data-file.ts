import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { describeError, UsageError } from '../core/errors.ts';

/** The data in a `.json`, `.yaml` or `.yml` file. `what` names the file in errors: `task file`. */
export async function readDataFile(path: string, what: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the ${what} '${path}': ${systemReason(error)}`);
  }
  try {
    if (extname(path) === '.json') return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text, { prettyErrors: true });
  } catch (error) {
    const [firstLine] = describeError(error).split('\n');
    throw new UsageError(`the ${what} '${path}' is not ${extname(path) === '.json' ? 'JSON' : 'YAML'}: ${firstLine}`);
  }
}

/** Node's reason without its path and system call, which the caller names better. */
export function systemReason(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'permission denied',
    ENOTDIR: 'a part of its path is not a folder',
  };
  const code = (error as NodeJS.ErrnoException).code;
  return (code !== undefined ? reasons[code] : undefined) ?? describeError(error);
}
