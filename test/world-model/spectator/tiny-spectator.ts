import { airColour, pieceColour, screenColour } from '../../../src/env/side-view/scene.ts';
import { palette } from '../../../src/env/tabletop/palette.ts';
import type { SpectatorConfig } from '../../../src/world-model/spectator/config.ts';

const colours = [pieceColour, screenColour, palette.red, palette.blue, palette.yellow, palette.purple];

/** As small as can be, with the true colours. */
export const tinySpectator: SpectatorConfig = {
  format: 'amitable.spectator/1',
  frame: [64, 64, 3],
  encoder: {
    kind: 'colour-slots',
    background: [...airColour],
    prototypes: colours.map((colour) => [...colour]),
    cropSize: 12,
    cropHidden: [8],
    hidden: 8,
    whatSize: 4,
  },
  mapSize: 16,
  aroundSize: 6,
  aroundHidden: [8],
  memorySize: 8,
  context: 4,
  weights: { place: 0.5, cover: 5, what: 0.5 },
};
