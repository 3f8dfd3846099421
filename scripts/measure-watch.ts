/**
 * `node dist/scripts/measure-watch.js [--config two-rooms] [--labelled 500,1000,2000,6000,20000,50000] [--seeds 0,1,2]
 * [--watch-steps 2000] [--watch-episodes N] [--act-steps 1500] [--encoder-rate 0.1] [--episodes 100] [--points N]
 * [--threads N] [--out runs/watch] [--docs FILE]`
 *
 * Watch first, act later: success in planning against the number of control steps whose actions the model was told in
 * training, with an encoder that has watched and one that begins from nothing; alike in all else, training steps of the
 * labelled stage among them. `--points N` makes at most N new points; the same call again goes on, also where it was
 * interrupted in the middle of one. Writes `watch.CONFIG.json` and `.md` into the folder, and with `--docs` the table
 * between the marks `<!-- watch: CONFIG -->` and `<!-- /watch: CONFIG -->` of that document.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { UsageError } from '../src/core/errors.ts';
import { recipeByName } from '../src/training/recipes.ts';
import { type CurveOptions, finishedPoint, formatCurve, measurePoint, type Point, type Row } from './watch/curve.ts';

const { values: flags } = parseArgs({
  options: {
    config: { type: 'string', default: 'two-rooms' },
    labelled: { type: 'string', default: '500,1000,2000,6000,20000,50000' },
    seeds: { type: 'string', default: '0,1,2' },
    'watch-steps': { type: 'string', default: '2000' },
    'watch-episodes': { type: 'string' },
    'act-steps': { type: 'string', default: '1500' },
    'encoder-rate': { type: 'string', default: '0.1' },
    episodes: { type: 'string', default: '100' },
    points: { type: 'string' },
    threads: { type: 'string', default: '1' },
    out: { type: 'string', default: 'runs/watch' },
    docs: { type: 'string' },
  },
});

const tasks = { 'two-rooms': 'two-rooms', tabletop: 'push-to-goal', 'push-t': 'push-t' } as const;
const base = recipeByName(flags.config);
const options: CurveOptions = {
  base,
  task: tasks[base.model.world],
  episodes: number('episodes', flags.episodes),
  watchSteps: number('watch-steps', flags['watch-steps']),
  actSteps: number('act-steps', flags['act-steps']),
  encoderRate: number('encoder-rate', flags['encoder-rate']),
  watchEpisodes: flags['watch-episodes'] === undefined ? undefined : number('watch-episodes', flags['watch-episodes']),
  out: flags.out,
  onProgress: (what) => console.error(what),
  threads: number('threads', flags.threads),
};

// Seed by seed, and within one both ways: whatever is interrupted leaves points that can be compared.
const points: Point[] = flags.seeds.split(',').flatMap((seed) =>
  flags.labelled.split(',').flatMap((labelled) =>
    [false, true].map((watched) => ({
      seed: number('seeds', seed),
      labelledSteps: number('labelled', labelled),
      watched,
    })),
  ),
);
let left = flags.points === undefined ? Number.POSITIVE_INFINITY : number('points', flags.points);
const rows: Row[] = [];
for (const point of points) {
  const known = finishedPoint(options, point);
  if (known === null && left-- <= 0) continue;
  const row = known ?? (await measurePoint(options, point));
  rows.push(row);
  if (known === null) {
    const { labelledSteps, watched, seed, successes, episodes, cpuSeconds } = row;
    console.error(
      `${labelledSteps} labelled steps, ${watched ? 'watched' : 'not watched'}, seed ${seed}: ${successes} of ${episodes} (${cpuSeconds.toFixed(0)} CPU-seconds)`,
    );
    await report();
  }
}
await report();
console.log(text());

async function report(): Promise<void> {
  const stem = join(flags.out, `watch.${base.name}`);
  await writeFileAtomic(`${stem}.json`, `${JSON.stringify(rows, null, 2)}\n`);
  await writeFileAtomic(`${stem}.md`, `${text()}\n`);
  if (flags.docs === undefined) return;
  const document = await readFile(flags.docs, 'utf8');
  const [open, close] = [`<!-- watch: ${base.name} -->`, `<!-- /watch: ${base.name} -->`];
  const [from, to] = [document.indexOf(open), document.indexOf(close)];
  if (from < 0 || to < from) throw new UsageError(`${flags.docs} has no place marked '${open}' ... '${close}'`);
  const filled = `${document.slice(0, from + open.length)}\n${text()}\n${document.slice(to)}`;
  await writeFileAtomic(flags.docs, filled);
}

function text(): string {
  const { task, episodes, watchSteps, actSteps, encoderRate } = options;
  const seeds = new Set(rows.map(({ seed }) => seed)).size;
  return `\`${task}\`, ${episodes} episodes a seed, ${seeds} training ${seeds === 1 ? 'seed' : 'seeds'}; ${watchSteps} steps of watching, ${actSteps} with actions, the watched encoder at ${encoderRate} of the learning rate.\n\n${formatCurve(rows)}`;
}

function number(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new UsageError(`--${flag} takes numbers of at least 0, got '${text}'`);
  return value;
}
