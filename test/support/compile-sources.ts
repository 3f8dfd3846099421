import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { repositoryRoot } from './source-imports.ts';

/** Outside of the call, because swc's types do not know of the last option yet. */
const jsc = { parser: { syntax: 'typescript' }, target: 'es2022', rewriteRelativeImportExtensions: true } as const;

/**
 * Compiles folders of the repository as they are now into a new folder that plain Node can run, for tests that
 * need a process of their own: unlike the build, it is never out of date.
 * @returns The new folder; the caller removes it.
 */
export function compileSources(...folders: readonly string[]): string {
  const target = mkdtempSync(join(tmpdir(), 'amitable-'));
  for (const folder of folders) {
    for (const file of readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue;
      const { code } = transformFileSync(join(repositoryRoot, folder, file), {
        jsc,
        module: { type: 'es6' },
      });
      const output = join(target, folder, file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(output), { recursive: true });
      writeFileSync(output, code);
    }
  }
  writeFileSync(join(target, 'package.json'), '{ "type": "module" }');
  symlinkSync(join(repositoryRoot, 'node_modules'), join(target, 'node_modules'));
  return target;
}
