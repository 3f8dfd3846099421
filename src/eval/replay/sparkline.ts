import { drawText } from './stroke-font.ts';
import { px, theme } from './theme.ts';

export interface SparklineOptions {
  readonly label: string;
  /** One value a moment; null where there is none. */
  readonly values: readonly (number | null)[];
  /** The moment that is shown: the curve is drawn up to it. */
  readonly now: number;
  readonly colour: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The label's capitals' height in pixels. */
  readonly letters: number;
}

/** A small curve over the whole episode on a fixed scale from 0 to its largest value, with its present value written out. */
export function drawSparkline(options: SparklineOptions): string {
  const { label, values, now, colour, x, y, width, height, letters } = options;
  const known = values.filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const high = Math.max(low + 1e-9, ...known);
  const top = y + letters * 2;
  const place = (i: number, value: number) =>
    `${px(x + (width * i) / Math.max(1, values.length - 1))} ${px(top + (height - letters * 2) * (1 - (value - low) / (high - low)))}`;
  let path = '';
  let last: { readonly at: string; readonly value: number } | null = null;
  for (let i = 0; i <= now && i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    const at = place(i, value);
    path += `${last === null ? 'M' : 'L'}${at}`;
    last = { at, value };
  }
  const text = (content: string, anchor: 'start' | 'end', tone: string) =>
    drawText({
      text: content,
      x: anchor === 'start' ? x : x + width,
      y: y + letters,
      height: letters,
      colour: tone,
      anchor,
    });
  const base = `<path d="M${px(x)} ${px(y + height)}H${px(x + width)}" stroke="${theme.rule}" stroke-width="1"/>`;
  if (last === null) return text(label, 'start', theme.muted) + base;
  const [cx, cy] = last.at.split(' ');
  return (
    text(label, 'start', theme.muted) +
    text(last.value.toFixed(2), 'end', theme.ink) +
    base +
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round"/>` +
    `<circle cx="${cx}" cy="${cy}" r="2.6" fill="${colour}"/>`
  );
}
