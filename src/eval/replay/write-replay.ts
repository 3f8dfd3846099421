import { extname } from 'node:path';
import sharp from 'sharp';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { Environment } from '../../core/contracts.ts';
import { UsageError } from '../../core/errors.ts';
import type { Recording } from '../recording.ts';
import { encodeMp4 } from './encode-mp4.ts';
import { replayMoments } from './moments.ts';
import { type ReplayFormat, replayFormats } from './replay-formats.ts';
import { layOutReplay, paintReplayFrame } from './replay-frame.ts';

export interface ReplayOptions {
  /** Side of the scene in pixels; the whole frame is about 1.4 times as wide. @defaultValue 320 */
  readonly size?: number;
  /** How long one frame stays. @defaultValue 90 */
  readonly frameMilliseconds?: number;
  /** How long the last frame stays. @defaultValue 1600 */
  readonly endMilliseconds?: number;
  /** Longer episodes skip moments evenly; the first and the last are always shown. @defaultValue 100 */
  readonly maxFrames?: number;
}

/**
 * Draws a recorded episode as an animation: the scene with its goal, its guardrail zones, the way come and the plan
 * imagined at each step; what the agent saw; distance and plan cost; how it ended. The extension of `path` picks
 * the format: `.webp`, `.gif`, or `.mp4` where ffmpeg is found. The same recording gives the same bytes.
 * @param environment A fresh environment of the recording's task: the episode is played again in it.
 * @throws UsageError for another extension, RunError where the recording does not play again, or ffmpeg is missing.
 */
export async function writeReplay(
  recording: Recording,
  environment: Environment,
  path: string,
  options: ReplayOptions = {},
): Promise<void> {
  const { size = 320, frameMilliseconds = 90, endMilliseconds = 1600, maxFrames = 100 } = options;
  const format = replayFormat(path);
  const last = recording.steps.length;
  const stride = Math.max(1, Math.ceil(last / Math.max(1, maxFrames - 1)));
  const shown = (step: number) => step === last || step % stride === 0;

  // Curves are drawn on a scale of the whole episode, so every moment is known before the first frame is painted.
  const moments = [...replayMoments(recording, environment, size, shown)];
  const curves = {
    distance: [moments[0]!.info.distance, ...recording.steps.map(({ distance }) => distance)],
    planCost: recording.steps.map(({ imagined }) => imagined?.cost ?? null),
  };
  const layout = layOutReplay(size);
  const frames: Buffer[] = [];
  for (const moment of moments) {
    frames.push(await paintReplayFrame(recording, moment, curves, layout));
  }
  const { width, height } = layout;
  if (format === 'mp4') {
    await writeFileAtomic(path, await encodeMp4({ frames, width, height, frameMilliseconds, endMilliseconds }));
    return;
  }
  const film = sharp(Buffer.concat(frames), {
    raw: { width, height: height * frames.length, channels: 3, pageHeight: height },
    limitInputPixels: false,
  });
  const timing = {
    loop: 0,
    delay: frames.map((_, i) => (i === frames.length - 1 ? endMilliseconds : frameMilliseconds)),
  };
  const encoded =
    format === 'gif' ? film.gif({ ...timing, effort: 7, dither: 0 }) : film.webp({ ...timing, quality: 88, effort: 4 });
  await writeFileAtomic(path, await encoded.toBuffer());
}

/** @throws UsageError where the path names no format that replays can be written in. */
export function replayFormat(path: string): ReplayFormat {
  const extension = extname(path).toLowerCase();
  const format = replayFormats.find((each) => extension === `.${each}`);
  if (format !== undefined) return format;
  throw new UsageError(`a replay is written as .webp, .gif or .mp4; '${path}' ends in '${extension || 'nothing'}'`);
}
