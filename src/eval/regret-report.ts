import type { Estimate, RegretRow } from './regret.ts';

export const regretSchema = 'amitable.regret/1';

export interface RegretReport {
  readonly schema: typeof regretSchema;
  readonly task: string;
  readonly planner: string;
  readonly model: string;
  readonly seed: number;
  readonly episodes: number;
  readonly decisions: number;
  readonly rows: readonly RegretRow[];
}

/** The table of a regret report, in thousandths: costs are in table widths, mostly. */
export function formatRegretMarkdown({ task, planner, episodes, decisions, rows }: RegretReport): string {
  const cells = ({ evaluations, planRegret, modelError, brokenPromise, trueRegret }: RegretRow): string =>
    `| ${[String(evaluations), ...[planRegret, modelError, brokenPromise, trueRegret].map(format)].join(' | ')} |`;
  return [
    `\`${task}\`, \`${planner}\`, ${decisions} decisions of ${episodes} episodes; means in thousandths, with the standard error over episodes:`,
    [
      '| candidates | plan regret (model) | model error | broken promise | true regret |',
      '| --- | --- | --- | --- | --- |',
      ...rows.map(cells),
    ].join('\n'),
  ].join('\n\n');
}

function format(estimate: Estimate | null): string {
  if (estimate === null) return '-';
  const { mean, standardError } = estimate;
  const spread = Number.isNaN(standardError) ? '' : ` ± ${(1000 * standardError).toFixed(1)}`;
  return `${(1000 * mean).toFixed(1)}${spread}`;
}
