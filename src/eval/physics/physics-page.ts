import { explanation, physicsTable, pushLines } from './physics-markdown.ts';
import type { PhysicsReport, PropertyResult } from './physics-report.ts';
import { pushExplanation, pushTable } from './push-markdown.ts';
import type { PushReport } from './push-report.ts';

/** A report as one self-contained page, film strips included. */
export function formatPhysicsPage(report: PhysicsReport, stripOf: (result: PropertyResult) => Buffer | null): string {
  return formatPage({
    title: 'Intuitive physics',
    before: explanation(report),
    table: physicsTable(report),
    after: pushLines(report).join(' '),
    strips: report.results.map((result) => [`${result.property}, ${result.visibility}`, stripOf(result)]),
    environment: report.environment,
  });
}

/** The same of a report on pushes. */
export function formatPushPage(report: PushReport, strip: Buffer): string {
  return formatPage({
    title: 'Did my push cause this?',
    before: pushExplanation(report),
    table: pushTable(report),
    after: '',
    strips: [['What it looks like', strip]],
    environment: report.environment,
  });
}

interface Page {
  readonly title: string;
  readonly before: string;
  readonly table: readonly (readonly string[])[];
  readonly after: string;
  readonly strips: readonly (readonly [name: string, strip: Buffer | null])[];
  readonly environment: unknown;
}

function formatPage({ title, before, table: [head, ...rows], after, strips, environment }: Page): string {
  const cells = (tag: string, values: readonly string[]): string =>
    `<tr>${values.map((value) => `<${tag}>${escapeHtml(value)}</${tag}>`).join('')}</tr>`;
  const pictures = strips.flatMap(([name, strip]) =>
    strip === null
      ? []
      : [`<h2>${name}</h2><img alt="${name}" src="data:image/webp;base64,${strip.toString('base64')}">`],
  );
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${style}</style>
<h1>${title}</h1>
<p>${escapeHtml(before)}</p>
<table><thead>${cells('th', head!)}</thead><tbody>${rows.map((row) => cells('td', row)).join('\n')}</tbody></table>
<p>${escapeHtml(after)}</p>
${pictures.join('\n')}
<h2>Made by</h2><pre>${escapeHtml(JSON.stringify(environment, null, 2))}</pre>
</html>
`;
}

const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2128; background: #fbfaf7; max-width: 1200px; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #dcd9d2; padding: .3rem .6rem; text-align: left; white-space: nowrap; }
img { max-width: 100%; border: 1px solid #dcd9d2; }
pre { overflow-x: auto; font-size: 12px; }`;

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
