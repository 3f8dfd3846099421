import type { Terminal } from './terminal.ts';

/** One `--flag VALUE` of a command. Values are text, from wherever they come, until `parse` has checked them. */
export interface Option<T> {
  readonly describe: string;
  /** What stands for the value in help: `N`, `FILE`. Absent for switches, which take none. */
  readonly placeholder?: string;
  /** Turns text into a value or throws a `UsageError` that begins with `flag`. */
  parse(text: string, flag: string): T;
  /** Used, as if typed, where nothing is given. An option without it and not `required` may be undefined. */
  readonly fallback?: string;
  readonly required?: boolean;
  /** Offered by shell completion and listed in help. */
  readonly choices?: readonly string[];
}

/** Names are camelCase here, `--kebab-case` on the command line and in config files, `AMITABLE_SNAKE_CASE` outside. */
export type Options = Readonly<Record<string, Option<unknown>>>;

export type ParsedOptions<O extends Options> = {
  readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never;
};

/** What one verb takes and does. The arguments of `run` are checked: all text has become values. */
export interface Command {
  /** Arguments by position, in order, all needed: name -> description. */
  readonly positionals?: Readonly<Record<string, string>>;
  readonly options?: Options;
  run?(args: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<void>;
  /** Verbs below this one, as `ls` in `tasks ls`. */
  readonly subcommands?: Readonly<Record<string, SubCommand>>;
}

export interface SubCommand extends Command {
  readonly describe: string;
}

interface CommandOptions<P extends string, O extends Options> {
  readonly positionals?: Readonly<Record<P, string>>;
  readonly options?: O;
  run(args: ParsedOptions<O> & Readonly<Record<P, string>>, terminal: Terminal): Promise<void>;
}

/** Ties the types of a command's arguments to what it declares. */
export function defineCommand<P extends string = never, O extends Options = Record<never, never>>(
  command: CommandOptions<P, O>,
): Command {
  return command as unknown as Command;
}

/** `planLog` -> `plan-log` */
export function flagName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `planLog` -> `AMITABLE_PLAN_LOG` */
export function variableName(option: string): string {
  return `AMITABLE_${flagName(option).replaceAll('-', '_').toUpperCase()}`;
}
