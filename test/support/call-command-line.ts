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
): Promise<CallResult> {
  const stdout = collect();
  const stderr = collect();
  const code = await runCommandLine(args, { stdout: stdout.stream, stderr: stderr.stream, environment });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collect() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream, text: () => text };
}
