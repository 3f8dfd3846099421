import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { TaskSpec } from '../../core/task.ts';
import { playBench, type RecordedTask } from '../../eval/bench.ts';
import { type BenchReport, createBenchReport } from '../../eval/bench-report.ts';
import { describeProvenance } from '../../eval/provenance.ts';
import { requireFfmpeg } from '../../eval/replay/encode-mp4.ts';
import { type ReplayFormat, replayFormats } from '../../eval/replay/replay-formats.ts';
import { defineCommand } from '../command.ts';
import { createContestants } from '../create-contestants.ts';
import { loadTask } from '../load-task.ts';
import { createMemories } from '../memories.ts';
import { oneOf, optionalOneOf, optionalText, requiredText, wholeNumber } from '../options.ts';
import { playOptions } from '../play-options.ts';
import { formatResults } from '../results-table.ts';
import type { Terminal } from '../terminal.ts';
import { watchBench } from '../watch-bench.ts';

const rivals = ['random', 'noop', 'expert', 'oracle'] as const;

export const runCommand = defineCommand({
  options: {
    task: requiredText("A registered task ('amitable tasks ls') or a task file", 'ID|FILE'),
    episodes: wholeNumber({ describe: 'Episodes to play', minimum: 1, fallback: 20 }),
    beside: optionalOneOf('A policy that plays the same episodes, to compare with', rivals),
    out: optionalText('Folder for replays and the results as JSON', 'DIR'),
    replays: wholeNumber({ describe: "How many of the agent's episodes to draw, with --out", minimum: 0, fallback: 4 }),
    film: oneOf({ describe: 'What replays are; mp4 needs ffmpeg', choices: replayFormats, fallback: 'webp' }),
    ...playOptions,
  },
  async run(args, terminal) {
    const { episodes, beside, out, replays, film, seed, batch, device, threads, guardrails, horizon, critic } = args;
    const task = await loadTask(args.task);
    if (out !== undefined && film === 'mp4') await requireFfmpeg();
    const { createEnvironment } = await import('../../env/create-environment.ts');
    const policies = beside === undefined ? ['agent'] : ['agent', beside];
    const memories = createMemories(args.memory);
    const contestants = createContestants({ ...args, memories });
    await contestants.prepare(policies, [task]);
    const plays = await playBench({
      tasks: [task],
      policies,
      createContestant: contestants.create,
      createEnvironment,
      episodes,
      seed,
      batchSize: batch,
      record: (policy, index) => out !== undefined && policy === 'agent' && index < replays,
      ...watchBench(terminal, episodes),
    });
    await memories.close();
    const models = contestants.models();
    const settings = {
      ...{ seed, device, threads, guardrails, models, memory: memories.state() },
      ...(horizon === undefined ? {} : { horizon }),
      ...(critic === undefined ? {} : { critic }),
    };
    const report = createBenchReport(plays, describeProvenance(settings));
    const files = out === undefined ? [] : await writeOut({ folder: out, film, task, plays, report, terminal });
    const drawn = files.length === 0 ? [] : ['', ...files];
    terminal.result({ ...report, files }, [formatResults(report), ...drawn].join('\n'));
  },
});

interface Results {
  readonly folder: string;
  readonly film: ReplayFormat;
  readonly task: TaskSpec;
  readonly plays: readonly RecordedTask[];
  readonly report: BenchReport;
  readonly terminal: Terminal;
}

/** Writes results and replays, and returns the files' names. */
async function writeOut({ folder, film, task, plays, report, terminal }: Results): Promise<string[]> {
  const results = join(folder, 'results.json');
  await writeFileAtomic(results, `${JSON.stringify(report, null, 2)}\n`);
  const { writeReplay } = await import('../../eval/replay/write-replay.ts');
  const { encodeReplay } = await import('../../eval/replay/replay-file.ts');
  const { createEnvironment } = await import('../../env/create-environment.ts');
  const recordings = plays.flatMap(({ policy, episodes }) =>
    episodes.flatMap(({ recording }, index) => (recording === null ? [] : [{ policy, index, recording }])),
  );
  const progress = terminal.progress('drawing replays', recordings.length);
  const files: string[] = [];
  try {
    for (const { policy, index, recording } of recordings) {
      const name = join(folder, `${task.id}-${policy}-${String(index).padStart(3, '0')}`);
      await writeReplay(recording, createEnvironment(task), `${name}.${film}`);
      await writeFileAtomic(`${name}.json`, encodeReplay(recording));
      files.push(`${name}.${film}`, `${name}.json`);
      progress.update(files.length / 2);
    }
  } finally {
    progress.stop();
  }
  return [...files, results];
}
