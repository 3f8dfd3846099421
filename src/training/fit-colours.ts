import { createRng } from '../core/rng.ts';
import type { CompileOptions } from '../engine/program.ts';
import type { ColourSlotsConfig } from '../world-model/config.ts';
import { findEffector, fitPrototypes } from '../world-model/encoders/fit-prototypes.ts';
import { createPerceiver } from './perceiver.ts';
import { playColours, playEpisode, type TabletopData } from './tabletop-play.ts';

/** How much of the colours' fit is looked at. */
const fittingEpisodes = 60;

/** For models that see no slots, to find colours with. */
export const slotsToFit: ColourSlotsConfig = {
  kind: 'colour-slots',
  ...{ background: [0, 0, 0], prototypes: [], cropSize: 20, cropHidden: [1], hidden: 1, whatSize: 1 },
};

/** Finds the prototype colours, and which of them is the pusher, from pixels and actions of played episodes. */
export async function fitColours(
  data: TabletopData,
  seed: number,
  encoder: ColourSlotsConfig,
  options: CompileOptions,
): Promise<ColourSlotsConfig> {
  const played = Array.from({ length: fittingEpisodes }, (_, i) => playEpisode(data, seed, 'colours', i));
  const rng = createRng(seed, 'fit-colours');
  const sample = played.flatMap(({ frames }) => [0, 1, 2, 3].map(() => rng.pick(frames).data));
  const pixels = new Uint8Array(sample.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of sample) {
    pixels.set(frame, at);
    at += frame.length;
  }
  const { background, prototypes } = fitPrototypes(pixels, playColours(data).length + 1);
  const unordered: ColourSlotsConfig = { ...encoder, background, prototypes };
  const perceiver = await createPerceiver(unordered, played[0]!.frames[0]!.shape as number[], options);
  const displacements: ([number, number] | null)[][] = [];
  const actions: Float32Array[] = [];
  for (const episode of played.slice(0, 20)) {
    const seen = await perceiver.perceive(episode.frames.map((frame) => frame.data));
    const count = prototypes.length;
    episode.actions.forEach((action, t) => {
      displacements.push(
        prototypes.map((_, k) => {
          if (seen.mass[t * count + k]! < 5 || seen.mass[(t + 1) * count + k]! < 5) return null;
          const [before, after] = [2 * (t * count + k), 2 * ((t + 1) * count + k)];
          return [
            seen.centroid[after]! - seen.centroid[before]!,
            seen.centroid[after + 1]! - seen.centroid[before + 1]!,
          ];
        }),
      );
      actions.push(action);
    });
  }
  await perceiver.dispose();
  const effector = findEffector(displacements, actions);
  const ordered = [prototypes[effector]!, ...prototypes.filter((_, k) => k !== effector)];
  return { ...unordered, prototypes: ordered };
}
