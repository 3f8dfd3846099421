import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PainterRecipe, painterRecipeSchema, sideViewPixelsRecipe } from '../../src/training/painter-recipe.ts';
import { sideViewRecipe } from '../../src/training/spectator-recipe.ts';
import { trainPainter } from '../../src/training/train-painter.ts';

const recipe: PainterRecipe = {
  ...sideViewPixelsRecipe,
  model: { ...sideViewPixelsRecipe.model, context: 4, readSize: 24, memorySize: 16, paintSize: 32 },
  films: 30,
  heldOutFilms: 8,
  batch: 8,
  steps: 80,
  learningRate: 3e-3,
  warmupSteps: 8,
  evaluateEvery: 100,
  checkpointEvery: 25,
};

test('painting grows better than repeating the frame', async () => {
  const out = await mkdtemp(join(tmpdir(), 'painting-'));
  const { heldOut } = await trainPainter({ recipe, seed: 3, threads: 1, out, resume: false });
  expect(heldOut.ofStill!).toBeLessThan(0.99);
});

test('an interrupted run ends with the same bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'interrupted-'));
  const short: PainterRecipe = { ...recipe, films: 4, heldOutFilms: 2, steps: 9, checkpointEvery: 3 };
  const common = { recipe: short, seed: 3, threads: 1 };
  await trainPainter({ ...common, out: join(folder, 'whole'), resume: false });
  const stop = {
    onStep({ step }: { readonly step: number }) {
      if (step === 5) throw new Error('the power is off');
    },
  };
  const out = join(folder, 'broken');
  await expect(trainPainter({ ...common, out, resume: false, events: stop })).rejects.toThrow('the power is off');
  await trainPainter({ ...common, out, resume: true });
  expect(await readFile(join(out, 'model.safetensors'))).toEqual(
    await readFile(join(folder, 'whole/model.safetensors')),
  );
});

test('the shipped recipe is one, of the films that the spectator watches', () => {
  expect(painterRecipeSchema.parse(sideViewPixelsRecipe)).toEqual(sideViewPixelsRecipe);
  for (const key of ['films', 'scenarioShare', 'heldOutFilms'] as const)
    expect(sideViewPixelsRecipe[key]).toBe(sideViewRecipe[key]);
  expect(sideViewPixelsRecipe.model.context).toBe(sideViewRecipe.model.context);
});
