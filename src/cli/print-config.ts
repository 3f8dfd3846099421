import { type Options, variableName } from './command.ts';
import type { Given, OptionSources } from './resolve-options.ts';
import { findOption } from './resolve-options.ts';

/** `config print run --episodes 5` -> `run --episodes 5`: the call whose options are to be printed; null for others. */
export function callToPrint(args: readonly string[]): readonly string[] | null {
  const [verb, subverb, ...call] = args;
  return verb === 'config' && subverb === 'print' && call.length > 0 && !call[0]!.startsWith('-') ? call : null;
}

/** What a call's options are and why, as a document and as a file for `--config`. */
export function printConfig(options: Options, sources: OptionSources): { document: object; text: string } {
  const found = Object.entries(options).map(([name, option]) => ({
    name,
    option,
    ...findOption(name, option, sources),
  }));
  const values: Given = Object.fromEntries(
    found.flatMap(({ flag, text }) => (text === undefined ? [] : [[flag, text]])),
  );
  const froms = Object.fromEntries(found.map(({ flag, text, source }) => [flag, text === undefined ? null : source]));
  const width = Math.max(...found.map(({ flag, text = '' }) => flag.length + text.length)) + 4;
  const lines = found.map(({ name, flag, text, source, option }) => {
    if (text === undefined) return `# ${flag}:${option.required ? ' is needed' : ''}  ${option.describe}`;
    const note = source === 'default' ? `default; or ${variableName(name)}` : source;
    return `${`${flag}: ${JSON.stringify(plain(text))}`.padEnd(width)}  # ${note}`;
  });
  return { document: { values, from: froms }, text: lines.join('\n') };
}

/** Switches and numbers as such. */
function plain(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && String(Number(text)) === text ? Number(text) : text;
}
