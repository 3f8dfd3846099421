/**
 * Writes docs/api: a page for each folder of the source with all that the package exports from there, from the
 * declarations that the compiler wrote. Run `npm run docs:api`.
 */
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { packageRoot } from '../src/core/package-root.ts';
import { type Declaration, parseDeclarations, parseImported, parsePassed } from './api-docs/parse-declarations.ts';

const declarations = 'dist/src';

const about: Readonly<Record<string, string>> = {
  agent: 'The agent: perception, imagination, planning, in one loop',
  core: 'What all parts speak of: contracts, tasks, spaces, random numbers',
  cost: 'Objectives and guardrails, and terms of one’s own',
  data: 'Data sets in the LeRobot layout, logs',
  engine: 'Tensor programs, and the devices that run them',
  env: 'Worlds and tasks',
  eval: 'Playing episodes, baselines, statistics, replays',
  memory: 'Memory that lasts',
  planner: 'Planners',
  training: 'Training world models',
  'world-model': 'World models, and how to take them elsewhere',
};

export interface ApiPage {
  readonly folder: string;
  readonly entries: readonly Declaration[];
}

/** Everything that the package exports, by the folder it is from. */
export async function readApi(): Promise<ApiPage[]> {
  const read = (path: string) => readFile(join(packageRoot(), path), 'utf8');
  const find = async (module: string, name: string): Promise<{ module: string; declaration: Declaration | null }> => {
    const text = await read(module.replace(/\.ts$/, '.d.ts'));
    const declaration = parseDeclarations(text).find((each) => each.name === name);
    if (declaration !== undefined) return { module, declaration };
    const passed = parsePassed(text).find(({ as }) => as === name);
    if (passed === undefined || !passed.from.startsWith('.')) return { module, declaration: null };
    return find(posix.join(posix.dirname(module), passed.from), passed.name);
  };
  /** A declaration with those that it extends below it: what they say, it says. */
  const withBases = async (module: string, declaration: Declaration): Promise<Declaration> => {
    const bases = /^interface \w+(?:<[^>]*>)? extends ([^{]+)\{/.exec(declaration.code)?.[1] ?? '';
    const imported = parseImported(await read(module.replace(/\.ts$/, '.d.ts')));
    const codes: string[] = [];
    for (const [name] of bases.matchAll(/\b[A-Z]\w+/g)) {
      const from = imported.find((each) => each.as === name)?.from;
      if (from !== undefined && !from.startsWith('.')) continue;
      const base = await find(from === undefined ? module : posix.join(posix.dirname(module), from), name);
      if (base.declaration !== null) codes.push((await withBases(base.module, base.declaration)).code);
    }
    return { ...declaration, code: [declaration.code, ...codes].join('\n\n') };
  };
  const pages = new Map<string, Declaration[]>();
  for (const { from, name, as } of parsePassed(await read(`${declarations}/index.d.ts`))) {
    const { module, declaration } = await find(posix.join(declarations, from), name);
    const folder = module.slice(declarations.length + 1).split('/')[0]!;
    const library = { name, kind: 'const' as const, comment: 'Of TensorFlow.js.', code: `const ${name}` };
    const entry = declaration === null ? library : await withBases(module, declaration);
    pages.set(folder, [...(pages.get(folder) ?? []), { ...entry, name: as }]);
  }
  const order = ({ kind }: Declaration) => (kind === 'function' || kind === 'const' || kind === 'class' ? 0 : 1);
  const byName = (a: Declaration, b: Declaration) => order(a) - order(b) || (a.name < b.name ? -1 : 1);
  return [...pages]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([folder, all]) => ({ folder, entries: all.sort(byName) }));
}

export function formatPage({ folder, entries }: ApiPage): string {
  const sections = entries.map(({ name, comment, code }) => {
    const lines = comment.replace(/^@(param|throws|returns|defaultValue) ?/gm, (_, tag: string) => `\n*${tag}* `);
    return [`## ${name}`, ...(lines === '' ? [] : [lines.trim()]), `\`\`\`typescript\n${code}\n\`\`\``].join('\n\n');
  });
  const links = entries.map(({ name }) => `[${name}](#${name.toLowerCase()})`).join(' · ');
  return [`# ${folder}`, `${about[folder] ?? ''}. [All parts](README.md)`, links, ...sections]
    .join('\n\n')
    .concat('\n');
}

export function formatIndex(pages: readonly ApiPage[]): string {
  const rows = pages.map(({ folder, entries }) => {
    const things = entries.filter(({ kind }) => kind === 'function' || kind === 'const');
    return `| [${folder}](${folder}.md) | ${about[folder] ?? ''} | ${things.map(({ name }) => `\`${name}\``).join(', ')} |`;
  });
  return [
    '# The library',
    '',
    "All that `import ... from 'amitable'` gives, from the source by `npm run docs:api`. Shapes are in row-major order, lengths",
    'in table widths, angles in radians, lower cost is better; dimension letters: B batch of episodes, S candidates,',
    'H horizon, N slots, A action, D latent.',
    '',
    '| part | what | functions |\n|---|---|---|',
    ...rows,
  ]
    .join('\n')
    .concat('\n');
}

if (process.argv[1] !== undefined && import.meta.url.endsWith(process.argv[1].split('/').at(-1)!)) {
  const pages = await readApi();
  const write = (name: string, text: string) => writeFileAtomic(join(packageRoot(), 'docs/api', name), text);
  await write('README.md', formatIndex(pages));
  for (const page of pages) await write(`${page.folder}.md`, formatPage(page));
  console.log(
    `docs/api: ${pages.reduce((sum, { entries }) => sum + entries.length, 0)} exports on ${pages.length} pages`,
  );
}
