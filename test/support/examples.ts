import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from './source-imports.ts';

/** The tasks that docs/scripting-tasks.md teaches with. */
export const taskExamples = [
  'tidy-corner.ts',
  'sort-by-colour.yaml',
  'clear-around-vase.yaml',
  'follow-way-points.yaml',
  'past-the-hand.yaml',
  'warm-the-pot.yaml',
] as const;

export type TaskExample = (typeof taskExamples)[number];

/** Runs a compiled example in a process of its own, in `folder`; what it prints. */
export async function runExample(name: string, folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(repositoryRoot, `dist/examples/${name}.js`)], {
    cwd: folder,
  });
  return stdout;
}
