import { UsageError, unknownName } from '../core/errors.ts';
import { deviceNames } from '../engine/program.ts';
import type { Option, Options } from './command.ts';

export interface WholeNumberOptions {
  readonly describe: string;
  readonly minimum: number;
  readonly fallback: number;
}

/** `--episodes 20` */
export function wholeNumber({ describe, minimum, fallback }: WholeNumberOptions): Option<number> {
  const parse = (text: string, flag: string): number => parseWholeNumber(text, flag, minimum);
  return { describe, placeholder: 'N', fallback: String(fallback), parse };
}

/** `--steps 50`, or not at all. */
export function optionalWholeNumber(describe: string, minimum: number): Option<number | undefined> {
  return { describe, placeholder: 'N', parse: (text, flag) => parseWholeNumber(text, flag, minimum) };
}

export interface OneOfOptions<T extends string> {
  readonly describe: string;
  readonly choices: readonly T[];
  readonly fallback: T;
}

/** `--device native` */
export function oneOf<const T extends string>({ describe, choices, fallback }: OneOfOptions<T>): Option<T> {
  return { describe, placeholder: 'NAME', choices, fallback, parse: (text, flag) => known(text, flag, choices) };
}

/** `--beside random`, or not at all. */
export function optionalOneOf<const T extends string>(describe: string, choices: readonly T[]): Option<T | undefined> {
  return { describe, placeholder: 'NAME', choices, parse: (text, flag) => known(text, flag, choices) };
}

/** `--policies agent,random`: at least one, none twice. */
export function listOf<const T extends string>({
  describe,
  choices,
  fallback,
}: {
  readonly describe: string;
  readonly choices: readonly T[];
  readonly fallback: readonly T[];
}): Option<readonly T[]> {
  return {
    describe: `${describe} (${choices.join(', ')})`,
    placeholder: 'A,B',
    fallback: fallback.join(','),
    parse: (text, flag) => splitList(text, flag).map((item) => known(item, flag, choices)),
  };
}

/** `--planner cem,icem` or `--planner all`, or not at all. */
export function optionalListOf<const T extends string>(
  describe: string,
  choices: readonly T[],
): Option<readonly T[] | undefined> {
  return {
    describe: `${describe} (${choices.join(', ')}, or all)`,
    placeholder: 'A,B|all',
    parse: (text, flag) => (text === 'all' ? choices : splitList(text, flag).map((item) => known(item, flag, choices))),
  };
}

/** `--tasks reach,my-task.yaml`: names that are resolved later. */
export function list(describe: string, fallback: readonly string[]): Option<readonly string[]> {
  return { describe, placeholder: 'A,B', fallback: fallback.join(','), parse: splitList };
}

/** `--model a,b`: paths that are resolved later, or not at all. */
export function optionalList(describe: string, placeholder: string): Option<readonly string[] | undefined> {
  return { describe, placeholder, parse: splitList };
}

/** `--out DIR`, or not at all. */
export function optionalText(describe: string, placeholder: string): Option<string | undefined> {
  return { describe, placeholder, parse: nonEmpty };
}

/** `--task ID`, always needed. */
export function requiredText(describe: string, placeholder: string): Option<string> {
  return { describe, placeholder, required: true, parse: nonEmpty };
}

/** `--json` */
export function toggle(describe: string): Option<boolean> {
  return {
    describe,
    fallback: 'false',
    parse(text, flag) {
      if (['true', '1', 'yes', 'on'].includes(text)) return true;
      if (['false', '0', 'no', 'off', ''].includes(text)) return false;
      throw new UsageError(`${flag} is on or off, got '${text}'`);
    },
  };
}

export const seedOption = wholeNumber({ describe: 'Seed of everything random', minimum: 0, fallback: 0 });

export const deviceOption = oneOf({
  describe: 'Where tensors are computed',
  choices: deviceNames,
  fallback: 'native',
});

export const threadsOption = wholeNumber({ describe: 'Threads inside one operation', minimum: 1, fallback: 2 });

export const workersOption = wholeNumber({
  describe: 'Threads that put batches together meanwhile: no number of them changes the result',
  minimum: 0,
  fallback: 1,
});

/** Taken by every verb. */
export const commonOptions = {
  json: toggle('Print the result as one JSON document'),
  quiet: toggle('Print nothing but the result'),
} satisfies Options;

/** Taken by every verb that has no `--config` of its own. */
export const configOption = {
  config: optionalText('Options from a JSON or YAML file', 'FILE'),
} satisfies Options;

function parseWholeNumber(text: string, flag: string, minimum: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= minimum) return value;
  throw new UsageError(`${flag} must be a whole number of at least ${minimum}, got '${text}'`);
}

function known<T extends string>(text: string, flag: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw unknownName(`${flag} value`, text, choices);
  return found;
}

function splitList(text: string, flag: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new UsageError(`${flag} is a list of names with commas between, got '${text}'`);
  const twice = items.find((item, i) => items.indexOf(item) !== i);
  if (twice !== undefined) throw new UsageError(`${flag} names '${twice}' twice`);
  return items;
}

function nonEmpty(text: string, flag: string): string {
  if (text.trim() === '') throw new UsageError(`${flag} must not be empty`);
  return text;
}
