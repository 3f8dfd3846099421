import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Imagined, Policy } from '../../../src/core/contracts.ts';
import type { TaskSpec } from '../../../src/core/task.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { pushAround } from '../../../src/env/tasks/push-around.ts';
import { twoRooms } from '../../../src/env/tasks/two-rooms.ts';
import type { Recording } from '../../../src/eval/recording.ts';
import { writeContactSheet } from '../../../src/eval/replay/contact-sheet.ts';
import { ffmpegVersion } from '../../../src/eval/replay/encode-mp4.ts';
import { replayMoments } from '../../../src/eval/replay/moments.ts';
import { layOutReplay, paintReplayFrame } from '../../../src/eval/replay/replay-frame.ts';
import { writeReplay } from '../../../src/eval/replay/write-replay.ts';
import { runEpisodes } from '../../../src/eval/run-episodes.ts';

/** Where the imagined pusher goes: along a line that nothing else is drawn on. */
const imaginedWay = Array.from({ length: 6 }, (_, h) => [0.1 + 0.1 * h, 0.93] as const);
const imagined: Imagined = {
  cost: 0.25,
  violation: 0,
  positions: imaginedWay.map((point) => [point, [0.5, 0.5]]),
  fallback: null,
};

/** Moves steadily down and to the right, and says that it imagined something. */
const steady: Policy = {
  name: 'steady',
  async begin() {},
  async act(observations) {
    return observations.map((observation) =>
      observation === null ? null : { action: Float32Array.of(0.3, 0.2), imagined },
    );
  },
};

