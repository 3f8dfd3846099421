import { parse } from 'yaml';
import { describeError, UsageError } from '../../src/core/errors.ts';

/** The data in a task file's text, by its extension. @throws UsageError naming the file and what is wrong */
export function readTaskText(text: string, source: string): unknown {
  const format = /\.ya?ml$/i.test(source) ? 'YAML' : /\.json$/i.test(source) ? 'JSON' : null;
  if (format === null) throw new UsageError(`the page reads task files in .yaml, .yml and .json, not '${source}'`);
  try {
    return format === 'JSON' ? JSON.parse(text) : parse(text, { prettyErrors: true });
  } catch (error) {
    throw new UsageError(`the task file '${source}' is not ${format}: ${describeError(error).split('\n')[0]}`);
  }
}
