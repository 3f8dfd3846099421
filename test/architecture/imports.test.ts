import { posix } from 'node:path';
import { findImports, readSources, type SourceFile } from '../support/source-imports.ts';

/** What each folder of `src` may import, itself aside. Type-only and dynamic imports count too. */
const allowedImports: Readonly<Record<string, readonly string[]>> = {
  core: [],
  engine: ['core'],
  env: ['core'],
  data: ['core'],
  memory: ['core'],
  'world-model': ['core', 'engine'],
  cost: ['core', 'engine'],
  planner: ['core', 'engine'],
  // No `env`: an agent has no way to the true state.
  agent: ['core', 'engine', 'world-model', 'cost', 'planner', 'memory', 'data'],
  // Where worlds, models and, for episodes of its own, the agent meet to make weights.
  training: ['core', 'engine', 'env', 'data', 'world-model', 'agent'],
  eval: ['core', 'engine', 'env', 'data', 'memory', 'world-model', 'cost', 'planner', 'agent'],
  cli: ['core', 'engine', 'env', 'data', 'memory', 'world-model', 'cost', 'planner', 'agent', 'training', 'eval'],
  // src/index.ts: what the package exports.
  index: ['core', 'engine', 'env', 'data', 'memory', 'world-model', 'cost', 'planner', 'agent', 'training', 'eval'],
};

/** Packages that one folder alone may import. */
const soleImporters: readonly (readonly [packages: RegExp, folder: string])[] = [
  [/^@tensorflow\//, 'engine'],
  [/^onnxruntime-/, 'engine'],
  [/^matter-js($|\/)/, 'env'],
];

/** What `amitable --help` must not load. */
const heavyPackages = /^(@tensorflow\/|onnxruntime-)/;

const longestFile = 300;

const sources = readSources('src');

test('every folder imports only what the table allows', () => {
  const offences: string[] = [];
  for (const source of sources) {
    const from = folderOf(source.path);
    const allowed = allowedImports[from];
    if (allowed === undefined) offences.push(`${source.path}: folder '${from}' is not in the table`);
    for (const { specifier } of source.imports) {
      if (!specifier.startsWith('.')) continue;
      const target = resolveSource(source.path, specifier);
      if (!target.startsWith('src/')) continue;
      const to = folderOf(target);
      if (to !== from && !allowed?.includes(to)) offences.push(`${source.path} imports ${target}`);
    }
  }
  expect(offences).toEqual([]);
});

test('each engine, and physics, has one importer', () => {
  const offences = sources.flatMap((source) =>
    source.imports
      .filter(({ specifier }) =>
        soleImporters.some(([packages, folder]) => packages.test(specifier) && folderOf(source.path) !== folder),
      )
      .map(({ specifier }) => `${source.path} imports ${specifier}`),
  );
  expect(offences).toEqual([]);
});

test('asking for help loads neither TensorFlow.js nor ONNX Runtime', () => {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  expect([...byPath.keys()]).toContain('src/cli/main.ts');
  expect(loadedPackages('src/cli/main.ts', byPath).filter((name) => heavyPackages.test(name))).toEqual([]);
  // The walk does see packages, and reaches the engine from where it is loaded.
  expect(loadedPackages('src/engine/tf.ts', byPath)).toContain('@tensorflow/tfjs-core');
});

test(`no source file is longer than ${longestFile} lines, none is a drawer of odds and ends`, () => {
  expect(sources.filter(({ lines }) => lines > longestFile).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
  expect(sources.filter(({ path }) => /\/(utils?|helpers?|misc|common)\.ts$/.test(path))).toEqual([]);
});

test('the import scanner sees every way to name a module', () => {
  const text = `
    import a from 'a';
    import type { B } from 'b';
    import { type C } from 'c';
    export * from 'd';
    export { e } from 'e';
    export type { F } from 'f';
    const g = await import('g');
    type H = typeof import('h');
    const i = require('i');
    import 'j';
  `;
  expect(findImports(text).map(({ specifier, kind }) => `${specifier}:${kind}`)).toEqual([
    'a:static',
    'b:type',
    // The names vanish, the import stays: `verbatimModuleSyntax`.
    'c:static',
    'd:static',
    'e:static',
    'f:type',
    'g:dynamic',
    'h:type',
    'i:dynamic',
    'j:static',
  ]);
});

/** `src/planner/cem.ts` -> `planner`, `src/index.ts` -> `index`. */
function folderOf(path: string): string {
  return path.split('/')[1]!.replace(/\.ts$/, '');
}

function resolveSource(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

/** The packages that importing `entry` loads: over static imports, transitively within `src`. */
function loadedPackages(entry: string, byPath: ReadonlyMap<string, SourceFile>): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    for (const { specifier, kind } of byPath.get(path)?.imports ?? []) {
      if (kind !== 'static') continue;
      if (specifier.startsWith('.')) queue.push(resolveSource(path, specifier));
      else packages.add(specifier);
    }
  }
  return [...packages];
}
