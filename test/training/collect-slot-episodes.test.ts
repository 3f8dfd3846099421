import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { collectSlotEpisodes } from '../../src/training/collect-slot-episodes.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { createSlotPlayer } from '../../src/training/slot-episodes.ts';
import type { TabletopData } from '../../src/training/tabletop-play.ts';
import type { ColourSlotsConfig } from '../../src/world-model/config.ts';
import { compileSources } from '../support/compile-sources.ts';
import { repositoryRoot } from '../support/source-imports.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

test('any number of threads plays and perceives the same bytes, and says what went wrong', () => {
  const sources = compileSources('src', 'test/training');
  const model = join(repositoryRoot, 'models/tabletop-small');
  const script = join(sources, 'test/training/slot-process.js');
  const [alone, two, failed] = execFileSync(process.execPath, [script, model, '0', '1'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  rmSync(sources, { recursive: true });
  expect(alone).toMatch(/^[0-9a-f]{64} 60$/);
  expect(two).toBe(alone);
  expect(failed).toMatch(/^episode \d+ shows \d coloured things and holds \d objects/);
});

test('an episode is the same whichever others are played', async () => {
  const data = { ...(recipeByName('tabletop-small').data as TabletopData), steps: 3 };
  const encoder = untrainedTabletopModel().config.encoder as ColourSlotsConfig;
  const play = { data, seed: 5, split: 'train', encoder };
  const all = await collectSlotEpisodes({ ...play, count: 4 });
  const player = createSlotPlayer(play);
  const last = await player.play(2, 2);
  await player.dispose();
  expect(last.crop).toEqual(all.crop.slice(all.crop.length / 2));
  expect(last.labels).toEqual(all.labels.slice(all.labels.length / 2));
  expect(last.labels.slice(last.labels.length / 2)).not.toEqual(last.labels.slice(0, last.labels.length / 2));
});
