import type { ColourName, Point } from '../core/task.ts';
import { palette } from '../env/tabletop/palette.ts';
import type { Colour } from '../world-model/encoders/fit-prototypes.ts';
import { createFrameStore, type FrameStore } from './frame-store.ts';
import type { WindowStart } from './notable-windows.ts';
import { playEpisode, type TabletopData } from './tabletop-play.ts';

/** Played episodes as pictures. E episodes of T + 1 frames, P things: the pusher, then a thing a colour. */
export interface PictureEpisodes {
  readonly episodes: number;
  readonly steps: number;
  readonly things: number;
  /** [height, width, C] */
  readonly frame: readonly [number, number, number];
  /** E x (T + 1) of them, episode by episode. */
  readonly frames: FrameStore;
  /** [E, T, 2] */
  readonly actions: Float32Array;
  /** [E, T + 1, P, 2] true positions: labels of the probe */
  readonly labels: Float32Array;
  /** [E, P], 1 for things that are there */
  readonly presence: Float32Array;
}

export interface PictureEpisodesOptions {
  readonly data: TabletopData;
  readonly seed: number;
  readonly split: string;
  readonly count: number;
  /** Colours of the things, the pusher's first, as fitted. */
  readonly things: readonly Colour[];
  readonly frame: readonly [number, number, number];
  readonly onProgress?: (done: number, total: number) => void;
}

/** Plays `count` episodes of a split: the very ones that slot models learn from. */
export function collectPictureEpisodes(options: PictureEpisodesOptions): PictureEpisodes {
  const { data, seed, split, count, things, frame, onProgress } = options;
  const { steps } = data;
  const [height, width, channels] = frame;
  let frames: FrameStore | undefined;
  const actions = new Float32Array(count * steps * 2);
  const labels = new Float32Array(count * (steps + 1) * things.length * 2);
  const presence = new Float32Array(count * things.length);
  for (let episode = 0; episode < count; episode++) {
    const played = playEpisode(data, seed, split, episode);
    const thingOf = new Map([['pusher', 0]]);
    for (const { name, colour } of played.objects) thingOf.set(name, nearest(things, palette[colour as ColourName]));
    for (const thing of thingOf.values()) presence[episode * things.length + thing] = 1;
    for (const [t, { data: pixels }] of played.frames.entries()) {
      // The corner is always clear: centres stay on the table.
      frames ??= createFrameStore({ pixels: height * width, background: [...pixels.subarray(0, channels)] });
      frames.add(pixels);
      const at = (episode * (steps + 1) + t) * things.length;
      for (const [name, thing] of thingOf) labels.set(played.truths[t]!.positions[name] as Point, 2 * (at + thing));
    }
    played.actions.forEach((action, t) => {
      actions.set(action, 2 * (episode * steps + t));
    });
    if ((episode + 1) % 50 === 0 || episode + 1 === count) onProgress?.(episode + 1, count);
  }
  return { episodes: count, steps, things: things.length, frame, frames: frames!, actions, labels, presence };
}

/** An object counts as moving when it travels further than this within a window, in table widths. */
const movingDistance = 0.015;

/** Windows of `span` steps in which some object travels, by its true places. */
export function windowsOfMotion(episodes: PictureEpisodes, span: number): WindowStart[] {
  const { steps, things, labels } = episodes;
  const found: WindowStart[] = [];
  for (let episode = 0; episode < episodes.episodes; episode++) {
    for (let start = 0; start + span <= steps; start++) {
      const before = 2 * (episode * (steps + 1) + start) * things;
      const after = before + 2 * span * things;
      for (let thing = 1; thing < things; thing++) {
        const [a, b] = [before + 2 * thing, after + 2 * thing];
        if (Math.hypot(labels[b]! - labels[a]!, labels[b + 1]! - labels[a + 1]!) <= movingDistance) continue;
        found.push({ episode, start });
        break;
      }
    }
  }
  return found;
}

function nearest(things: readonly Colour[], [r, g, b]: readonly [number, number, number]): number {
  const gaps = things.map((colour, i) =>
    i === 0 ? Infinity : Math.hypot(colour[0] - r, colour[1] - g, colour[2] - b),
  );
  return gaps.indexOf(Math.min(...gaps));
}
