import { sideViewPixelsRecipe } from '../../src/training/painter-recipe.ts';
import type { PainterConfig } from '../../src/world-model/painter/config.ts';

/** As small as can be. */
export const tinyPainter: PainterConfig = {
  ...sideViewPixelsRecipe.model,
  patch: 16,
  readSize: 4,
  memorySize: 3,
  paintSize: 4,
  context: 4,
};