let folder: string;
let around: Recording;
let rooms: Recording;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-replay-'));
  around = await record({ ...pushAround, budgetSteps: 12 });
  rooms = await record({ ...twoRooms, budgetSteps: 20 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function record(task: TaskSpec): Promise<Recording> {
  const [result] = await runEpisodes({
    policy: steady,
    createEnvironment: () => createEnvironment(task),
    seeds: [3],
    record: () => true,
  });
  return result!.recording!;
}

async function write(recording: Recording, name: string, options = {}): Promise<Buffer> {
  const path = join(folder, name);
  await writeReplay(recording, createEnvironment(recording.task), path, { size: 120, ...options });
  return readFile(path);
}

test.each(['webp', 'gif'])('an episode becomes an animated %s with a frame for every moment', async (format) => {
  for (const recording of [around, rooms]) {
    const bytes = await write(recording, `${recording.task.id}.${format}`, {
      frameMilliseconds: 100,
      endMilliseconds: 900,
    });
    const metadata = await sharp(bytes, { animated: true }).metadata();
    const { width, height } = layOutReplay(120);
    expect(metadata).toMatchObject({ format, width, pageHeight: height, loop: 0 });
    // GIF leaves out frames that equal the one before, and shows that one longer.
    const shown = metadata.delay!.reduce((sum, delay) => sum + delay, 0);
    expect(shown).toBe(recording.steps.length * 100 + 900);
    if (format === 'webp') expect(metadata.pages).toBe(recording.steps.length + 1);
  }
});

test('an episode becomes an MP4 where ffmpeg is found, and an error that says so where not', async () => {
  if ((await ffmpegVersion()) !== null) {
    const bytes = await write(around, 'episode.mp4');
    expect(bytes.subarray(4, 8).toString()).toBe('ftyp');
    expect((await write(around, 'again.mp4')).equals(bytes)).toBe(true);
  }
  const { PATH } = process.env;
  process.env.PATH = folder;
  try {
    await expect(write(around, 'none.mp4')).rejects.toThrow('MP4 needs ffmpeg, and none is found: install it');
  } finally {
    process.env.PATH = PATH;
  }
});

test('the same recording gives the same bytes', async () => {
  for (const format of ['webp', 'gif']) {
    expect((await write(around, `a.${format}`)).equals(await write(around, `b.${format}`))).toBe(true);
  }
});

test('a long episode skips moments evenly, and still ends at its end', async () => {
  const bytes = await write(rooms, 'short.webp', { maxFrames: 6, endMilliseconds: 500 });
  const { pages, delay } = await sharp(bytes, { animated: true }).metadata();
  expect(pages).toBe(6);
  expect(delay!.at(-1)).toBe(500);
});

test('a format that is not known is refused before anything is drawn', async () => {
  await expect(write(around, 'episode.avi')).rejects.toThrow('a replay is written as .webp, .gif or .mp4; ');
  await expect(write(around, 'episode')).rejects.toThrow("ends in 'nothing'");
});

test('a recording that the simulator does not reproduce is refused, naming the step', async () => {
  const state = Float64Array.from(around.steps[4]!.state);
  state[state.length - 1]! += 1e-9;
  const steps = around.steps.map((step, i) => (i === 4 ? { ...step, state } : step));
  await expect(write({ ...around, steps }, 'bent.webp')).rejects.toThrow(/push-around.*seed 3.*differs after step 5/);
});

describe('a frame', () => {
  const size = 240;
  const layout = layOutReplay(size);
  const curves = { distance: [0.5, 0.4], planCost: [0.25] };

  async function paint(recording: Recording, step: number) {
    const [moment] = [...replayMoments(recording, createEnvironment(recording.task), size, (at) => at === step)];
    const pixels = await paintReplayFrame(recording, moment!, curves, layout);
    expect(pixels.length).toBe(layout.width * layout.height * 3);
    const at = (x: number, y: number) => {
      const i = (Math.round(layout.margin + y * size) * layout.width + Math.round(layout.margin + x * size)) * 3;
      return [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!] as const;
    };
    return { moment: moment!, pixels, at };
  }

  test('shows the plan that was imagined there', async () => {
    const planned = await paint(around, 2);
    const last = await paint(around, 12);
    for (const [x, y] of imaginedWay.slice(1, 4)) {
      // Purple dots: far more blue than green. The end of the episode has no plan, and the table is grey there.
      const [, green, blue] = planned.at(x, y);
      expect(blue - green).toBeGreaterThan(60);
      const [red, grey, other] = last.at(x, y);
      expect(Math.max(red, grey, other) - Math.min(red, grey, other)).toBeLessThan(20);
    }
  });

  test('shows the goal, the guardrail zone and the agent where they are', async () => {
    const { moment, at } = await paint(around, 0);
    const { targets, positions } = moment.info.truth;
    const [mx, my] = targets.midway!;
    const zone = Array.from({ length: 60 }, (_, i) => at(mx + 0.05 * Math.cos(i), my + 0.05 * Math.sin(i)));
    const reddish = zone.filter(([red, green, blue]) => red - Math.max(green, blue) > 15).length;
    expect(reddish).toBeGreaterThan(50);
    const [x, y] = positions.pusher!;
    expect(Math.max(...at(x + 0.01, y + 0.01))).toBeLessThan(110);
  });

  test('has a red edge and says so while a guardrail is broken', async () => {
    const steps = around.steps.map((step, i) => (i === 5 ? { ...step, violations: ['keep-out'] } : step));
    const broken = await paint({ ...around, steps }, 6);
    const sound = await paint(around, 6);
    const edge = ({ pixels }: typeof broken) => {
      const i = ((layout.margin + size / 2) * layout.width + layout.margin - 1) * 3;
      return pixels[i]! - pixels[i + 2]!;
    };
    expect(edge(broken)).toBeGreaterThan(120);
    expect(edge(sound)).toBeLessThan(30);
  });
});

test('a contact sheet has a row an episode, always the same', async () => {
  const sheet = async (name: string) => {
    const path = join(folder, name);
    await writeContactSheet([around, rooms], createEnvironment, path, { columns: 4, size: 100 });
    return readFile(path);
  };
  const bytes = await sheet('a.png');
  expect(bytes.equals(await sheet('b.png'))).toBe(true);
  // Margin 5 and four pictures with 5 beside each; rows of heading 13, picture 100 and its label 18.
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 425, height: 5 + 2 * 131 });
  await expect(writeContactSheet([], createEnvironment, join(folder, 'none.png'))).rejects.toThrow(/at least one/);
});
