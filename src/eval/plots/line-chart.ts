import { drawText } from '../replay/stroke-font.ts';
import { px, theme } from '../replay/theme.ts';

export interface Series {
  readonly label: string;
  readonly colour: string;
  /** [x, y], x ascending. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChartOptions {
  readonly title: string;
  readonly series: readonly Series[];
  /** Pixels, of the whole panel. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const letters = 8;
const margin = { left: 48, right: 8, top: 34, bottom: 22 } as const;

/**
 * Lines over a common axis as SVG, letters drawn as strokes, so that they show without a font. The vertical scale is
 * logarithmic where all values are above 0 and spread over more than a factor of 20.
 */
export function drawLineChart({ title, series, x, y, width, height }: LineChartOptions): string {
  const points = series.flatMap((each) => each.points).filter(([, value]) => Number.isFinite(value));
  const text = (
    content: string,
    at: readonly [number, number],
    anchor: 'start' | 'end',
    colour: string = theme.muted,
  ) => drawText({ text: content, x: at[0], y: at[1], height: letters, colour, anchor });
  const parts = [text(title, [x + margin.left, y + letters], 'start', theme.ink)];
  const [left, right] = [x + margin.left, x + width - margin.right];
  const [top, bottom] = [y + margin.top, y + height - margin.bottom];
  if (points.length === 0) return parts.concat(text('nothing logged', [left, (top + bottom) / 2], 'start')).join('');

  const values = points.map(([, value]) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLogarithmic = low > 0 && high / low > 20;
  const scale = (value: number) => (isLogarithmic ? Math.log10(value) : value);
  const ticks = isLogarithmic ? decades(low, high) : roundSteps(Math.min(0, low), high);
  const [from, to] = [scale(Math.min(low, ticks[0]!)), scale(Math.max(high, ticks.at(-1)!))];
  const lastStep = Math.max(1, ...points.map(([step]) => step));
  const placeX = (step: number) => left + ((right - left) * step) / lastStep;
  const placeY = (value: number) => bottom - ((bottom - top) * (scale(value) - from)) / (to - from || 1);

  for (const tick of ticks) {
    const at = placeY(tick);
    parts.push(`<path d="M${px(left)} ${px(at)}H${px(right)}" stroke="${theme.rule}" stroke-width="1"/>`);
    parts.push(text(short(tick), [left - 6, at + letters / 2], 'end'));
  }
  for (const step of roundSteps(0, lastStep))
    if (step <= lastStep) parts.push(text(short(step), [placeX(step) + 4, bottom + letters + 8], 'end'));
  let legend = left;
  for (const { label, colour, points: own } of series) {
    const line = own
      .filter(([, value]) => Number.isFinite(value))
      .map(([step, value]) => `${px(placeX(step))} ${px(placeY(value))}`)
      .join('L');
    if (line === '') continue;
    parts.push(`<path d="M${line}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"/>`);
    parts.push(text(label, [legend, y + 2.6 * letters], 'start', colour));
    legend += label.length * letters * 0.82 + 14;
  }
  return parts.join('');
}

/** About five round numbers from at most `low` to at least `high`. */
function roundSteps(low: number, high: number): number[] {
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough)!;
  const first = Math.floor(low / step);
  return Array.from({ length: Math.ceil(high / step) - first + 1 }, (_, i) => (first + i) * step);
}

function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  return Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => 10 ** (first + i));
}

function short(value: number): string {
  if (Math.abs(value) >= 1000) return `${Number((value / 1000).toPrecision(3))}k`;
  return String(Number(value.toPrecision(3)));
}
