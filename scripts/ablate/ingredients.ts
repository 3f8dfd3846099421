import { UsageError } from '../../src/core/errors.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import type { ColourSlotsConfig, InteractionConfig } from '../../src/world-model/config.ts';
import type { Variant } from './variants.ts';

interface Parts {
  readonly encoder?: Partial<ColourSlotsConfig>;
  readonly predictor?: Partial<InteractionConfig>;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A recipe of slots with some of its parts changed. */
function withParts({ encoder, predictor, data }: Parts): Variant['change'] {
  return (recipe: Recipe): Recipe => {
    const { model } = recipe;
    if (model.encoder.kind !== 'colour-slots' || model.predictor.kind !== 'interaction')
      throw new UsageError(`'${recipe.name}' is not made of slots: its ingredients can't be told apart`);
    return {
      ...recipe,
      model: { ...model, encoder: { ...model.encoder, ...encoder }, predictor: { ...model.predictor, ...predictor } },
      data: { ...recipe.data, ...data } as Recipe['data'],
    };
  };
}

function ingredient(id: string, title: string, parts: Parts): Variant {
  return { id: `without-${id}`, title, slotsOnly: true, change: withParts(parts) };
}

/** What the table's model is made of, each left out in turn. */
export const ingredients: readonly Variant[] = [
  ingredient('moments', 'no moments in the latent', { encoder: { moments: false } }),
  ingredient('axes', "the table's axes", { predictor: { axes: 'table' } }),
  ingredient('moments-and-axes', 'neither', { encoder: { moments: false }, predictor: { axes: 'table' } }),
  ingredient('turning', 'no choice of turning windows', { data: { movingShare: 0.7, turningShare: 0 } }),
  ingredient('choice', 'no choice of windows', { data: { movingShare: 0, turningShare: 0 } }),
  ingredient('crop', 'no crop', { encoder: { crop: false } }),
  ingredient('messages', 'no messages', { predictor: { messages: false } }),
  ingredient('gate', 'no gate', { predictor: { gate: false } }),
];
