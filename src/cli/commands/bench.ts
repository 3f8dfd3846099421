import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { playBench } from '../../eval/bench.ts';
import { formatBenchMarkdown } from '../../eval/bench-markdown.ts';
import { createBenchReport } from '../../eval/bench-report.ts';
import { describeProvenance } from '../../eval/provenance.ts';
import { defineCommand } from '../command.ts';
import { createContestants, policyNames } from '../create-contestants.ts';
import { loadTask } from '../load-task.ts';
import { list, listOf, optionalText, wholeNumber } from '../options.ts';
import { playOptions } from '../play-options.ts';
import { formatResults } from '../results-table.ts';
import { watchBench } from '../watch-bench.ts';

export const benchCommand = defineCommand({
  options: {
    tasks: list('Registered tasks or task files', ['reach', 'push-to-goal', 'two-rooms']),
    policies: listOf({
      describe: 'Who plays; the first is compared with each other',
      choices: policyNames,
      fallback: ['agent', 'random'],
    }),
    episodes: wholeNumber({ describe: 'Episodes of each task', minimum: 1, fallback: 200 }),
    out: optionalText('Folder for the report as JSON and Markdown', 'DIR'),
    ...playOptions,
  },
  async run(args, terminal) {
    const { policies, episodes, out, seed, batch, device, threads, guardrails } = args;
    const tasks = await Promise.all(args.tasks.map(loadTask));
    const { createEnvironment } = await import('../../env/create-environment.ts');
    const contestants = createContestants(args);
    await contestants.prepare(policies, tasks);
    const plays = await playBench({
      tasks,
      policies,
      createContestant: contestants.create,
      createEnvironment,
      episodes,
      seed,
      batchSize: batch,
      ...watchBench(terminal, episodes),
    });
    const models = contestants.models();
    const report = createBenchReport(plays, describeProvenance({ seed, device, threads, guardrails, models }));
    if (out !== undefined) {
      await writeFileAtomic(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
      await writeFileAtomic(join(out, 'report.md'), formatBenchMarkdown(report));
      terminal.note(`report: ${join(out, 'report.md')}, ${join(out, 'report.json')}`);
    }
    terminal.result(report, formatResults(report));
  },
});
