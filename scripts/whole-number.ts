import { UsageError } from '../src/core/errors.ts';

/** The value of a script's option. @throws UsageError unless it is a whole number of at least `least` */
export function wholeNumber(option: string, text: string, least = 0): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least)
    throw new UsageError(`--${option} is a whole number >= ${least}, got '${text}'`);
  return number;
}
