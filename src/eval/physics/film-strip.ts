import ndarray from 'ndarray';
import sharp from 'sharp';
import { filmFrames } from '../../env/side-view/quadruplet.ts';
import { picture, type SideSnapshot } from '../../env/side-view/side-view.ts';
import { createCanvas } from '../replay/canvas.ts';
import { drawText } from '../replay/stroke-font.ts';
import { paperColour, px, theme } from '../replay/theme.ts';
import { type JudgedPair, type JudgedQuadruplet, modelName } from './judge-quadruplets.ts';
import { surpriseOf } from './physics-report.ts';

const side = 72;
const gap = 3;
const margin = 14;
const heading = 26;
const letters = 8;
const label = 16;
const curveHeight = 64;
const pairGap = 22;

/**
 * A quadruplet for people: of each context the possible and the impossible film as strips of frames, and below them how
 * surprising each frame was, possible in green, impossible in red. A line marks where the edit was made. WebP.
 */
export async function drawFilmStrip({ scenario, fork, pairs }: JudgedQuadruplet): Promise<Buffer> {
  const width = 2 * margin + filmFrames * (side + gap) - gap;
  const pairHeight = 2 * (label + side + gap) + curveHeight + pairGap;
  const height = margin + heading + 2 * pairHeight;
  const canvas = createCanvas(width, height, paperColour);
  const title = `${scenario.property}, ${scenario.visibility}`;
  let svg = text(title, margin, margin + 12, 12, theme.ink);
  const highest = Math.max(...pairs.flatMap(({ curves }) => curves[modelName]!.flat()), 1e-9);
  for (const [i, pair] of pairs.entries()) {
    const top = margin + heading + i * pairHeight;
    for (const [row, film] of pair.films.entries()) {
      const y = top + row * (label + side + gap);
      const total = surpriseOf(pair.curves[modelName]![row]!).toFixed(3);
      const words = `${film.context.toUpperCase()}${film.outcome} ${film.possible ? 'possible' : 'impossible'} · surprise ${total}`;
      svg += text(words, margin, y + label - 4, letters, film.possible ? theme.good : theme.bad);
      for (const [frame, snapshot] of film.snapshots.entries()) {
        canvas.paste(frameOf(snapshot), margin + frame * (side + gap), y + label, side);
      }
    }
    const strips = 2 * (label + side + gap);
    svg += drawCurves(pair, top + strips, highest);
    const x = margin + (fork + 1) * (side + gap) - (gap + 1) / 2;
    svg += `<path d="M${px(x)} ${px(top + label)}V${px(top + strips + curveHeight)}" stroke="${theme.imagined}" stroke-width="2"/>`;
  }
  const document = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  return sharp(canvas.pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(document), left: 0, top: 0 }])
    .removeAlpha()
    .webp({ quality: 84, effort: 4 })
    .toBuffer();
}

function frameOf(snapshot: SideSnapshot) {
  return ndarray(picture(snapshot, side), [side, side, 3]);
}

/** Both films' surprise on one scale; each point stands below its frame. */
function drawCurves({ curves }: JudgedPair, top: number, highest: number): string {
  const bottom = top + curveHeight;
  const first = filmFrames - curves[modelName]![0].length;
  const path = (values: readonly number[], colour: string, strokeWidth: number): string => {
    const points = values.map((value, i) => {
      const x = margin + (first + i) * (side + gap) + side / 2;
      return `${px(x)} ${px(bottom - (curveHeight - 8) * (value / highest))}`;
    });
    return `<path d="M${points.join('L')}" fill="none" stroke="${colour}" stroke-width="${strokeWidth}" stroke-linejoin="round"/>`;
  };
  const [possible, impossible] = curves[modelName]!;
  const end = margin + filmFrames * (side + gap);
  return (
    `<path d="M${margin} ${px(bottom)}H${end}" stroke="${theme.rule}"/>` +
    text(`surprise, 0 to ${highest.toFixed(2)}`, margin, top + letters + 6, letters, theme.muted) +
    path(impossible, theme.bad, 3.2) +
    path(possible, theme.good, 1.8)
  );
}

function text(content: string, x: number, y: number, height: number, colour: string): string {
  return drawText({ text: content, x, y, height, colour });
}
