import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { ScalarEvent } from '../../data/tensorboard/event-file.ts';
import { drawLineChart, type Series } from './line-chart.ts';

/** Told apart by colour-blind people too (Okabe and Ito, 2008). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

const panel = { width: 460, height: 220, gap: 18 } as const;
/** Columns of panels. */
const columns = 2;

/** Points that a curve of this width can show; more are thinned to means. */
const mostPoints = 400;

/**
 * Curves of all that was logged as SVG: a panel for each metric, tags of the same last part (`training/loss`,
 * `held-out/loss`) in one.
 */
export function drawLearningCurves(title: string, events: readonly ScalarEvent[]): string {
  const panels = new Map<string, Map<string, [number, number][]>>();
  for (const { step, scalars } of events) {
    for (const [tag, value] of Object.entries(scalars)) {
      const [group, name] = [tag.slice(0, tag.lastIndexOf('/')), tag.slice(tag.lastIndexOf('/') + 1)];
      const series = panels.get(name) ?? new Map<string, [number, number][]>();
      panels.set(name, series);
      series.set(group, [...(series.get(group) ?? []), [step, value]]);
    }
  }
  const sources = [...new Set([...panels.values()].flatMap((each) => [...each.keys()]))];
  const rows = Math.ceil(panels.size / columns);
  const [width, height] = [columns * panel.width + panel.gap, rows * (panel.height + panel.gap) + panel.gap];
  const charts = [...panels].map(([name, bySource], i) => {
    const series = [...bySource].map(
      ([label, points]): Series => ({
        label,
        colour: colours[sources.indexOf(label) % colours.length]!,
        points: thin(points),
      }),
    );
    return drawLineChart({
      title: i === 0 ? `${name} · ${title}` : name,
      series,
      x: (i % columns) * panel.width + panel.gap / 2,
      y: Math.floor(i / columns) * (panel.height + panel.gap) + panel.gap,
      width: panel.width,
      height: panel.height,
    });
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="#fbfaf7"/>${charts.join('')}</svg>\n`
  );
}

/** Means over equal runs of points, so that no curve has more than can be seen. */
function thin(points: readonly [number, number][]): readonly [number, number][] {
  const run = Math.ceil(points.length / mostPoints);
  if (run === 1) return points;
  return Array.from({ length: Math.ceil(points.length / run) }, (_, i) => {
    const own = points.slice(i * run, (i + 1) * run);
    return [own.at(-1)![0], own.reduce((sum, [, value]) => sum + value, 0) / own.length];
  });
}

/** Writes the curves as `<path>.svg` and `<path>.png`, twice as large, and returns both names. */
export async function writeLearningCurves(
  path: string,
  title: string,
  events: readonly ScalarEvent[],
): Promise<string[]> {
  const svg = drawLearningCurves(title, events);
  const { default: sharp } = await import('sharp');
  const png = await sharp(Buffer.from(svg), { density: 144 }).png({ compressionLevel: 9 }).toBuffer();
  await writeFileAtomic(`${path}.svg`, svg);
  await writeFileAtomic(`${path}.png`, png);
  return [`${path}.svg`, `${path}.png`];
}
