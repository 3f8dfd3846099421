import type { Options } from './command.ts';
import type { Surroundings } from './command-line.ts';
import { commonOptions } from './options.ts';
import { parseCall } from './parse-call.ts';
import { callToPrint, printConfig } from './print-config.ts';
import { readConfig } from './read-config.ts';
import { resolveOptions } from './resolve-options.ts';

/** Does what a call of the command line asks for. A wrong call is a `UsageError`. */
export async function runCall(args: readonly string[], { stdout, stderr, environment }: Surroundings): Promise<void> {
  if (args[0] === '--get-yargs-completions') {
    const { completions } = await import('./complete.ts');
    stdout.write((await completions(args.slice(1))).map((word) => `${word}\n`).join(''));
    return;
  }
  const toPrint = callToPrint(args);
  const call = await parseCall(toPrint ?? args);
  if ('text' in call) {
    if (call.text !== '') stdout.write(`${call.text}\n`);
    return;
  }
  const { command, positionals } = call;
  // A verb with a `--config` of its own (`train`) means something else by it.
  const ownConfig = command.options !== undefined && 'config' in command.options;
  const { config = environment.AMITABLE_CONFIG, ...others } = call.flags;
  const flags = ownConfig ? call.flags : others;
  const file = ownConfig || config === undefined ? null : await readConfig(config);
  const options = { ...commonOptions, ...command.options };
  const sources = { flags, environment, file };
  const values = resolveOptions(toPrint === null ? options : withoutNeeds(options), sources);
  // no-color.org: whatever it is set to.
  const colours = (environment.NO_COLOR ?? '') === '' && environment.TERM !== 'dumb';
  const { json, quiet } = values;
  // Help of a verb draws no bars.
  const { createTerminal } = await import('./terminal.ts');
  const terminal = createTerminal({ stdout, stderr, json: json === true, quiet: quiet === true, colours });
  if (toPrint !== null) {
    const { document, text } = printConfig(options, sources);
    terminal.result(document, text);
    return;
  }
  await command.run?.({ ...values, ...positionals }, terminal);
}

/** The same options, none of which has to be given. */
function withoutNeeds(options: Options): Options {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, required: false }]));
}
