import { UsageError, unknownName } from '../../src/core/errors.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import { withObjective } from '../../src/training/with-objective.ts';
import { type ObjectiveName, objectiveNames } from '../../src/world-model/objectives/config.ts';
import { slotCount } from '../../src/world-model/world-model.ts';
import { ingredients } from './ingredients.ts';

/** One row of a table: what is changed in a recipe. */
export interface Variant {
  readonly id: string;
  /** As the table calls it. */
  readonly title: string;
  /** Only for recipes whose encoder can drop what moves: slots measure their places. */
  readonly flatOnly?: boolean;
  /** Only for recipes of slots. */
  readonly slotsOnly?: boolean;
  change(recipe: Recipe): Recipe;
}

const alone = { similarity: 0, straightening: 0, temporalVariance: 0, inverse: 0 };

function withTerms(name: ObjectiveName, terms: Partial<typeof alone>): Variant['change'] {
  return (recipe) => {
    const changed = withObjective(recipe, name);
    return { ...changed, objective: { ...changed.objective, ...terms } };
  };
}

/** All of the flat latent predicted. */
function withLatent(changes: { readonly latentSize?: number }): Variant['change'] {
  return (recipe) => {
    const { encoder } = recipe.model;
    if (encoder.kind === 'colour-slots')
      throw new UsageError(`'${recipe.name}' is made of slots: it has no static part`);
    const { staticSize: _, ...rest } = encoder;
    return { ...recipe, model: { ...recipe.model, encoder: { ...rest, ...changes } } };
  };
}

/** Windows of two frames, as many frames a batch as before. */
function oneStep(recipe: Recipe): Recipe {
  return { ...recipe, offsets: [0, 1], batch: Math.round((recipe.batch * recipe.offsets.length) / 2) };
}

export const variants: readonly Variant[] = [
  ...objectiveNames.map((name): Variant => ({ id: name, title: name, change: withTerms(name, {}) })),
  ...objectiveNames.map(
    (name): Variant => ({
      id: `${name}-alone`,
      title: `${name}, no auxiliaries`,
      flatOnly: true,
      change: withTerms(name, alone),
    }),
  ),
  {
    id: 'vicreg-temporal-variance',
    title: 'vicreg, temporal variance for inverse dynamics',
    flatOnly: true,
    change: withTerms('vicreg', { inverse: 0, temporalVariance: 16 }),
  },
  ...(['barlow-twins', 'info-nce'] as const).map(
    (name): Variant => ({
      id: `${name}-inverse-only`,
      title: `${name}, no temporal variance`,
      flatOnly: true,
      change: withTerms(name, { temporalVariance: 0 }),
    }),
  ),
  { id: 'vicreg-straightening', title: 'vicreg + straightening', change: withTerms('vicreg', { straightening: 1 }) },
  { id: 'vicreg-rough', title: 'vicreg, no similarity', change: withTerms('vicreg', { similarity: 0 }) },
  { id: 'vicreg-one-step', title: 'vicreg, one-step rollout', change: oneStep },
  { id: 'without-static', title: 'vicreg, no static part', flatOnly: true, change: withLatent({}) },
  {
    id: 'narrow',
    title: 'vicreg, no static part, latents of 64',
    flatOnly: true,
    change: withLatent({ latentSize: 64 }),
  },
  ...ingredients,
];

/** The variants of those ids that fit the recipe, in that order. */
export function variantsFor(recipe: Recipe, ids: readonly string[]): Variant[] {
  const known = variants.map(({ id }) => id);
  const flat = slotCount(recipe.model) === 1;
  const chosen = ids.map((id) => {
    const found = variants.find((variant) => variant.id === id);
    if (found === undefined) throw unknownName('variant', id, known);
    return found;
  });
  const fitting = chosen.filter(({ flatOnly = false, slotsOnly = false }) => (flat ? !slotsOnly : !flatOnly));
  if (fitting.length === 0) throw new UsageError(`none of ${ids.join(', ')} fits the recipe '${recipe.name}'`);
  return fitting;
}
