/** A curve, or a staircase for what changes only at whole steps. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly stairs?: boolean;
}

export interface LineChartOptions {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** @defaultValue what the points span, 0 included */
  readonly yRange?: readonly [low: number, high: number];
  readonly formatY?: (value: number) => string;
}

const width = 520;
const height = 260;
const margin = { left: 58, right: 14, top: 14, bottom: 40 };

/** Told apart by people who see few colours too (Okabe and Ito, 2008), black last. */
export const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** A chart as SVG, for pages that must not load anything. */
export function lineChart({ title, xLabel, yLabel, series, yRange, formatY = String }: LineChartOptions): string {
  const points = series.flatMap(({ points }) => points);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const left = Math.min(...xs);
  const right = Math.max(left + 1e-9, ...xs);
  const [low, high] = yRange ?? [Math.min(0, ...ys), Math.max(1e-9, ...ys)];
  const x = (value: number) => margin.left + ((value - left) / (right - left)) * (width - margin.left - margin.right);
  const y = (value: number) =>
    height - margin.bottom - ((value - low) / (high - low)) * (height - margin.top - margin.bottom);
  const at = (px: number, py: number) => `${px.toFixed(1)},${py.toFixed(1)}`;
  const text = (px: number, py: number, anchor: string, content: string) =>
    `<text x="${px.toFixed(1)}" y="${py.toFixed(1)}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;

  const grid = ticks(low, high).map(
    (tick) =>
      `<path class="grid" d="M${at(margin.left, y(tick))}H${width - margin.right}"/>` +
      text(margin.left - 6, y(tick) + 4, 'end', formatY(tick)),
  );
  const columns = ticks(left, right).map((tick) => text(x(tick), height - margin.bottom + 16, 'middle', String(tick)));
  const lines = series.map(({ points: own, stairs = false }, i) => {
    const path = own.map(([px, py], j) => {
      if (j === 0) return `M${at(x(px), y(py))}`;
      return stairs ? `H${x(px).toFixed(1)}V${y(py).toFixed(1)}` : `L${at(x(px), y(py))}`;
    });
    return `<path class="line" stroke="${colours[i % colours.length]}" d="${path.join('')}"/>`;
  });
  const legend = series.map(
    ({ name }, i) => `<span><i style="background:${colours[i % colours.length]}"></i>${escapeHtml(name)}</span>`,
  );
  return [
    `<figure><figcaption>${escapeHtml(title)}</figcaption>`,
    `<div class="legend">${legend.join('')}</div>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">`,
    ...grid,
    ...columns,
    text((margin.left + width - margin.right) / 2, height - 6, 'middle', xLabel),
    `<text transform="translate(14 ${(height - margin.bottom + margin.top) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(yLabel)}</text>`,
    `<path class="axis" d="M${at(margin.left, margin.top)}V${height - margin.bottom}H${width - margin.right}"/>`,
    ...lines,
    '</svg></figure>',
  ].join('\n');
}

/** Four to eight round numbers between two. */
export function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => each >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
