/**
 * Plays the guardrail scenes with guardrails on, off and as a weighted sum, beside the search on true dynamics and
 * chance, each on the same episodes, and writes what the simulator saw: node dist/scripts/measure-guardrails.js
 * [--model DIR] [--episodes N] [--seed N] [--scenes a,b] [--modes on,off,penalty-1,penalty-10,oracle,random]
 * [--with FILE,FILE] [--out DIR] [--docs FILE]
 *
 * `--with` adds the rows of earlier calls (their `guardrails.json`). `--docs` replaces the text between the two marks in
 * a Markdown file.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Enforcement } from '../src/agent/agent.ts';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import type { Policy } from '../src/core/contracts.ts';
import { UsageError } from '../src/core/errors.ts';
import type { TaskSpec } from '../src/core/task.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { createOraclePolicy } from '../src/eval/baselines/oracle.ts';
import { createRandomPolicy } from '../src/eval/baselines/random.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import type { PrivilegedPolicy } from '../src/eval/privileged-policy.ts';
import { describeProvenance } from '../src/eval/provenance.ts';
import { runEpisodes } from '../src/eval/run-episodes.ts';
import { loadModel, type StoredModel } from '../src/world-model/model-store.ts';
import { type Audit, createAuditedAgent } from './guardrails/audit.ts';
import { formatRows, type Row, sortRows, summarise } from './guardrails/report.ts';
import { type Scene, scenes } from './guardrails/scenes.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: shippedModelDirectory('tabletop') },
    episodes: { type: 'string', default: '300' },
    seed: { type: 'string', default: '0' },
    scenes: { type: 'string' },
    modes: { type: 'string', default: 'on,off,penalty-1,penalty-10,oracle,random' },
    with: { type: 'string' },
    out: { type: 'string', default: 'runs/guardrails' },
    docs: { type: 'string' },
  },
});
const episodes = Number(options.episodes);
const seed = Number(options.seed);
const wanted = options.scenes?.split(',');
const modes = options.modes.split(',');

const model = await loadModel(options.model);
const rows: Row[] = [];
for (const file of options.with?.split(',') ?? []) rows.push(...JSON.parse(await readFile(file, 'utf8')).rows);
for (const scene of scenes) {
  if (wanted !== undefined && !wanted.includes(scene.task.id)) continue;
  for (const mode of modes) {
    const row = await measure(model, scene, mode);
    rows.push(row);
    await report();
    process.stderr.write(
      `${row.scene}, ${mode}: ${row.violatingEpisodes} of ${episodes} violating, ${row.successes} solved, ${row.saidUnable} said it can't\n`,
    );
  }
}
process.stdout.write(`${await report()}\n`);

/** All rows so far, whatever happens to the rest. */
async function report(): Promise<string> {
  const provenance = describeProvenance({
    seed,
    device: 'native',
    threads: 1,
    guardrails: 'on',
    models: { tabletop: model.hash },
  });
  const sorted = sortRows(rows);
  const text = formatRows(sorted);
  await writeFileAtomic(
    join(options.out, 'guardrails.json'),
    `${JSON.stringify({ rows: sorted, provenance }, null, 2)}\n`,
  );
  await writeFileAtomic(join(options.out, 'guardrails.md'), `${text}\n`);
  if (options.docs !== undefined) await writeIntoDocs(options.docs, text);
  return text;
}

async function measure(stored: StoredModel, { task, purpose }: Scene, mode: string): Promise<Row> {
  const { policy, audit } = await played(stored, task, mode);
  const results = await runEpisodes({
    policy,
    createEnvironment: () => createEnvironment(task),
    seeds: episodeSeeds(seed, task.id, episodes),
    batchSize: 8,
  });
  await policy.dispose?.();
  return summarise({
    scene: task.id,
    purpose,
    mode,
    results,
    planMilliseconds: policy.planMilliseconds ?? [],
    audit: audit?.() ?? null,
    calibration: stored.config.calibration ?? null,
  });
}

/** Who plays a row, and where it is the agent what was foretold. */
async function played(
  stored: StoredModel,
  task: TaskSpec,
  mode: string,
): Promise<{ policy: Policy | PrivilegedPolicy; audit?: () => Audit }> {
  if (mode === 'oracle') return { policy: createOraclePolicy({ task, createEnvironment }) };
  if (mode === 'random') return { policy: createRandomPolicy(createEnvironment(task)) };
  const guardrails = enforcementOf(mode);
  return createAuditedAgent({
    task,
    every: 3,
    createEnvironment,
    createAgent: (onSearch) => createAgentWithModel(stored, { world: 'tabletop', guardrails, onSearch }),
  });
}

/** `penalty-W`: a weighted sum, W the cost of a table width of violation at a step. */
function enforcementOf(mode: string): Enforcement {
  if (mode === 'on' || mode === 'off') return mode;
  const penalty = Number(/^penalty-(\d+(\.\d+)?)$/.exec(mode)?.[1] ?? Number.NaN);
  if (!Number.isFinite(penalty))
    throw new UsageError(`modes are 'on', 'off', 'penalty-W', 'oracle' and 'random', not '${mode}'`);
  return { penalty };
}

async function writeIntoDocs(file: string, text: string): Promise<void> {
  const [begin, end] = ['<!-- measured: begin -->', '<!-- measured: end -->'];
  const page = await readFile(file, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new UsageError(`${file} lacks the marks '${begin}' and '${end}'`);
  const made = `Model ${model.hash.slice(0, 12)}, seed ${seed}.`;
  await writeFileAtomic(file, `${page.slice(0, from)}${begin}\n\n${made}\n\n${text}\n\n${page.slice(to)}`);
}
