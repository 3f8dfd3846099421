/**
 * Plays the guardrail scenes with guardrails on, off and as a weighted sum, each on the same episodes, and writes what
 * the simulator saw: node dist/scripts/measure-guardrails.js [--model DIR] [--episodes N] [--seed N] [--scenes a,b]
 * [--modes on,off,penalty-1,penalty-10] [--out DIR] [--docs FILE]
 *
 * `--docs` replaces the text between the two marks in a Markdown file.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Enforcement } from '../src/agent/agent.ts';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { UsageError } from '../src/core/errors.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import { describeProvenance } from '../src/eval/provenance.ts';
import { runEpisodes } from '../src/eval/run-episodes.ts';
import { loadModel, type StoredModel } from '../src/world-model/model-store.ts';
import { createAuditedAgent } from './guardrails/audit.ts';
import { formatRows, type Row, summarise } from './guardrails/report.ts';
import { type Scene, scenes } from './guardrails/scenes.ts';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: shippedModelDirectory('tabletop') },
    episodes: { type: 'string', default: '300' },
    seed: { type: 'string', default: '0' },
    scenes: { type: 'string' },
    modes: { type: 'string', default: 'on,off,penalty-1,penalty-10' },
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
for (const scene of scenes) {
  if (wanted !== undefined && !wanted.includes(scene.task.id)) continue;
  for (const mode of modes) {
    const row = await measure(model, scene, mode);
    rows.push(row);
    process.stderr.write(
      `${row.scene}, ${mode}: ${row.violatingEpisodes} of ${episodes} violating, ${row.successes} solved, ${row.saidUnable} said it can't\n`,
    );
  }
}
const provenance = describeProvenance({
  seed,
  device: 'native',
  threads: 1,
  guardrails: 'on',
  models: { tabletop: model.hash },
});
const text = formatRows(rows);
await writeFileAtomic(join(options.out, 'guardrails.json'), `${JSON.stringify({ rows, provenance }, null, 2)}\n`);
await writeFileAtomic(join(options.out, 'guardrails.md'), `${text}\n`);
if (options.docs !== undefined) await writeIntoDocs(options.docs, text);
process.stdout.write(`${text}\n`);

async function measure(stored: StoredModel, { task, purpose }: Scene, mode: string): Promise<Row> {
  const { policy, audit } = await createAuditedAgent({
    task,
    every: 3,
    createEnvironment,
    createAgent: (onSearch) =>
      createAgentWithModel(stored, { world: 'tabletop', guardrails: enforcementOf(mode), onSearch }),
  });
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
    audit: audit(),
    calibration: stored.config.calibration ?? null,
  });
}

/** `penalty-W`: a weighted sum, W the cost of a table width of violation at a step. */
function enforcementOf(mode: string): Enforcement {
  if (mode === 'on' || mode === 'off') return mode;
  const penalty = Number(/^penalty-(\d+(\.\d+)?)$/.exec(mode)?.[1] ?? Number.NaN);
  if (!Number.isFinite(penalty)) throw new UsageError(`guardrails are 'on', 'off' or 'penalty-W', not '${mode}'`);
  return { penalty };
}

async function writeIntoDocs(file: string, text: string): Promise<void> {
  const [begin, end] = ['<!-- measured: begin -->', '<!-- measured: end -->'];
  const page = await readFile(file, 'utf8');
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new UsageError(`${file} lacks the marks '${begin}' and '${end}'`);
  const made = `Model ${model.hash.slice(0, 12)}, ${episodes} episodes a row, seed ${seed}.`;
  await writeFileAtomic(file, `${page.slice(0, from)}${begin}\n\n${made}\n\n${text}\n\n${page.slice(to)}`);
}
