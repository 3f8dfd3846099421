import type { Recording } from '../recording.ts';
import type { Moment } from './moments.ts';
import { drawText, fitText, textWidth } from './stroke-font.ts';
import { px, theme } from './theme.ts';

export interface CaptionOptions {
  readonly recording: Recording;
  readonly moment: Moment;
  /** Where the strip's top left corner is, and how wide it is, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  /** The capitals' height in pixels. */
  readonly height: number;
}

/** Two lines and a time bar: which episode this is, how it stands, and how it ended. */
export function drawCaption({ recording, moment, x, y, width, height }: CaptionOptions): string {
  const { task, policy, seed, steps } = recording;
  const bar = drawTimeBar(recording, moment.step, x, y, width, height * 0.35);
  const chip = drawOutcome(recording, moment, x + width, y + height * 3.1, height);
  const title = `${task.id} · ${policy} · seed ${seed}`;
  const room = width - chip.width - height;
  const first = drawText({
    text: fitText(title, height, room),
    x,
    y: y + height * 2.6,
    height,
    colour: theme.ink,
    weight: 0.16,
  });
  const small = height * 0.86;
  const second = drawText({
    text: fitText(describe(moment, steps.length), small, width),
    x,
    y: y + height * 4.7,
    height: small,
    colour: moment.violations.length > 0 ? theme.bad : theme.muted,
  });
  return bar + first + chip.svg + second;
}

function describe({ step, info, imagined, unable, violations }: Moment, steps: number): string {
  const parts = [`step ${step}/${steps}`, `distance ${info.distance.toFixed(3)}`];
  if (imagined !== null) {
    parts.push(`plan cost ${imagined.cost.toFixed(3)}`);
    if (imagined.violation > 0) parts.push(`plan violation ${imagined.violation.toFixed(3)}`);
    if (imagined.fallback !== null) parts.push(`no safe plan: ${imagined.fallback}`);
  }
  if (unable) parts.push("can't do this safely");
  if (violations.length > 0) parts.push(`broken: ${violations.join(', ')}`);
  return parts.join('   ');
}

/** How much of the episode has passed, with a mark at each step that broke a guardrail. */
function drawTimeBar(
  recording: Recording,
  step: number,
  x: number,
  y: number,
  width: number,
  thickness: number,
): string {
  const { steps } = recording;
  const per = width / Math.max(1, steps.length);
  const marks = steps
    .map(({ violations }, i) =>
      violations.length === 0 || i >= step
        ? ''
        : `<rect x="${px(x + i * per)}" y="${px(y)}" width="${px(Math.max(per, 1.5))}" height="${px(thickness)}" fill="${theme.bad}"/>`,
    )
    .join('');
  const bar = (length: number, colour: string) =>
    `<rect x="${px(x)}" y="${px(y)}" width="${px(length)}" height="${px(thickness)}" rx="${px(thickness / 2)}" fill="${colour}"/>`;
  return bar(width, theme.rule) + (step > 0 ? bar(step * per, theme.ink) : '') + marks;
}

/** A pill with the verdict, once there is one; a warning while a guardrail is broken. */
function drawOutcome(
  recording: Recording,
  moment: Moment,
  right: number,
  bottom: number,
  height: number,
): { readonly svg: string; readonly width: number } {
  const ended = moment.step === recording.steps.length;
  const verdict = ended
    ? recording.success
      ? { text: 'success', colour: theme.good }
      : { text: 'failed', colour: theme.bad }
    : moment.violations.length > 0
      ? { text: 'guardrail broken', colour: theme.bad }
      : null;
  if (verdict === null) return { svg: '', width: 0 };
  const size = height * 0.9;
  const width = textWidth(verdict.text, size) + height * 1.6;
  const tall = height * 2.1;
  return {
    svg:
      `<rect x="${px(right - width)}" y="${px(bottom - tall)}" width="${px(width)}" height="${px(tall)}" ` +
      `rx="${px(tall / 2)}" fill="${verdict.colour}"/>${drawText({
        text: verdict.text,
        x: right - width / 2,
        y: bottom - tall / 2 + size / 2,
        height: size,
        colour: '#fff',
        anchor: 'middle',
        weight: 0.17,
      })}`,
    width,
  };
}
