import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { horizonOffsets } from '../../scripts/ablate/rollout-errors.ts';
import { formatTable, type Row } from '../../scripts/ablate/table.ts';
import { finishedRow, type RowOptions, trainRow } from '../../scripts/ablate/train-row.ts';
import { variants, variantsFor } from '../../scripts/ablate/variants.ts';
import { prepareTrainingData } from '../../src/training/prepare-training-data.ts';
import { parseRecipe, type Recipe } from '../../src/training/recipe.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { objectiveNames } from '../../src/world-model/objectives/config.ts';
import { tinyTwoRooms } from '../training/tiny-recipes.ts';

describe('variants', () => {
  const flat = recipeByName('two-rooms');
  const slots = recipeByName('tabletop-small');
  const ids = variants.map(({ id }) => id);

  test('there is a row for every objective, and each makes a recipe of its own', () => {
    expect(ids).toEqual(expect.arrayContaining([...objectiveNames]));
    for (const recipe of [flat, slots]) {
      const made = variantsFor(recipe, ids).map((variant) => JSON.stringify(variant.change(recipe)));
      for (const text of made) parseRecipe(JSON.parse(text), 'variant');
      expect(new Set(made).size).toBe(made.length);
    }
    expect(variantsFor(slots, ids).length).toBeLessThan(ids.length);
  });

  test('the recipe itself is the first row', () => {
    expect(variantsFor(flat, ['vicreg'])[0]!.change(flat)).toEqual(flat);
  });

  test('one-step rollouts see as many frames', () => {
    const changed = variantsFor(flat, ['vicreg-one-step'])[0]!.change(flat);
    expect(changed.batch * changed.offsets.length).toBe(flat.batch * flat.offsets.length);
  });

  test('unknown ones are refused', () => {
    expect(() => variantsFor(flat, ['vicrag'])).toThrow(/Did you mean 'vicreg'/);
    expect(() => variantsFor(slots, ['vicreg-alone'])).toThrow(/fits the recipe 'tabletop-small'/);
  });
});

test('golden: a table of two seeds', () => {
  const metrics = { std: 0.5, effectiveRank: 10, temporalShare: 0.1, inverse: 0.2, probe: 0.1 };
  const chances = { inverseChance: 0.4, probeChance: 0.4 };
  const row = (seed: number, scale: number): Row => ({
    settings: '',
    config: 'two-rooms',
    variant: 'vicreg',
    title: 'vicreg',
    seed,
    steps: 100,
    cpuSeconds: 1,
    history: [10, 50, 100].map((step) => ({
      step,
      metrics: { ...chances, ...metrics, effectiveRank: scale * step, std: scale },
    })),
    warnings: seed === 0 ? [] : ['step 50: static collapse: latents hold nothing of what moves (...)'],
    rollout: { position: [0.1, 0.2, 0.3, 0.4, 0.5].map((x) => x * scale), latent: [1, 2, 3, 4].map((x) => x * scale) },
    planning: [
      { task: 'two-rooms', episodes: 10, successes: seed === 0 ? 10 : 9, meanFinalDistance: 0.1 },
      { task: 'three-goals', episodes: 10, successes: seed, meanFinalDistance: 0.1 },
    ],
  });
  const lines = formatTable([row(0, 1), row(1, 2)]).split('\n');
  expect(lines).toHaveLength(3);
  const cells = lines[2]!.split('|').map((cell) => cell.trim());
  // Means over the seeds; Wilson's intervals of 19 and of 1 of 20: 76.4 to 99.1 and 0.9 to 23.6 %.
  expect(cells.slice(1, -1)).toEqual([
    'vicreg',
    '0, 1',
    '15.0, 75.0, 150.0',
    '1.50, 1.50, 1.50',
    '0.100',
    '0.50',
    '0.25',
    '0.150; 0.300, 0.450, 0.600, 0.750',
    '1.50, 3.00, 4.50, 6.00',
    '95 % [76–99] of 20',
    '5 % [1–24] of 20',
    'static (50)',
  ]);
});

describe('a row', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amitable-ablate-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const recipe: Recipe = {
    ...tinyTwoRooms(),
    data: { kind: 'two-rooms-play', trajectories: 10, frames: 61, heldOutTrajectories: 20 },
    stages: [{ name: 'play', steps: 120, learningRate: 1e-3, warmupSteps: 2 }],
    evaluateEvery: 30,
    checkpointEvery: 30,
  };
  const options = (out: string, onProgress: RowOptions['onProgress'] = () => {}): RowOptions => ({
    variant: variants.find(({ id }) => id === 'vicreg')!,
    recipe,
    seed: 0,
    tasks: ['two-rooms'],
    episodes: 1,
    out: join(folder, out),
    dataFor: (r) => prepareTrainingData(r, 0, {}, {}),
    farDataFor: (r) => prepareTrainingData({ ...r, offsets: [...horizonOffsets] }, 0, {}, {}),
    onProgress,
  });
  const withoutTime = ({ cpuSeconds: _, ...row }: Row): object => row;

  test('comes out the same when it is interrupted, and is not made twice', async () => {
    const whole = await trainRow(options('whole'));
    expect(whole.history.map(({ step }) => step)).toEqual([30, 60, 90, 120]);
    expect(whole.rollout.position).toHaveLength(5);
    for (const value of [...whole.rollout.position, ...whole.rollout.latent]) expect(value).toBeGreaterThan(0);

    const kill = (what: string): void => {
      if (what.startsWith('step 100')) throw new Error('killed');
    };
    await expect(trainRow(options('broken', kill))).rejects.toThrow('killed');
    expect(finishedRow(options('broken'))).toBeNull();
    const seen: string[] = [];
    const resumed = await trainRow(options('broken', (what) => seen.push(what)));
    // It went on after the checkpoint at step 90.
    expect(seen.filter((what) => what.startsWith('step')).map((what) => /\d+/.exec(what)![0])).toEqual(['100']);
    expect(withoutTime(resumed)).toEqual(withoutTime(whole));
    expect(finishedRow(options('broken'))).toEqual(resumed);
    expect(finishedRow({ ...options('broken'), episodes: 2 })).toBeNull();
  });
});
