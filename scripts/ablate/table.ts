import { wilson95 } from '../../src/eval/metrics/wilson-interval.ts';
import type { RolloutErrors } from './rollout-errors.ts';

/** Held-out measures at one moment of training. */
export interface Moment {
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** One variant, trained with one seed, as it lies in its file. */
export interface Row {
  readonly settings: string;
  readonly config: string;
  readonly variant: string;
  readonly title: string;
  readonly seed: number;
  readonly steps: number;
  readonly cpuSeconds: number;
  readonly history: readonly Moment[];
  readonly warnings: readonly string[];
  readonly rollout: RolloutErrors;
  /** One for each task. */
  readonly planning: readonly Planning[];
}

/** How well a row's agent plays a task. */
export interface Planning {
  readonly task: string;
  readonly episodes: number;
  readonly successes: number;
  readonly meanFinalDistance: number;
}

/** A Markdown table of one configuration: a line a variant, over its seeds. */
export function formatTable(rows: readonly Row[]): string {
  const header = [
    'objective',
    'seeds',
    'effective rank at 10 %, 50 %, 100 % of training',
    'std',
    'share of variance in time',
    'inverse dynamics / chance',
    'probe / chance',
    'position error seen; after 1, 4, 8, 12 steps',
    'latent error after 1, 4, 8, 12 steps',
    ...rows[0]!.planning.map(({ task }) => `success at ${task}`),
    'warned of',
  ];
  const ids = [...new Set(rows.map(({ variant }) => variant))];
  const lines = ids.map((id) => formatLine(rows.filter(({ variant }) => variant === id)));
  return [header, header.map((_, i) => (i === 0 ? '---' : '---:')), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function formatLine(rows: readonly Row[]): string[] {
  const over = (read: (row: Row) => number | undefined, digits: number): string => {
    const values = rows.map(read).filter((value) => value !== undefined && Number.isFinite(value)) as number[];
    return values.length === 0 ? '–' : (values.reduce((a, b) => a + b) / values.length).toFixed(digits);
  };
  const during = (name: string, digits: number): string =>
    [0.1, 0.5, 1].map((share) => over((row) => momentAt(row, share)[name], digits)).join(', ');
  const final = (row: Row): Moment['metrics'] => momentAt(row, 1);
  const ofChance = (row: Row, name: string): number | undefined => final(row)[name]! / final(row)[`${name}Chance`]!;
  const probe = (row: Row): string => ('probe' in final(row) ? 'probe' : 'heading');

  const success = (task: string): string => {
    const played = rows.flatMap(({ planning }) => planning.filter((each) => each.task === task));
    const [episodes, successes] = [sumOf(played, 'episodes'), sumOf(played, 'successes')];
    const [low, high] = wilson95(successes, episodes).map((share) => Math.round(100 * share)) as [number, number];
    return `${((100 * successes) / episodes).toFixed(0)} % [${low}–${high}] of ${episodes}`;
  };
  const positions = rows[0]!.rollout.position.map((_, i) => over(({ rollout }) => rollout.position[i], 3));
  const kinds = new Set(rows.flatMap(({ warnings }) => warnings.map(kindOf)));
  return [
    rows[0]!.title,
    rows.map(({ seed }) => seed).join(', '),
    during('effectiveRank', 1),
    during('std', 2),
    over((row) => final(row).temporalShare, 3),
    over((row) => ofChance(row, 'inverse'), 2),
    over((row) => ofChance(row, probe(row)), 2),
    `${positions[0]}; ${positions.slice(1).join(', ')}`,
    rows[0]!.rollout.latent.map((_, i) => over(({ rollout }) => rollout.latent[i], 2)).join(', '),
    ...rows[0]!.planning.map(({ task }) => success(task)),
    kinds.size === 0 ? 'nothing' : [...kinds].join(', '),
  ];
}

function sumOf(played: readonly Planning[], count: 'episodes' | 'successes'): number {
  return played.reduce((sum, each) => sum + each[count], 0);
}

/** Measures at the evaluation nearest to a share of the training. */
function momentAt({ history, steps }: Row, share: number): Moment['metrics'] {
  const gap = ({ step }: Moment): number => Math.abs(step - share * steps);
  return history.reduce((best, moment) => (gap(moment) < gap(best) ? moment : best)).metrics;
}

/** `step 300: static collapse: ...` -> `static (300)` */
function kindOf(warning: string): string {
  return warning.replace(/^step (\d+): (\w+) collapse.*$/s, '$2 ($1)');
}
