import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzipSync } from 'node:zlib';
import ndarray from 'ndarray';
import { frameBytes } from '../../core/frame-bytes.ts';
import type { Episode } from '../../data/episode.ts';
import type { CollectItem } from '../queue/work-item.ts';

/** Episodes as they travel: frames as their bytes. */
type PackedEpisode = Omit<Episode, 'frames'> & {
  readonly frames: readonly { readonly bytes: Uint8Array; readonly shape: readonly number[] }[];
};

/** Collects the item's episodes. @returns them packed, for `unpackEpisodes` */
export async function collectEpisodes({ task, policy, steps, seeds }: CollectItem): Promise<Uint8Array> {
  const { createEpisodeSource } = await import('../../eval/collect/episode-source.ts');
  const source = createEpisodeSource({ task, policy, steps: steps ?? undefined });
  const episodes: PackedEpisode[] = [];
  for (const seed of seeds) {
    const { frames, ...episode } = await source(seed);
    const packed = frames.map((frame) => ({ bytes: Uint8Array.from(frameBytes(frame)), shape: frame.shape }));
    episodes.push({ ...episode, frames: packed });
  }
  return gzipSync(serialize(episodes));
}

export function unpackEpisodes(packed: Uint8Array): Episode[] {
  const episodes = deserialize(gunzipSync(packed)) as PackedEpisode[];
  return episodes.map(({ frames, ...episode }) => ({
    ...episode,
    // Not the view that was read: it lies in a buffer that is shared and not aligned.
    frames: frames.map(({ bytes, shape }) => ndarray(Uint8Array.from(bytes), [...shape])),
  }));
}
