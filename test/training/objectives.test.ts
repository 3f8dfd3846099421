import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noiseOf, withNoise } from '../../src/training/noise.ts';
import type { Recipe } from '../../src/training/recipe.ts';
import { train } from '../../src/training/train.ts';
import { defaultObjective, type ObjectiveName, objectiveNames } from '../../src/world-model/objectives/config.ts';
import { tinyTwoRooms } from './tiny-recipes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-objectives-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function tiny(objective: ObjectiveName): Recipe {
  return {
    ...tinyTwoRooms(),
    objective: defaultObjective(objective),
    data: { kind: 'two-rooms-play', trajectories: 10, frames: 21, heldOutTrajectories: 20 },
    stages: [
      { name: 'first', steps: 3, learningRate: 1e-2, warmupSteps: 1 },
      { name: 'second', steps: 3, learningRate: 1e-2, warmupSteps: 1 },
    ],
    evaluateEvery: 2,
  };
}

const weights = (name: string) => readFile(join(folder, name, 'model.safetensors'));

test('each objective trains, evaluates with its measures, and makes other weights', async () => {
  const seen = new Set<string>();
  for (const name of objectiveNames) {
    const evaluations: Readonly<Record<string, number>>[] = [];
    const onEvaluate = (_: number, metrics: Readonly<Record<string, number>>): number => evaluations.push(metrics);
    const { heldOut } = await train({
      recipe: tiny(name),
      seed: 1,
      out: join(folder, name),
      resume: false,
      events: { onEvaluate },
    });
    expect(evaluations).toHaveLength(3);
    for (const measure of ['loss', 'rollout', 'inverse', 'std', 'effectiveRank', 'temporalShare', 'probeChance'])
      expect([name, measure, Number.isFinite(heldOut[measure])]).toEqual([name, measure, true]);
    seen.add((await weights(name)).toString('base64'));
  }
  expect(seen.size).toBe(objectiveNames.length);
});

class Killed extends Error {}

test.each(['ema-teacher', 'sigreg'] as const)(
  '%s: an interrupted run ends in the same bytes, teacher and noise included',
  async (name) => {
    const recipe = tiny(name);
    await train({ recipe, seed: 3, out: join(folder, 'whole'), resume: false });
    for (const kill of [2, 4]) {
      const onStep = ({ step }: { step: number }): void => {
        if (step > kill) throw new Killed();
      };
      const run = train({ recipe, seed: 3, out: join(folder, 'broken'), resume: true, events: { onStep } });
      await expect(run).rejects.toThrow(Killed);
    }
    await train({ recipe, seed: 3, out: join(folder, 'broken'), resume: true });
    expect((await weights('broken')).equals(await weights('whole'))).toBe(true);
  },
);

test('noise depends on seed, stream and step, and leaves the batch as it is', () => {
  const batch = { frames: new Float32Array([1, 2]) };
  const source = { inputs: { frames: { shape: [2] } }, batchAt: () => batch };
  const draw = (seed: number, stream: string, step: number): number[] => {
    const noisy = withNoise(source, { directions: [3, 500] }, seed, stream);
    expect(noisy.inputs['noise.directions']).toEqual({ shape: [3, 500] });
    const { frames, 'noise.directions': noise } = noisy.batchAt(step);
    expect(frames).toBe(batch.frames);
    return [...noise!];
  };
  const first = draw(1, 'play', 7);
  expect(draw(1, 'play', 7)).toEqual(first);
  for (const other of [draw(2, 'play', 7), draw(1, 'own', 7), draw(1, 'play', 8)]) expect(other).not.toEqual(first);
  const mean = first.reduce((a, b) => a + b) / first.length;
  const square = first.reduce((sum, value) => sum + value * value, 0) / first.length;
  // 1,500 draws: standard errors 0.026 and 0.037
  expect(Math.abs(mean)).toBeLessThan(0.1);
  expect(Math.abs(square - 1)).toBeLessThan(0.15);
  expect(withNoise(source, {}, 1, 'play')).toBe(source);
  expect(noiseOf({ frames: 1, 'noise.directions': 2 } as never)).toEqual({ directions: 2 });
});
