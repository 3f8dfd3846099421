import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join, posix } from 'node:path';
import { flagName } from '../../src/cli/command.ts';
import { loadTask } from '../../src/cli/load-task.ts';
import { commonOptions, configOption } from '../../src/cli/options.ts';
import { parseCall } from '../../src/cli/parse-call.ts';
import { callToPrint } from '../../src/cli/print-config.ts';
import { resolveOptions } from '../../src/cli/resolve-options.ts';
import { filmConfigurations } from '../../src/cli/train-side-view.ts';
import { findTroubles } from '../../src/env/tabletop/find-troubles.ts';
import { recipeNames } from '../../src/training/recipes.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { repositoryRoot } from '../support/source-imports.ts';
import { type Command, commandsOf, documentedCalls, documents, fencedBlocks, text } from './documented.ts';

const packageScripts: Record<string, string> = JSON.parse(text('package.json')).scripts;

/** Parses a call of the tool and all its values, and runs nothing. */
async function checkCall({ line, complete }: Command): Promise<void> {
  const args = line.replace(/^(npx )?amitable /, '').split(' ');
  const call = await parseCall(callToPrint(args) ?? args).catch((error: Error) => {
    // In running text an option may be named without its value.
    if (complete || !error.message.includes('needs a value')) throw error;
    return parseCall(args.slice(0, -1));
  });
  if ('text' in call) return;
  const { command, flags } = call;
  const all = Object.entries({ ...commonOptions, ...configOption, ...command.options });
  const options = Object.fromEntries(all.filter(([name]) => complete || flagName(name) in flags));
  const values = resolveOptions(options, { flags, environment: {}, file: null });
  for (const task of [values.task ?? [], values.tasks ?? []].flat()) await loadTask(task as string);
  if (args[0] === 'train') expect([...recipeNames, ...filmConfigurations]).toContain(values.config);
}

const calls = documents.flatMap((path) =>
  commandsOf(text(path)).map((command) => [path, command.line, command] as const),
);

test('the documents tell of commands of every kind', () => {
  const verbs = new Set(calls.flatMap(([, line]) => /^(?:npx )?amitable (\w+)/.exec(line)?.[1] ?? []));
  expect([...verbs]).toEqual(
    expect.arrayContaining(['run', 'bench', 'train', 'collect', 'tasks', 'inspect', 'doctor']),
  );
});

test.each(calls)('%s: `%s` can be called so', async (_, line, command) => {
  const [program, ...words] = line.split(' ');
  if (/^(npx )?amitable /.test(line)) return checkCall(command);
  if (program === 'npm') {
    const script = words[0] === 'run' ? words[1]! : words[0]!;
    return expect(['ci', ...Object.keys(packageScripts)]).toContain(script);
  }
  if (program === 'node') {
    const file = words.find((word) => !word.startsWith('--'))!;
    return expect(existsSync(join(repositoryRoot, file.replace(/^dist\/(.*)\.js$/, '$1.ts')))).toBe(true);
  }
  expect(existsSync(join(repositoryRoot, program!))).toBe(true);
});

/** The others are run by `commands.long.ts`. */
const quick = ['tasks', 'config', 'completion', 'export'];

test.each(documentedCalls().filter(([verb]) => quick.includes(verb!)))(
  '`amitable %s %s` does what it says',
  async (...args) => {
    const folder = await mkdtemp(join(tmpdir(), 'amitable-docs-'));
    const moved = args.map((word) => word.replace(/^runs\//, `${folder}/`));
    const { code, stdout, stderr } = await callCommandLine(moved);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trim()).not.toBe('');
    await rm(folder, { recursive: true });
  },
);

test('every relative link leads to a file', () => {
  const broken = documents.flatMap((path) =>
    [...text(path).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, target]) => posix.join(posix.dirname(path), target!))
      .filter((target) => !existsSync(join(repositoryRoot, target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every file that is named in backquotes exists', () => {
  const broken = documents.flatMap((path) =>
    [...text(path).matchAll(/`((?:src|test|examples|docs|bench|scripts|models)\/[\w./-]+)`/g)]
      .map(([, target]) => target!)
      .filter((target) => !existsSync(join(repositoryRoot, target)))
      .map((target) => `${path}: ${target}`),
  );
  expect(broken).toEqual([]);
});

const examples = readdirSync(join(repositoryRoot, 'examples')).map((name) => `examples/${name}`);

test('what the documents show in TypeScript is among the examples, which the compiler checks', () => {
  const blocks = documents.flatMap((path) => fencedBlocks(text(path)).filter(({ language }) => language === 'ts'));
  expect(blocks.length).toBeGreaterThanOrEqual(5);
  const files = examples.filter((name) => name.endsWith('.ts')).map(text);
  expect(blocks.filter(({ content }) => !files.includes(content))).toEqual([]);
});

test('what the documents show in YAML is among the examples, as it is', () => {
  const blocks = documents.flatMap((path) => fencedBlocks(text(path)).filter(({ language }) => language === 'yaml'));
  const files = examples.filter((name) => name.endsWith('.yaml')).map(text);
  expect(blocks.length).toBeGreaterThanOrEqual(2);
  expect(blocks.filter(({ content }) => !files.includes(content))).toEqual([]);
});

test('every task file among the examples is a task of its name', async () => {
  const files = examples.filter((name) => !name.endsWith('.ts') || text(name).includes('satisfies TaskSpec'));
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const name of files) {
    const task = await loadTask(join(repositoryRoot, name));
    expect(basename(name, extname(name))).toBe(task.id);
    expect(findTroubles(task, 5)).toEqual([]);
  }
});
