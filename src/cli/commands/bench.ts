import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { UsageError } from '../../core/errors.ts';
import { inTurn } from '../../core/in-turn.ts';
import { inShard, parseShard, type Shard } from '../../eval/bench-line.ts';
import { type BenchShard, jobsOfPlan, reportOf, shardSchema } from '../../eval/bench-plan.ts';
import { describeProvenance } from '../../eval/provenance.ts';
import { createResultStore } from '../../eval/result-store.ts';
import { plannerNames } from '../../planner/create-planner.ts';
import { defineCommand, type Option } from '../command.ts';
import { policyNames } from '../create-contestants.ts';
import { loadTask } from '../load-task.ts';
import { createMemories } from '../memories.ts';
import {
  list,
  listOf,
  optionalList,
  optionalListOf,
  optionalText,
  optionalWholeNumber,
  wholeNumber,
} from '../options.ts';
import { playOptions } from '../play-options.ts';
import { queueOption } from '../queue/redis.ts';
import { benchItem } from '../queue/work-item.ts';
import { performAll } from '../work/perform-all.ts';
import { planBench } from '../work/plan-bench.ts';
import { keptChunks, playJobs } from '../work/play-jobs.ts';
import { writeBench } from '../write-bench.ts';

const shardOption: Option<Shard | undefined> = {
  describe: 'Play the i-th of n parts only, for `merge`',
  placeholder: 'i/n',
  parse: parseShard,
};

export const benchCommand = defineCommand({
  options: {
    tasks: list('Registered tasks or task files', ['reach', 'push-to-goal', 'two-rooms']),
    policies: listOf({
      describe: 'Who plays; the first is compared with each other',
      choices: policyNames,
      fallback: ['agent', 'random'],
    }),
    episodes: wholeNumber({ describe: 'Episodes of each task', minimum: 1, fallback: 200 }),
    out: optionalText('Folder for the report and all results; what lies there is not played again', 'DIR'),
    replays: wholeNumber({ describe: 'How many failures to draw in the report, with --out', minimum: 0, fallback: 6 }),
    shard: shardOption,
    queue: queueOption,
    ...playOptions,
    seed: optionalWholeNumber('Play episodes of this seed, not the frozen ones', 0),
    model: optionalList("The agent's models, a row each; without it the shipped one of the task's world", 'A,B'),
    planner: optionalListOf('How the agent searches; several play at equal evaluations, a row each', plannerNames),
    evaluations: optionalWholeNumber('Candidates the agent scores for one decision; without it as its model says', 1),
  },
  async run(args, terminal) {
    const { out, shard, queue, memory, batch } = args;
    if (queue !== undefined && (out === undefined || memory !== undefined)) {
      throw new UsageError('--queue needs --out, where results are kept, and excludes --memory: workers share none');
    }
    if (memory !== undefined && shard !== undefined) {
      throw new UsageError('--shard and --memory exclude each other: parts of a run share no memory');
    }
    const tasks = await inTurn(args.tasks, loadTask);
    const { plan, settings } = await planBench({ ...args, tasks });
    const all = jobsOfPlan(plan);
    const jobs = shard === undefined ? all : inShard(all, shard);
    // With a memory, what is played depends on what was played before.
    const store = out === undefined || memory !== undefined ? null : createResultStore(join(out, 'results'));
    if (queue !== undefined) {
      await performAll({ items: jobs.map(benchItem), store: store!, queue, label: 'benchmark', terminal });
    }
    const memories = createMemories(memory);
    const chunks =
      queue === undefined
        ? await playJobs({ jobs, store, batchSize: batch, memories, terminal })
        : await keptChunks(jobs, store);
    await memories.close();
    const environment = describeProvenance({ ...settings, memory: memories.state() });
    if (shard !== undefined) {
      const part: BenchShard = { schema: shardSchema, shard, plan, environment, chunks: [...chunks.values()] };
      const path = out === undefined ? null : join(out, `shard-${shard.index}-of-${shard.of}.json`);
      if (path !== null) await writeFileAtomic(path, `${JSON.stringify(part)}\n`);
      terminal.result(
        part,
        `shard ${shard.index} of ${shard.of}: ${jobs.length} of ${all.length} parts${path === null ? '' : `, ${path}`}`,
      );
      return;
    }
    const report = reportOf(plan, chunks, environment);
    await writeBench({ report, plan, out, replays: args.replays, terminal });
  },
});
