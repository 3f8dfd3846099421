import { UsageError } from '../core/errors.ts';
import { readDataFile } from './read-data-file.ts';
import type { ConfigFile } from './resolve-options.ts';

/** Reads a `--config` file: a flat object with option names as on the command line, in JSON or YAML. */
export async function readConfig(path: string): Promise<ConfigFile> {
  const data = await readDataFile(path, 'config file');
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new UsageError(`the config file '${path}' must hold an object of options, as {"episodes": 50}`);
  }
  const values = Object.entries(data).map(([name, value]) => [name, toText(value, name, path)] as const);
  return { path, values: Object.fromEntries(values) };
}

function toText(value: unknown, name: string, path: string): string {
  if (Array.isArray(value)) return value.map((item) => toText(item, name, path)).join(',');
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new UsageError(`'${name}' in ${path} must be text, a number, a switch or a list of these`);
}
