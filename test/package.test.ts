import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { promisify } from 'node:util';
import { readSources, repositoryRoot } from './support/source-imports.ts';

const text = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
const manifest = JSON.parse(text('package.json'));

/** Paths and sizes of all that `npm pack` would put into the package. */
let packed: Map<string, number>;

beforeAll(async () => {
  const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: repositoryRoot, maxBuffer: 1e8 });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string; size: number }[] }];
  packed = new Map(files.map(({ path, size }) => [path, size]));
});

test('the package holds what it needs to run, and nothing else', () => {
  const needed = [
    'package.json',
    'README.md',
    'LICENSE',
    manifest.bin.amitable,
    ...['tabletop-small', 'two-rooms', 'push-t'].flatMap((name) => [
      `models/${name}/config.json`,
      `models/${name}/model.safetensors`,
    ]),
  ];
  expect(needed.filter((path) => !packed.has(path))).toEqual([]);
  const allowed = [
    /^(package\.json|README\.md|LICENSE)$/,
    /^models\/[\w-]+\/(config\.json|(model|critic)\.safetensors|README\.md)$/,
    /^dist\/src\/[\w/-]+\.(js|d\.ts)$/,
    /^dist\/page\//,
    /^bench\/(manifests\/[\w-]+|results)\.json$/,
  ];
  expect([...packed.keys()].filter((path) => !allowed.some((pattern) => pattern.test(path)))).toEqual([]);
});

test('what one installs of it is small, the browser page aside', () => {
  const own = [...packed].filter(([path]) => !path.startsWith('dist/page/'));
  expect(own.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(12e6);
});

test('every entry of the exports map is there, with its types, and so is the command', () => {
  const entries = Object.values(manifest.exports as Record<string, string | Record<string, string>>);
  const targets = entries.flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)));
  expect(targets.length).toBeGreaterThan(2);
  for (const target of targets) expect(packed.has(target.replace('./', ''))).toBe(true);
  const [first] = Object.keys(manifest.exports['.']);
  // Of conditions the first that fits counts.
  expect(first).toBe('types');
  expect(text(manifest.bin.amitable)).toMatch(/^#!\/usr\/bin\/env node\n/);
});

/** The packages that a file's declarations, and those that they lead to, name types of. */
function typedPackages(entry: string): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const [, specifier] of text(path).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      if (specifier!.startsWith('.')) queue.push(posix.join(dirname(path), specifier!.replace(/\.(ts|js)$/, '.d.ts')));
      else if (!specifier!.startsWith('node:')) packages.add(nameOf(specifier!));
    }
  }
  return [...packages];
}

test('whoever installs it has the types that its own speak of', () => {
  const named = typedPackages('dist/src/index.d.ts');
  expect(named).toEqual(expect.arrayContaining(['ndarray', '@tensorflow/tfjs-core']));
  const has = (name: string) => name in manifest.dependencies;
  const ownTypes = (name: string) => {
    const { types, typings, exports } = JSON.parse(text(`node_modules/${name}/package.json`));
    return types !== undefined || typings !== undefined || JSON.stringify(exports ?? '').includes('types');
  };
  const lacking = named.filter((name) => !has(name) || !(ownTypes(name) || has(`@types/${name}`)));
  expect(lacking).toEqual([]);
});

const nameOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

test('every package that the code imports is a dependency', () => {
  const imported = readSources('src').flatMap(({ imports }) => imports.map(({ specifier }) => specifier));
  const packages = new Set(imported.filter((name) => !/^(\.|node:)/.test(name)).map(nameOf));
  expect([...packages]).toEqual(expect.arrayContaining(['sharp', 'yargs', '@tensorflow/tfjs-core']));
  const known = { ...manifest.dependencies, ...manifest.peerDependencies };
  // The page's bundle has what browsers need in it.
  const bundled = ['onnxruntime-web'];
  expect([...packages].filter((name) => !(name in known) && !bundled.includes(name))).toEqual([]);
});
