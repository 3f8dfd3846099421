import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError, RunError } from '../../core/errors.ts';

export interface FilmOptions {
  /** RGB bytes, row by row, `width` x `height` each. */
  readonly frames: readonly Uint8Array[];
  readonly width: number;
  readonly height: number;
  readonly frameMilliseconds: number;
  readonly endMilliseconds: number;
}

/** ffmpeg's first line about itself, or null where there is none to be found. */
export async function ffmpegVersion(): Promise<string | null> {
  try {
    const [line] = (await runFfmpeg(['-version'], [])).split('\n');
    return line ?? null;
  } catch {
    return null;
  }
}

/** @throws RunError that says what to do, where there is no ffmpeg */
export async function requireFfmpeg(): Promise<void> {
  if ((await ffmpegVersion()) !== null) return;
  throw new RunError('MP4 needs ffmpeg, and none is found: install it (apt-get install ffmpeg), or take webp or gif');
}

/** A film as an MP4 file, with the encoder that this machine's ffmpeg has. @throws RunError where it fails or is missing */
export async function encodeMp4(options: FilmOptions): Promise<Uint8Array> {
  const { frames, width, height, frameMilliseconds, endMilliseconds } = options;
  await requireFfmpeg();
  // Players want an even number of pixels; the file's index is written at the end, so it can't be streamed out.
  const folder = await mkdtemp(join(tmpdir(), 'amitable-film-'));
  const film = join(folder, 'film.mp4');
  const held = Array.from({ length: Math.round(endMilliseconds / frameMilliseconds) }, () => frames.at(-1)!);
  try {
    await runFfmpeg(
      [
        ...['-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-video_size', `${width}x${height}`],
        ...['-framerate', `1000/${frameMilliseconds}`, '-i', '-', '-vf', 'pad=ceil(iw/2)*2:ceil(ih/2)*2'],
        ...['-pix_fmt', 'yuv420p', '-movflags', '+faststart', '-map_metadata', '-1', '-fflags', '+bitexact', film],
      ],
      [...frames, ...held],
    );
    return await readFile(film);
  } catch (error) {
    throw new RunError(`ffmpeg cannot write MP4: ${describeError(error).split('\n')[0]}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs ffmpeg on what is fed to it, and returns what it prints. */
function runFfmpeg(args: readonly string[], input: readonly Uint8Array[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('ffmpeg', ['-nostdin', '-y', ...args], { stdio: ['pipe', 'pipe', 'pipe'], env: process.env });
    let printed = '';
    let complaint = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    child.stderr.on('data', (chunk) => {
      complaint += chunk;
    });
    child.on('error', reject);
    // It may stop reading before the end; then its exit code tells.
    child.stdin.on('error', () => {});
    child.on('close', (code) => (code === 0 ? resolve(printed) : reject(new Error(complaint || `exit code ${code}`))));
    for (const frame of input) child.stdin.write(frame);
    child.stdin.end();
  });
}
