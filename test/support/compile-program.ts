import { copyFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { compileSources } from './compile-sources.ts';
import { repositoryRoot } from './source-imports.ts';

/**
 * The command line as it is now, compiled into a folder of its own beside the shipped models and manifests, for tests
 * that start and kill processes. The caller removes the folder.
 */
export function compileProgram(): { readonly folder: string; readonly main: string } {
  const folder = compileSources('src');
  copyFileSync(join(repositoryRoot, 'package.json'), join(folder, 'package.json'));
  for (const name of ['models', 'bench']) symlinkSync(join(repositoryRoot, name), join(folder, name));
  return { folder, main: join(folder, 'src', 'cli', 'main.js') };
}
