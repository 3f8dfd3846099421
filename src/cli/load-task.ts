import { existsSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { describeError, UsageError } from '../core/errors.ts';
import type { TaskSpec } from '../core/task.ts';
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
  return parseTask(await readTaskData(path), path);
}

async function readTaskData(path: string): Promise<unknown> {
  const extension = extname(path).toLowerCase();
  if (dataExtensions.includes(extension)) return readDataFile(path, 'task file');
  if (codeExtensions.includes(extension)) return importDefault(path);
  const allowed = [...dataExtensions, ...codeExtensions].join(', ');
  throw new UsageError(`the task file '${path}' must end in one of ${allowed}`);
}

async function importDefault(path: string): Promise<unknown> {
  if (!existsSync(path)) throw new UsageError(`cannot read the task file '${path}': there is no such file`);
  const { createJiti } = await import('jiti');
  let module: { readonly default?: unknown };
  try {
    module = await createJiti(import.meta.url, { fsCache: false, interopDefault: false }).import(resolve(path));
  } catch (error) {
    throw new UsageError(`the task file '${path}' cannot be loaded: ${describeError(error).split('\n')[0]}`);
  }
  if (module.default === undefined) throw new UsageError(`the task file '${path}' must export the task as its default`);
  return module.default;
}
