import { createRng } from '../../src/core/rng.ts';
import { pairedBootstrap95 } from '../../src/eval/metrics/paired-comparison.ts';
import { wilson95 } from '../../src/eval/metrics/wilson-interval.ts';
import type { Arm } from './attempt-scenes.ts';

export interface Row {
  readonly name: string;
  /** Share of scenes solved in the first attempt, and its 95 % intervals: Wilson's; paired, of the difference to cold. */
  readonly solvedAtOnce: number;
  readonly wilson95: readonly [number, number];
  readonly less95: readonly [number, number];
  /** Evaluations to first success: mean, and over cold's with its paired 95 % interval; null after one attempt only. */
  readonly evaluations: number | null;
  readonly ratio: number | null;
  readonly ratio95: readonly [number, number] | null;
  readonly recalled: number;
  /** Which of cold and warm the first attempts went like, to the last bit; null: neither. */
  readonly like: string | null;
}

const resamples = 2000;

/** Arms beside the first, which is cold. */
export function rowsOf(arms: ReadonlyMap<string, Arm>, seed: number): Row[] {
  const [[, cold]] = [...arms] as [[string, Arm]];
  const firsts = (arm: Arm | undefined) => arm?.scenes.map(({ firstDistance }) => firstDistance).join();
  const atOnce = ({ scenes }: Arm) => scenes.map(({ solvedAtOnce }) => Number(solvedAtOnce));
  return [...arms].map(([name, arm]): Row => {
    const successes = atOnce(arm).reduce((sum, one) => sum + one, 0);
    const complete = name === 'cold' || name === 'warm';
    return {
      name,
      solvedAtOnce: successes / arm.scenes.length,
      wilson95: wilson95(successes, arm.scenes.length),
      less95: pairedBootstrap95({ first: atOnce(arm), second: atOnce(cold), seed }),
      evaluations: complete ? evaluationsOf(arm) : null,
      ratio: complete ? evaluationsOf(arm) / evaluationsOf(cold) : null,
      ratio95: complete ? ratio95(arm, cold, seed) : null,
      recalled: arm.recalled,
      like: complete ? null : (['cold', 'warm'].find((other) => firsts(arms.get(other)) === firsts(arm)) ?? null),
    };
  });
}

/** As Markdown, for people and documents. */
export function formatRows(rows: readonly Row[]): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const range = ([low, high]: readonly [number, number], text: (value: number) => string) =>
    `[${text(low)}, ${text(high)}]`;
  const cold = rows[0]!.solvedAtOnce;
  const lines = rows.map(({ name, solvedAtOnce, recalled, ratio, ratio95: interval, like, ...row }) => [
    name,
    `${percent(solvedAtOnce)} ${range(row.wilson95, percent)}`,
    name === 'cold' ? '' : `${percent(solvedAtOnce - cold)} ${range(row.less95, percent)}`,
    row.evaluations?.toFixed(0) ?? '',
    ratio === null || name === 'cold' ? '' : `${ratio.toFixed(2)} ${range(interval!, (value) => value.toFixed(2))}`,
    name === 'cold' ? '' : percent(recalled),
    like === null ? '' : `as ${like}`,
  ]);
  const header = [
    'memory',
    'solved at once, %',
    'beside cold, points',
    'evaluations to success',
    'of cold',
    'decisions that recall, %',
    'first attempts',
  ];
  return [header, header.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function evaluationsOf({ scenes }: Arm): number {
  return scenes.reduce((sum, { evaluations }) => sum + evaluations, 0) / scenes.length;
}

/** Paired bootstrap over scenes. */
function ratio95(arm: Arm, cold: Arm, seed: number): [number, number] {
  const rng = createRng(seed, 'memory', 'bootstrap');
  const ratios = Array.from({ length: resamples }, () => {
    let [own, others] = [0, 0];
    for (let i = 0; i < arm.scenes.length; i++) {
      const drawn = rng.integer(arm.scenes.length);
      own += arm.scenes[drawn]!.evaluations;
      others += cold.scenes[drawn]!.evaluations;
    }
    return own / others;
  }).sort((a, b) => a - b);
  return [ratios[0.025 * resamples]!, ratios[0.975 * resamples - 1]!];
}
