import type { Frame } from '../core/contracts.ts';

/** Light to dark, for terminals without colours: a table is light, what stands on it is not. */
const shades = ' .:-=+*#%@';

/**
 * A picture of an even height as lines of text. With colours a character shows two pixels, one above the other;
 * without, the mean brightness of both.
 */
export function pictureText(frame: Frame, colours: boolean): string {
  const [height, width] = frame.shape as [number, number, number];
  const at = (y: number, x: number) => [0, 1, 2].map((channel) => frame.get(y, x, channel));
  const rows = Array.from({ length: Math.floor(height / 2) }, (_, row) => {
    const cells = Array.from({ length: width }, (_, x) => {
      const [above, below] = [at(2 * row, x), at(2 * row + 1, x)];
      return colours ? `\x1b[38;2;${above.join(';')};48;2;${below.join(';')}m▀` : shadeOf([...above, ...below]);
    });
    return `${cells.join('')}${colours ? '\x1b[0m' : ''}`;
  });
  return rows.join('\n');
}

function shadeOf(values: readonly number[]): string {
  const brightness = values.reduce((sum, value) => sum + value, 0) / values.length / 255;
  return shades[Math.min(shades.length - 1, Math.floor((1 - brightness) * shades.length))]!;
}
