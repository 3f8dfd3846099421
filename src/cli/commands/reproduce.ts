import { RunError } from '../../core/errors.ts';
import {
  compareCounts,
  countsOf,
  type Reproduced,
  readRecordedResults,
  recordedResult,
} from '../../eval/recorded-results.ts';
import { defineCommand } from '../command.ts';
import { optionalText } from '../options.ts';
import { runRecorded } from '../run-recorded.ts';
import { formatTable } from '../table.ts';

export const reproduceCommand = defineCommand({
  positionals: { id: 'Which published result; see bench/results.json' },
  options: {
    results: optionalText("The table of results; without it the package's own", 'FILE'),
    out: optionalText('Folder for the report and all results; a run that was stopped goes on there', 'DIR'),
  },
  async run({ id, results, out }, terminal) {
    const recorded = recordedResult(readRecordedResults(results), id);
    if (recorded.expected.length === 0) {
      throw new RunError(`'${id}' has not been recorded: node dist/scripts/record-results.js ${id}`);
    }
    terminal.note(`amitable ${recorded.command.join(' ')}`);
    const report = await runRecorded(recorded, terminal, out === undefined ? [] : ['--out', out]);
    const counts = compareCounts(recorded.expected, countsOf(report));
    const different = counts.filter(({ recorded: before, now }) => before !== now);
    const models = Object.entries(recorded.models).filter(
      ([folder, hash]) => report.environment.models[folder] !== hash,
    );
    const same = different.length === 0;
    terminal.result(
      { id, same, command: recorded.command, counts, models: recorded.models, environment: report.environment },
      formatTable(['task', 'policy', 'count', 'recorded', 'now', ''], counts.map(row)),
    );
    if (same) return;
    const because = models.map(([folder]) => `; the model in '${folder}' is another than was measured`).join('');
    throw new RunError(
      `'${id}' did not come out the same: ${different.length} of ${counts.length} counts differ${because}`,
    );
  },
});

function row({ task, policy, count, recorded, now }: Reproduced): string[] {
  return [task, policy, count, String(recorded ?? '-'), String(now ?? '-'), recorded === now ? 'same' : 'DIFFERENT'];
}
