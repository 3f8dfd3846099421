import type { Recipe } from './recipe.ts';
import type { PrepareOptions, TrainingData, TrainingEvents } from './training-data.ts';

/** Plays, and on the table perceives, all that a recipe trains on but the agent's own episodes. */
export async function prepareTrainingData(
  recipe: Recipe,
  seed: number,
  { workers = 0, ...options }: PrepareOptions,
  events: TrainingEvents,
): Promise<TrainingData> {
  if (recipe.data.kind === 'tabletop-play' && recipe.model.encoder.kind !== 'colour-slots') {
    const { prepareTabletopPictures } = await import('./tabletop-pictures.ts');
    return prepareTabletopPictures({ ...recipe, data: recipe.data }, seed, options, events);
  }
  if (recipe.data.kind === 'tabletop-play') {
    const { prepareTabletop } = await import('./tabletop-data.ts');
    return prepareTabletop({ ...recipe, data: recipe.data }, seed, { workers, ...options }, events);
  }
  const { prepareTwoRooms } = await import('./two-rooms-data.ts');
  return prepareTwoRooms({ ...recipe, data: recipe.data }, seed, options, events);
}
