import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollapseMonitor } from '../../src/training/collapse-monitor.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import { recipeByName } from '../../src/training/recipes.ts';
import { train } from '../../src/training/train.ts';
import type { StridedConvolutionConfig } from '../../src/world-model/config.ts';
import { type ObjectiveConfig, objectiveConfigSchema } from '../../src/world-model/objectives/config.ts';

describe('on metrics', () => {
  const healthy = {
    std: 0.99,
    effectiveRank: 38,
    similarity: 0.03,
    inverse: 0.2,
    inverseChance: 0.56,
    probe: 0.05,
    probeChance: 0.34,
  };
  const blind = { inverse: 0.57, probe: 0.33 };
  const still = { similarity: 1e-4 };

  /** Warnings at steps 100, 200, ..., by the first words after the step. */
  function observe(...series: readonly object[]): string[] {
    const monitor = createCollapseMonitor({ latentSize: 64 });
    return series.flatMap((metrics, i) =>
      monitor
        .observe(100 * (i + 1), { ...healthy, ...metrics })
        .map((text) => /^(step \d+: \w+) collapse: /.exec(text)![1]!),
    );
  }

  test('health is not warned of', () => {
    expect(observe({}, {}, {}, {}, {}, {})).toEqual([]);
  });

  test('constant latents are warned of at once, and once', () => {
    const gone = { std: 0.01, effectiveRank: 1.3, ...blind, ...still };
    expect(observe({}, gone, gone, gone, gone, gone, gone)).toEqual(['step 200: complete']);
  });

  test('it is warned of again after a recovery', () => {
    expect(observe({ std: 0.01 }, {}, { std: 0.01 })).toEqual(['step 100: complete', 'step 300: complete']);
  });

  test('few directions: fewer than a tenth of the dimensions', () => {
    expect(observe({ effectiveRank: 6.3 })).toEqual(['step 100: dimensional']);
    expect(observe({ effectiveRank: 6.5 })).toEqual([]);
  });

  test('static collapse needs 400 steps without a break', () => {
    const dropped = { ...blind, ...still };
    expect(observe(dropped, dropped, dropped, dropped)).toEqual([]);
    expect(observe(dropped, dropped, dropped, dropped, dropped)).toEqual(['step 500: static']);
    expect(observe(dropped, dropped, {}, dropped, dropped, dropped, dropped)).toEqual([]);
  });

  test.each([
    ['a blind probe and unread actions', blind, true],
    ['a blind probe and latents that stand still', { ...still, probe: 0.33 }, true],
    ['a blind probe alone: it may be the probe', { probe: 0.33 }, false],
    ['unread actions alone: the probe still finds the dot', { inverse: 0.57 }, false],
    ['still latents alone: nothing may have moved', still, false],
  ])('%s', (_, metrics, expected) => {
    expect(observe(...new Array(6).fill(metrics)).length > 0).toBe(expected);
  });

  test('models of slots are judged by their heading probe, and by none where there is no heading to tell', () => {
    const { probe: _, probeChance: __, ...slots } = healthy;
    const observeSlots = (heading: object): string[] => {
      const monitor = createCollapseMonitor({ latentSize: 16 });
      return [100, 600].flatMap((step) => monitor.observe(step, { ...slots, effectiveRank: 7, ...still, ...heading }));
    };
    expect(observeSlots({ heading: 0.7, headingChance: 0.7 })).toEqual([expect.stringContaining('the heading probe')]);
    expect(observeSlots({ heading: 0.3, headingChance: 0.7 })).toEqual([]);
    expect(observeSlots({ heading: 0, headingChance: 0 })).toEqual([]);
  });
});

/** A small Two-Rooms model that collapses, or learns, within some hundred steps of a few milliseconds. */
function small(objective: ObjectiveConfig, steps: number): Recipe {
  const recipe = recipeByName('two-rooms');
  const { staticSize: _, ...encoder } = recipe.model.encoder as StridedConvolutionConfig;
  return {
    ...recipe,
    objective,
    model: {
      ...recipe.model,
      encoder: { ...encoder, channels: [4, 8, 16], latentSize: 32 },
      predictor: { kind: 'residual-mlp', hidden: [48] },
      inverseHidden: [48],
      probeHidden: [48],
    },
    data: { kind: 'two-rooms-play', trajectories: 400, frames: 41, heldOutTrajectories: 100 },
    batch: 20,
    offsets: [0, 1, 2],
    stages: [{ name: 'play', steps, learningRate: 4e-3, warmupSteps: 50 }],
    evaluateEvery: 100,
    checkpointEvery: 1000,
  };
}

describe('in training', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amitable-collapse-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function trainSmall(objective: object, steps: number) {
    const warnings: string[] = [];
    const recipe = small(objectiveConfigSchema.parse({ name: 'vicreg', ...objective }), steps);
    const onWarning = (message: string): number => warnings.push(message);
    const { heldOut } = await train({ recipe, seed: 0, out: folder, resume: false, events: { onWarning } });
    return { warnings, heldOut };
  }

  test('without anything against it, latents collapse, and the run warns', async () => {
    const nothing = { variance: 0, covariance: 0, similarity: 0, inverse: 0 };
    const { warnings, heldOut } = await trainSmall(nothing, 100);
    expect(warnings).toEqual([expect.stringMatching(/^step 100: complete collapse/)]);
    expect(heldOut.std).toBeLessThan(0.05);
    expect(heldOut.effectiveRank).toBeLessThan(2);
  });

  test('too much similarity drops the dot: spread and rank look healthy, and the run warns', async () => {
    const { warnings, heldOut } = await trainSmall({ similarity: 12, inverse: 0 }, 500);
    expect(warnings).toEqual([expect.stringMatching(/^step 500: static collapse/)]);
    expect(heldOut.std).toBeGreaterThan(0.9);
    expect(heldOut.effectiveRank).toBeGreaterThan(12);
    expect(heldOut.temporalShare).toBeLessThan(0.01);
  });

  test('the shipped weights do not, and the run is silent', async () => {
    const { warnings, heldOut } = await trainSmall({}, 500);
    expect(warnings).toEqual([]);
    expect(heldOut.std).toBeGreaterThan(0.9);
    expect(heldOut.temporalShare).toBeGreaterThan(0.05);
    expect(heldOut.probe).toBeLessThan(0.5 * heldOut.probeChance!);
  });
});
