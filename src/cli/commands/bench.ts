import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { playBench } from '../../eval/bench.ts';
import { formatBenchMarkdown } from '../../eval/bench-markdown.ts';
import { createBenchReport, type PlayedTask } from '../../eval/bench-report.ts';
import { describeProvenance } from '../../eval/provenance.ts';
import { plannerNames } from '../../planner/create-planner.ts';
import { defineCommand } from '../command.ts';
import { createContestants, policyNames } from '../create-contestants.ts';
import { loadTask } from '../load-task.ts';
import { createMemories } from '../memories.ts';
import { list, listOf, optionalListOf, optionalText, optionalWholeNumber, wholeNumber } from '../options.ts';
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
    planner: optionalListOf('How the agent searches; several play at equal evaluations, a row each', plannerNames),
    evaluations: optionalWholeNumber('Candidates the agent scores for one decision; without it as its model says', 1),
  },
  async run(args, terminal) {
    const { policies, episodes, out, seed, batch, device, threads, guardrails } = args;
    const tasks = await Promise.all(args.tasks.map(loadTask));
    const { createEnvironment } = await import('../../env/create-environment.ts');
    const planners = args.planner ?? [undefined];
    const evaluations = args.evaluations ?? (planners.length > 1 ? 'as-model' : undefined);
    const plays: PlayedTask[] = [];
    const memories = createMemories(args.memory);
    let models: Readonly<Record<string, string>> = {};
    for (const [index, planner] of planners.entries()) {
      const contestants = createContestants({ ...args, planner, evaluations, memories });
      // Who does not search plays once.
      const players = index === 0 ? policies : policies.filter((policy) => policy === 'agent');
      await contestants.prepare(players, tasks);
      const played = await playBench({
        tasks,
        policies: players,
        createContestant: contestants.create,
        createEnvironment,
        episodes,
        seed,
        batchSize: batch,
        ...watchBench(terminal, episodes, planners.length > 1 ? planner : undefined),
      });
      plays.push(...played);
      models = { ...models, ...contestants.models() };
    }
    await memories.close();
    const settings = { seed, device, threads, guardrails, models, memory: memories.state() };
    const report = createBenchReport(plays, describeProvenance(settings));
    if (out !== undefined) {
      await writeFileAtomic(join(out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
      await writeFileAtomic(join(out, 'report.md'), formatBenchMarkdown(report));
      terminal.note(`report: ${join(out, 'report.md')}, ${join(out, 'report.json')}`);
    }
    terminal.result(report, formatResults(report));
  },
});
