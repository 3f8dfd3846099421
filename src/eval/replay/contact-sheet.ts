import sharp from 'sharp';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { Environment } from '../../core/contracts.ts';
import { UsageError } from '../../core/errors.ts';
import type { TaskSpec } from '../../core/task.ts';
import type { Recording } from '../recording.ts';
import { createCanvas } from './canvas.ts';
import { type Moment, replayMoments } from './moments.ts';
import { drawSceneOverlay, hatchPattern } from './scene-overlay.ts';
import { drawText, fitText } from './stroke-font.ts';
import { paperColour, px, theme } from './theme.ts';

export interface ContactSheetOptions {
  /** Pictures a row: the start, the end, and moments evenly between. @defaultValue 6 */
  readonly columns?: number;
  /** Side of one picture in pixels. @defaultValue 160 */
  readonly size?: number;
}

/**
 * Draws several recorded episodes as a film strip, one row each, into a PNG. The same recordings give the same bytes.
 * @param createEnvironment Makes a fresh environment of a recording's task.
 * @throws UsageError without recordings, RunError where one does not play again.
 */
export async function writeContactSheet(
  recordings: readonly Recording[],
  createEnvironment: (task: TaskSpec) => Environment,
  path: string,
  { columns = 6, size = 160 }: ContactSheetOptions = {},
): Promise<void> {
  if (recordings.length === 0) throw new UsageError('a contact sheet needs at least one recording');
  if (!(Number.isInteger(columns) && columns >= 2))
    throw new UsageError(`a row needs 2 pictures or more, got ${columns}`);
  const gap = Math.round(size / 20);
  const letters = size / 20;
  const heading = Math.round(letters * 2.6);
  const rowHeight = heading + size + Math.round(letters * 3.6);
  const width = gap + columns * (size + gap);
  const height = gap + recordings.length * rowHeight;
  const canvas = createCanvas(width, height, paperColour);
  let svg = '';
  for (const [row, recording] of recordings.entries()) {
    const top = gap + row * rowHeight;
    const moments = momentsOf(recording, createEnvironment(recording.task), columns, size);
    for (const [column, moment] of moments.entries()) {
      const left = gap + column * (size + gap);
      canvas.paste(moment.picture, left, top + heading, size);
      svg += drawPicture(recording, moment, left, top + heading, size);
    }
    svg += drawHeading(recording, gap, top + letters * 1.4, width - 2 * gap, letters * 1.25);
  }
  const document =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${hatchPattern(size)}` +
    `<clipPath id="scene"><rect width="${size}" height="${size}"/></clipPath></defs>${svg}</svg>`;
  const picture = sharp(canvas.pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: Buffer.from(document), left: 0, top: 0 }])
    .removeAlpha()
    .png();
  await writeFileAtomic(path, await picture.toBuffer());
}

function momentsOf(recording: Recording, environment: Environment, columns: number, size: number): Moment[] {
  const last = recording.steps.length;
  const wanted = new Set(Array.from({ length: columns }, (_, i) => Math.round((i * last) / (columns - 1))));
  return [...replayMoments(recording, environment, size, (step) => wanted.has(step))];
}

function drawPicture(recording: Recording, moment: Moment, left: number, top: number, size: number): string {
  const ended = moment.step === recording.steps.length;
  const overlay = drawSceneOverlay({
    instruction: recording.instruction,
    goals: [...(recording.task.success.after ?? []).flat(), ...recording.task.success.all],
    truth: moment.info.truth,
    success: ended ? recording.success : moment.info.success,
    trail: moment.trail,
    imagined: moment.imagined,
    size,
  });
  const edge = moment.violations.length > 0 ? theme.bad : theme.rule;
  const letters = size / 20;
  return (
    `<g transform="translate(${left} ${top})" clip-path="url(#scene)">${overlay}</g>` +
    `<rect x="${left}" y="${top}" width="${size}" height="${size}" fill="none" stroke="${edge}"/>` +
    drawText({
      text: `step ${moment.step}`,
      x: left,
      y: top + size + letters * 1.7,
      height: letters,
      colour: theme.muted,
    })
  );
}

function drawHeading(recording: Recording, x: number, y: number, width: number, height: number): string {
  const { task, policy, seed, success, steps } = recording;
  const broken = steps.filter(({ violations }) => violations.length > 0).length;
  const verdict = `${success ? 'success' : 'failed'}${broken > 0 ? ` · guardrail broken in ${broken} steps` : ''}`;
  const colour = success && broken === 0 ? theme.good : theme.bad;
  const dot = `<circle cx="${px(x + height / 2)}" cy="${px(y - height / 2)}" r="${px(height / 2)}" fill="${colour}"/>`;
  const text = fitText(`${task.id} · ${policy} · seed ${seed} · ${verdict}`, height, width - height * 2);
  return dot + drawText({ text, x: x + height * 1.8, y, height, colour: theme.ink, weight: 0.15 });
}
