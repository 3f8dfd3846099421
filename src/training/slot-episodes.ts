import { proprioceptionNames } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import type { ShapeName } from '../core/task.ts';
import type { CompileOptions } from '../engine/program.ts';
import type { ColourSlotsConfig } from '../world-model/config.ts';
import { headingSize } from '../world-model/world-model.ts';
import { createPerceiver, type Perceiver, type Seen } from './perceiver.ts';
import { type PlayedEpisode, playEpisode, type TabletopData } from './tabletop-play.ts';

const bodySize = proprioceptionNames.length;

/** Played episodes as slot features: perceived once, sampled many times. E episodes, T + 1 frames, N slots. */
export interface SlotEpisodes {
  readonly episodes: number;
  readonly steps: number;
  readonly slots: number;
  readonly cropSize: number;
  /** [E, T + 1, N, 2] */
  readonly centroid: Float32Array;
  /** [E, T + 1, N, crop^2], coverage x 255 */
  readonly crop: Uint8Array;
  /** [E, T, 2] */
  readonly actions: Float32Array;
  /** [E, T + 1, 4], as in observations */
  readonly proprioception: Float32Array;
  /** [E, T + 1, N, 2], true positions: the probe's labels */
  readonly labels: Float32Array;
  /** [E, T + 1, N, 4], true headings as the heading probe tells them */
  readonly headings: Float32Array;
  /** [E, N, 4], 1 where a number of the heading means something for the slot's shape */
  readonly headingMask: Float32Array;
  /** The same for what a mirror shows: nothing for shapes that are not their own mirror image. */
  readonly mirroredHeadingMask: Float32Array;
  /** [E, N - 1] */
  readonly presence: Float32Array;
}

/** Whose episodes: any of them can be played by itself. */
export interface SlotPlay extends CompileOptions {
  readonly data: TabletopData;
  readonly seed: number;
  readonly split: string;
  readonly encoder: ColourSlotsConfig;
}

/** Room for so many episodes. */
export function allocateSlotEpisodes({ data, encoder }: SlotPlay, count: number): SlotEpisodes {
  const { steps } = data;
  const slots = data.objects[1] + 1;
  const { cropSize } = encoder;
  const seen = count * (steps + 1) * slots;
  return {
    episodes: count,
    steps,
    slots,
    cropSize,
    centroid: new Float32Array(seen * 2),
    crop: new Uint8Array(seen * cropSize ** 2),
    actions: new Float32Array(count * steps * 2),
    proprioception: new Float32Array(count * (steps + 1) * bodySize),
    labels: new Float32Array(seen * 2),
    headings: new Float32Array(seen * headingSize),
    headingMask: new Float32Array(count * slots * headingSize),
    mirroredHeadingMask: new Float32Array(count * slots * headingSize),
    presence: new Float32Array(count * (slots - 1)),
  };
}

/** Plays and perceives any episodes of a play, here and one after the other. */
export interface SlotPlayer {
  /** The episodes `first` ... `first + count - 1`. */
  play(first: number, count: number): Promise<SlotEpisodes>;
  dispose(): Promise<void>;
}

export function createSlotPlayer(play: SlotPlay): SlotPlayer {
  const { data, seed, split, encoder, ...options } = play;
  let perceiver: Perceiver | undefined;
  return {
    async play(first, count) {
      const result = allocateSlotEpisodes(play, count);
      for (let episode = 0; episode < count; episode++) {
        const played = playEpisode(data, seed, split, first + episode);
        perceiver ??= await createPerceiver(encoder, played.frames[0]!.shape as number[], options);
        const seen = await perceiver.perceive(played.frames.map((frame) => frame.data));
        store(result, episode, played, seen, encoder);
      }
      return result;
    },
    async dispose() {
      await perceiver?.dispose();
    },
  };
}

function store(
  into: SlotEpisodes,
  episode: number,
  played: PlayedEpisode,
  seen: Seen,
  encoder: ColourSlotsConfig,
): void {
  const { slots, steps } = into;
  const count = encoder.prototypes.length;
  const area = encoder.cropSize ** 2;
  // Slots in prototype order, as at planning time; the names of their things are for labels only.
  const filled = encoder.prototypes.map((_, k) => k).filter((k) => k > 0 && seen.mass[k]! >= 5);
  if (filled.length !== played.objects.length) {
    throw new RunError(
      `episode ${episode} shows ${filled.length} coloured things and holds ${played.objects.length} objects: the prototype colours do not fit`,
    );
  }
  const order = [0, ...filled];
  const names = ['pusher', ...nameSlots(played, seen, filled)];
  for (let t = 0; t <= steps; t++) {
    into.proprioception.set(played.proprioceptions[t]!, (episode * (steps + 1) + t) * bodySize);
    order.forEach((k, slot) => {
      const to = (episode * (steps + 1) + t) * slots + slot;
      const from = t * count + k;
      into.centroid.set(seen.centroid.subarray(2 * from, 2 * from + 2), 2 * to);
      for (let i = 0; i < area; i++) into.crop[to * area + i] = Math.round(255 * seen.crop[from * area + i]!);
      into.labels.set(played.truths[t]!.positions[names[slot]!]!, 2 * to);
      const angle = played.truths[t]!.angles[names[slot]!]!;
      into.headings.set([Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle)], headingSize * to);
    });
  }
  filled.forEach((_, i) => {
    into.presence[episode * (slots - 1) + i] = 1;
    const { shape } = played.objects.find(({ name }) => name === names[i + 1])!;
    const at = headingSize * (episode * slots + i + 1);
    into.headingMask.set(visibleHeading[shape as ShapeName], at);
    if (shape !== handed) into.mirroredHeadingMask.set(visibleHeading[shape as ShapeName], at);
  });
  played.actions.forEach((action, t) => {
    into.actions.set(action, 2 * (episode * steps + t));
  });
}

/** Which of cos a, sin a, cos 2a, sin 2a a shape shows: a box looks the same after half a turn, a disc always. */
const visibleHeading: Readonly<Record<ShapeName, readonly number[]>> = {
  disc: [0, 0, 0, 0],
  box: [0, 0, 1, 1],
  t: [1, 1, 1, 1],
  l: [1, 1, 1, 1],
};

/** The shape that a mirror changes into another. */
const handed: ShapeName = 'l';

/** Which object each filled slot shows: the one whose true position is nearest in the first frame. */
function nameSlots({ objects, truths }: PlayedEpisode, seen: Seen, filled: readonly number[]): string[] {
  return filled.map((k) => {
    const [x, y] = [seen.centroid[2 * k]!, seen.centroid[2 * k + 1]!];
    const gap = (name: string): number => {
      const [px, py] = truths[0]!.positions[name]!;
      return Math.hypot(px - x, py - y);
    };
    return objects.reduce((best, { name }) => (gap(name) < gap(best) ? name : best), objects[0]!.name);
  });
}
