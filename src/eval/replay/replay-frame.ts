import sharp from 'sharp';
import type { Recording } from '../recording.ts';
import { createCanvas } from './canvas.ts';
import { drawCaption } from './caption.ts';
import type { Moment } from './moments.ts';
import { drawSceneOverlay, hatchPattern } from './scene-overlay.ts';
import { drawSparkline, type SparklineOptions } from './sparkline.ts';
import { drawText } from './stroke-font.ts';
import { paperColour, px, theme } from './theme.ts';

/** Where things are on a replay's frame, in pixels. */
export interface ReplayLayout {
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  /** Side of the small pictures on the right. */
  readonly inset: number;
  /** Height of small letters' capitals. */
  readonly letters: number;
}

/** The layout around a scene of `size` pixels; even sides, as video encoders want them. */
export function layOutReplay(size: number): ReplayLayout {
  const margin = Math.round(size / 26);
  const inset = Math.round(size * 0.285);
  const even = (value: number) => 2 * Math.ceil(value / 2);
  return {
    size,
    margin,
    inset,
    letters: size / 42,
    width: even(3 * margin + size + inset),
    height: even(2 * margin + size + captionHeight(size) + margin * 0.6),
  };
}

/** The curves beside the scene: one value a moment of the whole episode. */
export interface Curves {
  readonly distance: readonly number[];
  readonly planCost: readonly (number | null)[];
}

/** One frame of a replay: [height, width, 3] bytes. */
export async function paintReplayFrame(
  recording: Recording,
  moment: Moment,
  curves: Curves,
  layout: ReplayLayout,
): Promise<Buffer> {
  const { size, width, height, margin, inset } = layout;
  const right = margin * 2 + size;
  const letters = layout.letters;
  const canvas = createCanvas(width, height, paperColour);
  canvas.paste(moment.picture, margin, margin, size);
  canvas.paste(moment.seen, right, margin, inset);
  const insets = [{ label: 'the agent sees', y: margin }];
  const { goalFrame } = recording.instruction;
  if (goalFrame !== null) {
    const y = margin + inset + Math.round(letters * 3.7);
    canvas.paste(goalFrame, right, y, inset);
    insets.push({ label: 'its goal', y });
  }
  const success = moment.step === recording.steps.length ? recording.success : moment.info.success;
  const overlay = drawSceneOverlay({
    instruction: recording.instruction,
    goals: [...(recording.task.success.after ?? []).flat(), ...recording.task.success.all],
    truth: moment.info.truth,
    success,
    trail: moment.trail,
    imagined: moment.imagined,
    size,
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${hatchPattern(size)}` +
    `<clipPath id="scene"><rect width="${size}" height="${size}"/></clipPath></defs>` +
    `<g transform="translate(${margin} ${margin})" clip-path="url(#scene)">${overlay}</g>` +
    frameRing(margin, margin, size, moment.violations.length > 0 ? theme.bad : theme.rule, size / 160) +
    insets
      .map(
        ({ label, y }) =>
          frameRing(right, y, inset, theme.rule, 1) +
          drawText({ text: label, x: right, y: y + inset + letters * 2.1, height: letters, colour: theme.muted }),
      )
      .join('') +
    drawCurves(curves, moment.step, layout, insets.length) +
    drawCaption({
      recording,
      moment,
      x: margin,
      y: 2 * margin + size - margin * 0.2,
      width: width - 2 * margin,
      height: size / 30,
    }) +
    '</svg>';
  return sharp(canvas.pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(svg), left: 0, top: 0 }])
    .removeAlpha()
    .raw()
    .toBuffer();
}

function drawCurves(curves: Curves, now: number, layout: ReplayLayout, insets: number): string {
  const { size, margin, inset, letters } = layout;
  const top = margin + insets * (inset + letters * 3.7) + letters;
  const series: Pick<SparklineOptions, 'label' | 'values' | 'colour'>[] = [
    { label: 'distance', values: curves.distance, colour: theme.ink },
  ];
  if (curves.planCost.some((value) => value !== null)) {
    series.push({ label: 'plan cost', values: curves.planCost, colour: theme.imagined });
  }
  const gap = letters * 2;
  // With two insets and two curves the column is short: the distance goes first, as the caption repeats the cost.
  const shown = (margin + size - top) / series.length < letters * 6 ? series.slice(0, 1) : series;
  const height = Math.min(size * 0.28, (margin + size - top - gap * (shown.length - 1)) / shown.length);
  return shown
    .map(({ label, values, colour }, i) =>
      drawSparkline({
        label,
        values,
        now,
        colour,
        x: 2 * margin + size,
        y: top + i * (height + gap),
        width: inset,
        height,
        letters,
      }),
    )
    .join('');
}

function captionHeight(size: number): number {
  return (size / 30) * 5.2;
}

function frameRing(x: number, y: number, side: number, colour: string, width: number): string {
  return (
    `<rect x="${px(x - width / 2)}" y="${px(y - width / 2)}" width="${px(side + width)}" height="${px(side + width)}" ` +
    `fill="none" stroke="${colour}" stroke-width="${px(width)}"/>`
  );
}
