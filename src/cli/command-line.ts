import { describeError, UsageError } from '../core/errors.ts';
import type { Options } from './command.ts';
import { commonOptions } from './options.ts';
import { parseCall } from './parse-call.ts';
import { callToPrint, printConfig } from './print-config.ts';
import { readConfig } from './read-config.ts';
import { resolveOptions } from './resolve-options.ts';
import type { Output } from './terminal.ts';

export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Runs one call of the command line and returns its exit code: 0 done, 1 the work failed, 2 the call was wrong. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<0 | 1 | 2> {
  const { stdout, stderr, environment } = surroundings;
  try {
    if (args[0] === '--get-yargs-completions') {
      const { completions } = await import('./complete.ts');
      stdout.write((await completions(args.slice(1))).map((word) => `${word}\n`).join(''));
      return 0;
    }
    const toPrint = callToPrint(args);
    const call = await parseCall(toPrint ?? args);
    if ('text' in call) {
      if (call.text !== '') stdout.write(`${call.text}\n`);
      return 0;
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
    // Not before: help draws no bars, and shall come at once.
    const { createTerminal } = await import('./terminal.ts');
    const terminal = createTerminal({ stdout, stderr, json: json === true, quiet: quiet === true, colours });
    if (toPrint !== null) {
      const { document, text } = printConfig(options, sources);
      terminal.result(document, text);
      return 0;
    }
    await command.run?.({ ...values, ...positionals }, terminal);
    return 0;
  } catch (error) {
    stderr.write(`amitable: ${describeError(error)}\n`);
    if (environment.AMITABLE_DEBUG === '1' && error instanceof Error) stderr.write(`${error.stack}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** The same options, none of which has to be given. */
function withoutNeeds(options: Options): Options {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { ...option, required: false }]));
}
