import { percent, showShare } from './physics-markdown.ts';
import type { PushReport } from './push-report.ts';

/** The table of a report: a row for all things, and one for the object alone. */
export function pushTable({ scores }: PushReport): string[][] {
  return [
    [
      'judged by',
      'model',
      'pushed',
      'passed by',
      'untrained',
      'each',
      'right below wrong actions',
      'pushed, told that it passed',
    ],
    ...scores.map((score) => [
      score.of,
      showShare(score.model),
      showShare(score.pushed),
      showShare(score.passed),
      score.untrainedMean === null ? '' : showShare(score.untrainedMean),
      score.untrained.map((share) => Math.round(100 * share)).join(', '),
      showShare(score.rightActionsBelowWrong),
      showShare(score.pushedToldPassed),
    ]),
  ];
}

/** What the numbers are, in one paragraph. */
export function pushExplanation({ quadruplets, compared, frameChange }: PushReport): string {
  return (
    `Did my push cause this? ${quadruplets} quadruplets, each forked from one snapshot of the table: the agent pushes ` +
    `the object or passes it by, and the object moves so or stays. Share of pairs in which the possible film surprised ` +
    `less, with 95 % bootstrap intervals over quadruplets; chance is 50 %. Surprise is the latent prediction error of ` +
    `each step given the action taken, averaged over the film. By how much frames change: ${percent(frameChange)}. ` +
    `Wrong actions are those of the other context: of a push that it is told passed by, a model that reads actions ` +
    `should find impossible what happened.` +
    (compared > 0 && compared < quadruplets ? ` Untrained models watched the first ${compared} quadruplets.` : '')
  );
}

export function formatPushMarkdown(report: PushReport, strip: string | null = null): string {
  const [head, ...rows] = pushTable(report);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '# Did my push cause this?',
    '',
    pushExplanation(report),
    '',
    line(head!),
    line(head!.map(() => '---')),
    ...rows.map(line),
    '',
    ...(strip === null ? [] : [`![A quadruplet](${strip})`, '']),
    '```json',
    JSON.stringify(report.environment, null, 2),
    '```',
    '',
  ].join('\n');
}
