/**
 * Plays the calls of bench/results.json and records what they count, for `amitable reproduce`. Done when a model or
 * the code has changed on purpose. usage: node dist/scripts/record-results.js [id ...]   (all rows)
 */

import { runRecorded } from '../src/cli/run-recorded.ts';
import { createTerminal } from '../src/cli/terminal.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { countsOf, readRecordedResults, recordedResult, recordedResultsPath } from '../src/eval/recorded-results.ts';

const { stdout, stderr } = process;
const terminal = createTerminal({ stdout, stderr, json: false, quiet: false, colours: false });
const ids = process.argv.slice(2);
const rows = readRecordedResults().rows.map(({ id }) => id);
for (const id of ids.length > 0 ? ids : rows) {
  const row = recordedResult(readRecordedResults(), id);
  const report = await runRecorded(row, terminal);
  const recorded = { ...row, models: report.environment.models, expected: countsOf(report) };
  // Read again: another process may have recorded another row meanwhile.
  const table = readRecordedResults();
  const document = { ...table, rows: table.rows.map((each) => (each.id === id ? recorded : each)) };
  await writeFileAtomic(recordedResultsPath(), `${JSON.stringify(document, null, 2)}\n`);
  console.log(`${id}: recorded ${recorded.expected.length} rows`);
}
