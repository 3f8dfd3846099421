import { existsSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { describeError, UsageError } from '../core/errors.ts';
import { inTurn } from '../core/in-turn.ts';
import type { TaskSpec } from '../core/task.ts';
import type { CustomTerm } from '../cost/custom-term.ts';
import { registeredTasks, taskById } from '../env/registry.ts';
import { readDataFile } from './read-data-file.ts';

const dataExtensions = ['.json', '.yaml', '.yml'];
const codeExtensions = ['.ts', '.mts', '.js', '.mjs'];

/** The task of that id, or in that file: `push-to-goal`, `examples/tidy-corner.ts`. */
export async function loadTask(name: string): Promise<TaskSpec> {
  const isFile = /[./\\]/.test(name) && !registeredTasks.some(({ id }) => id === name);
  return isFile ? loadTaskFile(name) : taskById(name);
}

/** Reads and checks a task file: JSON, YAML, or a module whose default export is the task. */
export async function loadTaskFile(path: string): Promise<TaskSpec> {
  const { parseTask } = await import('../cost/task-schema.ts');
  return parseTask(await withTermsLoaded(await readTaskData(path), path), path);
}

/** The task with names in place of the files of custom terms, which are registered by them. */
async function withTermsLoaded(data: unknown, path: string): Promise<unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  const named = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return inTurn(value, named);
    if (typeof value !== 'object' || value === null || !('term' in value && value.term === 'custom')) return value;
    const use = 'use' in value ? value.use : undefined;
    if (typeof use !== 'string' || !codeExtensions.includes(extname(use))) return value;
    return { ...value, use: await loadTerm(resolve(dirname(path), use)) };
  };
  const lists = Object.entries(data).filter(([key]) => key === 'objective' || key === 'stages');
  const loaded = await inTurn(lists, async ([key, value]) => [key, await named(value)] as const);
  return { ...data, ...Object.fromEntries(loaded) };
}

/** Registers the term that is the default export of a file, once, and returns its name. */
async function loadTerm(file: string): Promise<string> {
  const known = loadedTerms.get(file);
  if (known !== undefined) return known;
  const loading = (async () => {
    const { registerTerm } = await import('../cost/custom-term.ts');
    const term = (await importDefault(file, 'custom term')) as CustomTerm;
    try {
      registerTerm(term);
    } catch (error) {
      throw new UsageError(`${file}: ${describeError(error)}`);
    }
    return term.name;
  })();
  loadedTerms.set(file, loading);
  return loading;
}

/** Name of the term by its file: a file is read once, whatever number of tasks uses it. */
const loadedTerms = new Map<string, Promise<string>>();

async function readTaskData(path: string): Promise<unknown> {
  const extension = extname(path).toLowerCase();
  if (dataExtensions.includes(extension)) return readDataFile(path, 'task file');
  if (codeExtensions.includes(extension)) return importDefault(path, 'task');
  const allowed = [...dataExtensions, ...codeExtensions].join(', ');
  throw new UsageError(`the task file '${path}' must end in one of ${allowed}`);
}

/** @param what `task` or `custom term`, for messages */
async function importDefault(path: string, what: string): Promise<unknown> {
  if (!existsSync(path)) throw new UsageError(`cannot read the ${what} file '${path}': there is no such file`);
  const { createJiti } = await import('jiti');
  let module: { readonly default?: unknown };
  try {
    module = await createJiti(import.meta.url, { fsCache: false, interopDefault: false }).import(resolve(path));
  } catch (error) {
    throw new UsageError(`the ${what} file '${path}' cannot be loaded: ${describeError(error).split('\n')[0]}`);
  }
  if (module.default === undefined)
    throw new UsageError(`the ${what} file '${path}' must export the ${what} as its default`);
  return module.default;
}
