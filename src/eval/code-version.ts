import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dependencyVersion } from '../core/package-root.ts';

/** What is not ours and decides results as much as our own code does. */
const dependencies = ['@tensorflow/tfjs-core', 'matter-js', 'onnxruntime-node', 'sharp'];

let known: string | undefined;

/**
 * SHA-256 over the program that is running and the packages it computes with: the same code gives the same, committed
 * or not, installed or built. The sources and what is compiled from them count as different programs.
 */
export function codeVersion(): string {
  known ??= hashProgram(dirname(dirname(fileURLToPath(import.meta.url))));
  return known;
}

function hashProgram(root: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(js|ts)$/.test(path) && !path.endsWith('.d.ts'))
    .sort();
  for (const path of files) {
    hash.update(`${relative(root, join(root, path)).split(sep).join('/')}\n`);
    hash.update(readFileSync(join(root, path)));
  }
  for (const name of dependencies) hash.update(`${name} ${dependencyVersion(name)}\n`);
  return hash.digest('hex');
}
