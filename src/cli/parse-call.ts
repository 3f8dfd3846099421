import yargs, { type Argv } from 'yargs';
import { describeError, UsageError, unknownName } from '../core/errors.ts';
import { packageVersion } from '../core/package-root.ts';
import { type Command, flagName, type Option, type Options } from './command.ts';
import { commonOptions, configOption } from './options.ts';

import type { Given } from './resolve-options.ts';
import { completionVerb, verbs } from './verbs.ts';

/** A verb as called: which one, and the text of what was given. */
export interface Call {
  readonly command: Command;
  /** Flag name -> text; a switch that is on is `true`. */
  readonly flags: Given;
  readonly positionals: Given;
}

/** Text to print instead, where help, the version or completions were asked for. */
export interface Printout {
  readonly text: string;
}

/** Where parsing has come to, for messages. */
interface Position {
  /** `amitable tasks` */
  readonly path: string;
  /** Verbs that may follow. */
  readonly verbs: readonly string[];
  readonly options: Options;
}

/** Makes out what `args` ask for. A wrong call is a `UsageError` of one line, with the nearest spelling. */
export async function parseCall(args: readonly string[]): Promise<Call | Printout> {
  let position: Position = { path: 'amitable', verbs: verbs.map(({ usage }) => nameOf(usage)), options: commonOptions };
  let call: Call | undefined;
  let text = '';
  let loadFailure: unknown;

  const declare = (parser: Argv, command: Command, path: string): Argv => {
    const options: Options = { ...commonOptions, ...configOption, ...command.options };
    const subcommands = Object.entries(command.subcommands ?? {});
    position = { path, verbs: subcommands.map(([name]) => name), options };
    for (const [name, option] of Object.entries(options)) parser.option(flagName(name), toYargs(option));
    for (const [name, describe] of Object.entries(command.positionals ?? {})) {
      parser.positional(name, { describe, type: 'string' });
    }
    for (const [name, subcommand] of subcommands) {
      const usage = [name, ...Object.keys(subcommand.positionals ?? {}).map((positional) => `<${positional}>`)];
      parser.command(
        usage.join(' '),
        subcommand.describe,
        (child) => declare(child, subcommand, `${path} ${name}`),
        (given) => {
          call = toCall(subcommand, args, given);
        },
      );
    }
    return subcommands.length === 0 ? parser : parser.demandCommand(1, missingVerb(position));
  };

  const parser = yargs()
    .scriptName('amitable')
    .locale('en')
    .parserConfiguration(literalParsing)
    .demandCommand(1, missingVerb(position))
    .version(packageVersion())
    .strict()
    .help()
    .exitProcess(false)
    .fail(false);
  for (const { usage, describe, load } of verbs) {
    let command: Command = {};
    parser.command(
      usage,
      describe,
      async (child) => {
        try {
          command = await load();
        } catch (error) {
          loadFailure = error;
          throw error;
        }
        return declare(child, command, `amitable ${nameOf(usage)}`);
      },
      (given) => {
        call = toCall(command, args, given);
      },
    );
  }
  parser.completion(completionVerb.usage, completionVerb.describe);
  try {
    await parser.parseAsync([...args], {}, (_error, _given, output) => {
      text = output;
    });
  } catch (error) {
    throw loadFailure ?? translate(describeError(error), args, position);
  }
  return call ?? { text };
}

/** Text in, text out: `007` stays as it is, the last of two equal flags counts, nothing is negated or split. */
const literalParsing = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;

function toCall(
  command: Command,
  args: readonly string[],
  { _, $0, ...given }: Readonly<Record<string, unknown>>,
): Call {
  const names = Object.keys(command.positionals ?? {});
  const entries = Object.entries(given).map(([name, value]) => [name, String(value)] as const);
  return {
    command,
    flags: { ...Object.fromEntries(entries.filter(([name]) => !names.includes(name))), ...switchesOf(args, command) },
    positionals: Object.fromEntries(entries.filter(([name]) => names.includes(name))),
  };
}

/** What switches are given as, as in `--json=maybe`: the parser takes every text for false. */
function switchesOf(args: readonly string[], { options = {} }: Command): Given {
  const switches = Object.entries({ ...commonOptions, ...options }).filter(([, { placeholder }]) => !placeholder);
  return Object.fromEntries(
    switches.flatMap(([name]) => {
      const start = `--${flagName(name)}=`;
      const given = args.findLast((arg) => arg.startsWith(start));
      return given === undefined ? [] : [[flagName(name), given.slice(start.length)]];
    }),
  );
}

function toYargs({ describe, placeholder, fallback, required, choices }: Option<unknown>) {
  const isSwitch = placeholder === undefined;
  return {
    describe: required ? `${describe} (needed)` : describe,
    // No type for the others: they are text, and help need not say so of each.
    ...(isSwitch ? { type: 'boolean' as const } : { requiresArg: true }),
    ...(isSwitch || fallback === undefined ? {} : { defaultDescription: fallback }),
    ...(choices === undefined ? {} : { choices }),
  };
}

function missingVerb({ path, verbs: names }: Position): string {
  return `'${path}' needs a verb: ${names.join(', ')}. See '${path} --help'.`;
}

/** The parser's complaint in our words. */
function translate(message: string, args: readonly string[], position: Position): UsageError {
  const { path, verbs: names, options } = position;
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message)?.[1]?.split(', ') ?? [];
  if (unknown.length > 0) {
    const isFlag = (name: string): boolean => args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    const word = unknown.find((name) => !isFlag(name));
    // A wrong verb makes every option unknown.
    if (word !== undefined && names.length > 0) return unknownName('verb', word, names);
    const flags = Object.keys(options).map((name) => `--${flagName(name)}`);
    if (isFlag(unknown[0]!)) return unknownName('option', `--${unknown[0]}`, flags);
    return new UsageError(`'${path}' takes no argument '${word}'. See '${path} --help'.`);
  }
  const [, lacking] = /^Not enough arguments following: (.+)$/.exec(message) ?? [];
  if (lacking !== undefined) return new UsageError(`--${lacking} needs a value. See '${path} --help'.`);
  if (message.startsWith('Not enough non-option arguments')) {
    return new UsageError(`'${path}' needs another argument. See '${path} --help'.`);
  }
  const [, name, value] = /Argument: (\S+), Given: "(.*)", Choices:/.exec(message) ?? [];
  const option = Object.entries(options).find(([key]) => flagName(key) === name)?.[1];
  if (option?.choices !== undefined) return unknownName(`--${name} value`, value ?? '', option.choices);
  return new UsageError(message);
}

function nameOf(usage: string): string {
  return usage.split(' ')[0]!;
}
