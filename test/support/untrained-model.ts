import { createRng } from '../../src/core/rng.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { palette, pusherColour } from '../../src/env/tabletop/palette.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import type { ModelConfig } from '../../src/world-model/config.ts';
import type { StoredModel } from '../../src/world-model/model-store.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';

const tableColour: [number, number, number] = [238, 235, 228];

/** A small tabletop model that nothing was taught, whose every parameter matters, on the true colours. */
export function untrainedTabletopModel(): StoredModel {
  const { model } = recipeByName('tabletop-small');
  if (model.encoder.kind !== 'colour-slots') throw new Error('the tabletop model has slots');
  const prototypes = [pusherColour, ...Object.values(palette)].map(([r, g, b]): [number, number, number] => [r, g, b]);
  const config: ModelConfig = {
    ...model,
    encoder: { ...model.encoder, background: tableColour, prototypes, cropHidden: [16], hidden: 32, whatSize: 8 },
    predictor: { kind: 'interaction', pusherHidden: [16], width: 32, messageWidth: 16 },
    probeHidden: [32],
  };
  const layout = layoutOf(worldModelSpecs(config));
  const rng = createRng(4, 'untrained');
  const parameters = initialise(layout, rng).map((value) => (value === 0 ? 0.05 * rng.normal() : value));
  return { config, layout, parameters, hash: 'untrained', directory: 'untrained' };
}
