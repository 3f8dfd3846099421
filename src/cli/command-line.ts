import { describeError, UsageError } from '../core/errors.ts';
import { rootHelp } from './root-help.ts';
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
    if (args.includes('--help') && args.every((arg) => arg.startsWith('-'))) {
      stdout.write(`${rootHelp()}\n`);
      return 0;
    }
    // Not before: what people call first shall come at once.
    const { runCall } = await import('./run-call.ts');
    await runCall(args, surroundings);
    return 0;
  } catch (error) {
    stderr.write(`amitable: ${describeError(error)}\n`);
    if (environment.AMITABLE_DEBUG === '1' && error instanceof Error) stderr.write(`${error.stack}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
