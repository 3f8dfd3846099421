import { RunError } from '../core/errors.ts';
import type { BenchReport } from '../eval/bench-report.ts';
import type { RecordedResult } from '../eval/recorded-results.ts';
import { commonOptions } from './options.ts';
import { parseCall } from './parse-call.ts';
import { resolveOptions } from './resolve-options.ts';
import type { Terminal } from './terminal.ts';

/** Runs the call of a recorded result, as it is: neither variables nor files change what it plays. */
export async function runRecorded(
  { id, command: words }: RecordedResult,
  terminal: Terminal,
  more: readonly string[] = [],
): Promise<BenchReport> {
  const call = await parseCall([...words, ...more]);
  if ('text' in call || call.command.run === undefined) throw new RunError(`'${id}' is not a call that has a result`);
  const { flags, positionals } = call;
  const { run, options } = call.command;
  const values = resolveOptions({ ...commonOptions, ...options }, { flags, environment: {}, file: null });
  let report: unknown;
  await run(
    { ...values, ...positionals },
    {
      ...terminal,
      result(document) {
        report = document;
      },
    },
  );
  return report as BenchReport;
}
