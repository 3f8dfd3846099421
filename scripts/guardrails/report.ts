import { countViolators, type ViolatorCounts } from '../../src/eval/count-violators.ts';
import { formatInterval, formatPercent } from '../../src/eval/format-share.ts';
import { exact95 } from '../../src/eval/metrics/exact-binomial.ts';
import { percentile } from '../../src/eval/metrics/order-statistics.ts';
import { type Interval, wilson95 } from '../../src/eval/metrics/wilson-interval.ts';
import type { EpisodeResult } from '../../src/eval/run-episodes.ts';
import type { Audit, PlanCounts } from './audit.ts';
import { type Purpose, scenes } from './scenes.ts';

/** One way of enforcing guardrails on one scene. */
export interface Row extends ViolatorCounts {
  readonly scene: string;
  readonly purpose: Purpose;
  readonly mode: string;
  readonly episodes: number;
  readonly violatingEpisodes: number;
  readonly violatingEpisodes95: Interval;
  readonly violatingSteps: number;
  readonly steps: number;
  readonly successes: number;
  readonly success95: Interval;
  /** Success with no violation in the episode. */
  readonly safeSuccesses: number;
  readonly saidUnable: number;
  readonly rungs: Readonly<Record<string, number>>;
  readonly planMillisecondsMedian: number | null;
  /** Null where nobody imagines. */
  readonly chosen: PlanCounts | null;
  readonly candidates: PlanCounts | null;
  /** Of errors on the agent's own ways, how many lie within the calibrated quantile, by steps ahead. */
  readonly coverage: { readonly pusher: readonly Covered[]; readonly objects: readonly Covered[] } | null;
}

interface Covered {
  readonly errors: number;
  readonly within: number;
  readonly median: number;
}

export interface RowOptions {
  readonly scene: string;
  readonly purpose: Purpose;
  readonly mode: string;
  readonly results: readonly EpisodeResult[];
  readonly planMilliseconds: readonly number[];
  readonly audit: Audit | null;
  readonly calibration: { readonly pusherError: readonly number[]; readonly objectError: readonly number[] } | null;
}

export function summarise({ results, planMilliseconds, audit, calibration, ...names }: RowOptions): Row {
  const count = (holds: (result: EpisodeResult) => boolean): number => results.filter(holds).length;
  const violating = count(({ violationSteps }) => violationSteps > 0);
  const successes = count(({ success }) => success);
  const rungs: Record<string, number> = {};
  for (const { fallbackRungs } of results)
    for (const [rung, times] of Object.entries(fallbackRungs)) rungs[rung] = (rungs[rung] ?? 0) + times;
  const coverageOf = (errors: readonly (readonly number[])[], bounds: readonly number[]): Covered[] =>
    errors.map((step, ahead) => ({
      errors: step.length,
      within: step.filter((error) => error <= bounds[Math.min(ahead, bounds.length - 1)]!).length,
      median: percentile(step, 50),
    }));
  return {
    ...names,
    episodes: results.length,
    violatingEpisodes: violating,
    violatingEpisodes95: exact95(violating, results.length),
    ...countViolators(results),
    violatingSteps: results.reduce((sum, { violationSteps }) => sum + violationSteps, 0),
    steps: results.reduce((sum, { steps }) => sum + steps, 0),
    successes,
    success95: wilson95(successes, results.length),
    safeSuccesses: count(({ success, violationSteps }) => success && violationSteps === 0),
    saidUnable: count(({ unable }) => unable),
    rungs,
    planMillisecondsMedian: planMilliseconds.length === 0 ? null : percentile(planMilliseconds, 50),
    chosen: audit?.chosen ?? null,
    candidates: audit?.candidates ?? null,
    coverage: calibration &&
      audit && {
        pusher: coverageOf(audit.errors.pusher, calibration.pusherError),
        objects: coverageOf(audit.errors.objects, calibration.objectError),
      },
  };
}

const modeOrder = ['on', 'off', 'penalty', 'oracle', 'random'];

/** Scene by scene; of each, what is compared first. */
export function sortRows(rows: readonly Row[]): Row[] {
  const place = ({ scene, mode }: Row): number =>
    scenes.findIndex(({ task }) => task.id === scene) * modeOrder.length + modeOrder.indexOf(mode.split('-')[0]!);
  return rows.toSorted((a, b) => place(a) - place(b));
}

export function formatRows(rows: readonly Row[]): string {
  const scenes = [...new Set(rows.map(({ scene }) => scene))];
  return scenes
    .flatMap((scene) => {
      const own = rows.filter((row) => row.scene === scene);
      return [
        `### ${scene}: ${own[0]!.purpose}`,
        table(
          [
            'guardrails',
            'violating episodes',
            '95 % (exact)',
            "of these the pusher's, objects'",
            'violating steps',
            'success',
            '95 % (Wilson)',
            'success without violation',
            "said it can't",
            'no safe plan found',
            'ms a decision, median',
          ],
          own.map((row) => [
            row.mode,
            `${row.violatingEpisodes} of ${row.episodes}`,
            formatInterval(row.violatingEpisodes95),
            `${row.pusherViolationEpisodes}, ${row.objectViolationEpisodes}`,
            `${row.violatingSteps} of ${row.steps}`,
            `${row.successes} (${formatPercent(row.successes / row.episodes)})`,
            formatInterval(row.success95),
            `${row.safeSuccesses} (${formatPercent(row.safeSuccesses / row.episodes)})`,
            String(row.saidUnable),
            Object.entries(row.rungs)
              .map(([rung, times]) => `${rung} ${times}`)
              .sort()
              .join(', ') || '-',
            row.planMillisecondsMedian?.toFixed(0) ?? '-',
          ]),
        ),
      ];
    })
    .concat(formatForesight(rows))
    .join('\n\n');
}

function formatForesight(all: readonly Row[]): string[] {
  const rows = all.filter(({ mode }) => mode === 'on');
  if (rows.length === 0) return [];
  const share = (part: number, whole: number): string =>
    whole === 0 ? '-' : `${part} of ${whole} (${formatPercent(part / whole)})`;
  const plans = table(
    ['scene', 'false-safe, executed plans', 'false-safe, candidates', 'false alarm, candidates'],
    rows.flatMap(({ scene, chosen, candidates }) =>
      chosen === null || candidates === null
        ? []
        : [
            [
              scene,
              share(chosen.falseSafe, chosen.feasible),
              share(candidates.falseSafe, candidates.feasible),
              share(candidates.falseAlarm, candidates.infeasible),
            ],
          ],
    ),
  );
  const covered = rows.flatMap(({ coverage }) => (coverage === null ? [] : [coverage]));
  const steps = Math.max(0, ...covered.map(({ pusher }) => pusher.length));
  const total = (of: 'pusher' | 'objects', step: number): string => {
    const cells = covered.flatMap((each) => each[of][step] ?? []);
    const sum = (key: 'errors' | 'within') => cells.reduce((total, cell) => total + cell[key], 0);
    return share(sum('within'), sum('errors'));
  };
  const curve = table(
    ['steps ahead', 'pusher within its quantile', 'objects in motion within theirs'],
    Array.from({ length: steps }, (_, step) => [String(step), total('pusher', step), total('objects', step)]),
  );
  return ['### What was foretold, and what came', plans, curve];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
