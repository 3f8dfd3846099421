import { UsageError, unknownName } from '../core/errors.ts';
import { flagName, type Option, type Options, variableName } from './command.ts';

/** Text by flag name, from one place. */
export type Given = Readonly<Record<string, string>>;

export interface OptionSources {
  /** From the command line: flag name -> text. */
  readonly flags: Given;
  /** The process's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** From a config file; null where there is none. */
  readonly file: ConfigFile | null;
}

export interface ConfigFile {
  readonly path: string;
  readonly values: Given;
}

/** The values of a command's options: the command line goes before `AMITABLE_*` variables, these before the file. */
export function resolveOptions(options: Options, sources: OptionSources): Record<string, unknown> {
  const { file } = sources;
  const known = Object.keys(options).map(flagName);
  const foreign = Object.keys(file?.values ?? {}).find((name) => !known.includes(name));
  if (foreign !== undefined) throw unknownName(`option in ${file?.path}`, foreign, known);
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const { flag, text, source } = findOption(name, option, sources);
      if (text !== undefined) return [name, option.parse(text, source === 'default' ? `--${flag}` : source)];
      if (option.required) throw new UsageError(`--${flag} is needed: ${option.describe}`);
      return [name, undefined];
    }),
  );
}

/** What an option is given as, and where; `default` where that is its own. */
export function findOption(
  name: string,
  { fallback }: Option<unknown>,
  { flags, environment, file }: OptionSources,
): { readonly flag: string; readonly text: string | undefined; readonly source: string } {
  const flag = flagName(name);
  const variable = variableName(name);
  const [text, source] = first(
    [flags[flag], `--${flag}`],
    [environment[variable], variable],
    [file?.values[flag], `'${flag}' in ${file?.path}`],
    [fallback, 'default'],
  );
  return { flag, text, source };
}

type Candidate = readonly [text: string | undefined, source: string];

function first(...candidates: readonly Candidate[]): Candidate {
  return candidates.find(([text]) => text !== undefined) ?? [undefined, ''];
}
