import ndarray from 'ndarray';
import sharp from 'sharp';
import { createCanvas } from '../replay/canvas.ts';
import { drawText } from '../replay/stroke-font.ts';
import { paperColour, px, theme } from '../replay/theme.ts';

/** Side of a strip's frames, in pixels. */
export const stripSide = 72;
const gap = 3;
const margin = 14;
const heading = 26;
const letters = 8;
const label = 16;
const curveHeight = 64;
const pairGap = 22;

/** A film of a strip: its words, its frames [side, side, 3], and how surprising its last frames were. */
export interface StripFilm {
  readonly words: string;
  readonly possible: boolean;
  readonly frames: readonly Uint8Array[];
  readonly curve: readonly number[];
}

export interface Strips {
  readonly title: string;
  /** The last frame before films of a pair part. */
  readonly fork: number;
  readonly pairs: readonly (readonly [possible: StripFilm, impossible: StripFilm])[];
}

/**
 * Pairs of films for people: strips of frames, and below them how surprising each frame was, possible in green,
 * impossible in red. A line marks where they part. WebP.
 */
export async function drawStrips({ title, fork, pairs }: Strips): Promise<Buffer> {
  const count = pairs[0]![0].frames.length;
  const width = 2 * margin + count * (stripSide + gap) - gap;
  const pairHeight = 2 * (label + stripSide + gap) + curveHeight + pairGap;
  const height = margin + heading + pairs.length * pairHeight;
  const canvas = createCanvas(width, height, paperColour);
  let svg = text(title, margin, margin + 12, 12, theme.ink);
  const highest = Math.max(...pairs.flat().flatMap(({ curve }) => curve), 1e-9);
  for (const [i, pair] of pairs.entries()) {
    const top = margin + heading + i * pairHeight;
    for (const [row, { words, possible, frames }] of pair.entries()) {
      const y = top + row * (label + stripSide + gap);
      svg += text(words, margin, y + label - 4, letters, possible ? theme.good : theme.bad);
      for (const [frame, pixels] of frames.entries()) {
        const picture = ndarray(pixels, [stripSide, stripSide, 3]);
        canvas.paste(picture, margin + frame * (stripSide + gap), y + label, stripSide);
      }
    }
    const strips = 2 * (label + stripSide + gap);
    svg += drawCurves(pair, count, top + strips, highest);
    const x = margin + (fork + 1) * (stripSide + gap) - (gap + 1) / 2;
    svg += `<path d="M${px(x)} ${px(top + label)}V${px(top + strips + curveHeight)}" stroke="${theme.imagined}" stroke-width="2"/>`;
  }
  const document = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  return sharp(canvas.pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(document), left: 0, top: 0 }])
    .removeAlpha()
    .webp({ quality: 84, effort: 4 })
    .toBuffer();
}

/** Both films' surprise on one scale; each point stands below its frame. */
function drawCurves([possible, impossible]: Strips['pairs'][0], count: number, top: number, highest: number): string {
  const bottom = top + curveHeight;
  const path = ({ curve }: StripFilm, colour: string, strokeWidth: number): string => {
    const points = curve.map((value, i) => {
      const x = margin + (count - curve.length + i) * (stripSide + gap) + stripSide / 2;
      return `${px(x)} ${px(bottom - (curveHeight - 8) * (value / highest))}`;
    });
    return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="${strokeWidth}" stroke-linejoin="round"/>`;
  };
  const end = margin + count * (stripSide + gap);
  return (
    `<path d="M${margin} ${px(bottom)}H${end}" stroke="${theme.rule}"/>` +
    text(`surprise, 0 to ${highest.toPrecision(3)}`, margin, top + letters + 6, letters, theme.muted) +
    path(impossible, theme.bad, 3.2) +
    path(possible, theme.good, 1.8)
  );
}

function text(content: string, x: number, y: number, height: number, colour: string): string {
  return drawText({ text: content, x, y, height, colour });
}
