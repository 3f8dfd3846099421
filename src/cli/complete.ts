import type { Command, Option } from './command.ts';
import { flagName } from './command.ts';
import { commonOptions, configOption } from './options.ts';
import { verbs } from './verbs.ts';

/**
 * What may stand in the place of the last word, for shells to offer. Nothing where only a file's name can: shells
 * offer those themselves.
 *
 * @param words the command line as far as it is typed, `amitable` first
 */
export async function completions([, ...words]: readonly string[]): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  let command: Command | null = null;
  let expected: readonly [name: string, option: Option<unknown>] | null = null;
  for (const word of words.slice(0, -1)) {
    if (expected !== null) expected = null;
    else if (word.startsWith('--')) expected = waitingFor(word, command);
    else if (command === null) command = (await verbs.find(({ usage }) => nameOf(usage) === word)?.load()) ?? null;
    else command = command.subcommands?.[word] ?? command;
  }
  const offered = expected === null ? await next(typed, command) : await valuesFor(...expected, command);
  return offered.filter((word) => word.startsWith(typed));
}

/** The option that waits for its value after `word`; null where it has it, or is a switch. */
function waitingFor(word: string, command: Command | null): readonly [string, Option<unknown>] | null {
  const found = Object.entries(optionsOf(command)).find(([name]) => `--${flagName(name)}` === word);
  return found?.[1].placeholder === undefined ? null : found;
}

async function next(typed: string, command: Command | null): Promise<readonly string[]> {
  const flags = Object.keys(optionsOf(command)).map((name) => `--${flagName(name)}`);
  if (typed.startsWith('-')) return [...flags, '--help'];
  if (command === null) return [...verbs.map(({ usage }) => nameOf(usage)), 'completion'];
  return Object.keys(command.subcommands ?? {});
}

async function valuesFor(
  name: string,
  { choices }: Option<unknown>,
  command: Command | null,
): Promise<readonly string[]> {
  if (choices !== undefined) return choices;
  if (name === 'task' || name === 'tasks') {
    const { registeredTasks } = await import('../env/registry.ts');
    return registeredTasks.map(({ id }) => id);
  }
  if (name === 'config' && command?.options !== undefined && 'config' in command.options) {
    const { recipeNames } = await import('../training/recipes.ts');
    return recipeNames;
  }
  return [];
}

function optionsOf(command: Command | null): Readonly<Record<string, Option<unknown>>> {
  return command === null ? commonOptions : { ...commonOptions, ...configOption, ...command.options };
}

function nameOf(usage: string): string {
  return usage.split(' ')[0]!;
}
