import { Writable } from 'node:stream';
import { runCommandLine } from '../../src/cli/command-line.ts';

export interface CallResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls the command line in this process, with an environment of its own. */
export async function callCommandLine(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  /** Whether it is as if somebody watched stderr on a terminal. */
  isTTY = false,
): Promise<CallResult> {
  const stdout = collect(false);
  const stderr = collect(isTTY);
  const code = await runCommandLine(args, { stdout: stdout.stream, stderr: stderr.stream, environment });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collect(isTTY: boolean) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY }), text: () => text };
}
