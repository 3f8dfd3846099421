import type { Share } from './bootstrap-share.ts';
import type { PhysicsReport, PropertyResult } from './physics-report.ts';

/** The table of a report: a row for each property and visibility. */
export function physicsTable({ results }: PhysicsReport): string[][] {
  return [
    ['property', 'seen', 'pairs', 'model', 'in A', 'in B', 'pixels', 'untrained', 'each', 'frame change', 'with noise'],
    ...results.map((result) => [
      result.property,
      result.visibility,
      String(2 * result.quadruplets),
      showShare(result.model),
      ...result.byContext.map(percent),
      result.pixels === null ? '' : showShare(result.pixels),
      result.untrainedMean === null ? '' : showShare(result.untrainedMean),
      result.untrained.map((share) => Math.round(100 * share)).join(', '),
      percent(result.frameChange),
      result.withNoise === null ? '' : percent(result.withNoise),
    ]),
  ];
}

export function showShare({ share, interval95: [low, high] }: Share): string {
  return `${percent(share)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** A report as Markdown; `stripOf` names the picture of a row, relative to the document, where there is one. */
export function formatPhysicsMarkdown(
  report: PhysicsReport,
  stripOf: (result: PropertyResult) => string | null = () => null,
): string {
  const [head, ...rows] = physicsTable(report);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const strips = report.results.flatMap((result) => {
    const strip = stripOf(result);
    const name = `${result.property}, ${result.visibility}`;
    return strip === null ? [] : [`### ${name}`, '', `![${name}](${strip})`, ''];
  });
  return [
    '# Intuitive physics',
    '',
    explanation(report),
    '',
    line(head!),
    line(head!.map(() => '---')),
    ...rows.map(line),
    '',
    ...pushLines(report),
    ...(strips.length > 0 ? ['## What it looks like', '', ...strips] : []),
    '```json',
    JSON.stringify(report.environment, null, 2),
    '```',
    '',
  ].join('\n');
}

/** What the numbers are, in one paragraph. */
export function explanation({ context, results }: PhysicsReport): string {
  const compared = Math.max(0, ...results.map((result) => result.compared));
  const fewer = compared > 0 && results.some(({ quadruplets }) => quadruplets > compared);
  return (
    `Share of pairs in which the possible film surprised less than the impossible one it equals until the edit, with 95 % ` +
    `bootstrap intervals over quadruplets; chance is 50 %. Surprise is the latent prediction error of the next frame after ` +
    `${context} frames, averaged over the film.` +
    (fewer ? ` Models beside it watched the first ${compared} quadruplets of each kind.` : '')
  );
}

export function pushLines({ push }: PhysicsReport): string[] {
  if (push === null) return [];
  return [
    `Legal pushes: where nothing happened the model was less surprised than by a push in ${showShare(push.stillBelowPushed)} of`,
    `quadruplets (50 %: a push is no surprise); by a push less than by the same motion without one in ${showShare(push.pushedBelowUncaused)}.`,
    '',
  ];
}
