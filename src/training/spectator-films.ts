import { createRng } from '../core/rng.ts';
import { filmFrames } from '../env/side-view/quadruplet.ts';
import { sampleScene } from '../env/side-view/sample-scene.ts';
import { drawDesign, scenarios } from '../env/side-view/scenarios/index.ts';
import { beginScene, picture, play, type SideSnapshot } from '../env/side-view/side-view.ts';
import { fitPrototypes } from '../world-model/encoders/fit-prototypes.ts';
import type { SpectatorConfig } from '../world-model/spectator/config.ts';

/** Pictures of one film in which the world does what it does: nothing is edited. */
export function sampleFilm(seed: number, split: string, index: number, scenarioShare: number): Uint8Array[] {
  return sampleStory(seed, split, index, scenarioShare).map((snapshot) => picture(snapshot));
}

/** What the film shows, frame by frame, before it is drawn. */
function sampleStory(seed: number, split: string, index: number, scenarioShare: number): SideSnapshot[] {
  const rng = createRng(seed, 'side-view', split, index);
  const context = rng.chance(scenarioShare)
    ? rng.pick(drawDesign(rng.pick(scenarios), rng.child('design')).contexts)
    : sampleScene(rng.child('scene'));
  const first = beginScene(context.scene, context.starts);
  return [first, ...play(first, filmFrames - 1)];
}

const fittingFilms = 60;

/**
 * Finds the colours in pixels. Scenery covers most and screens cover more than things, so those are the first two:
 * a prior, as it is that things are told apart by colour.
 */
export function fitSideColours(config: SpectatorConfig, seed: number, scenarioShare: number): SpectatorConfig {
  const frames = Array.from({ length: fittingFilms }, (_, i) => {
    const story = sampleStory(seed, 'colours', i, scenarioShare);
    return [2, 8, 14, 20].map((k) => picture(story[k]!));
  }).flat();
  const pixels = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  frames.forEach((frame, i) => {
    pixels.set(frame, i * frame.length);
  });
  const { background, prototypes } = fitPrototypes(pixels, config.encoder.prototypes.length);
  return { ...config, encoder: { ...config.encoder, background, prototypes } };
}
