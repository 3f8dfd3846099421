import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitSideColours, sampleFilm } from '../../src/training/spectator-films.ts';
import { type SpectatorRecipe, sideViewRecipe, spectatorRecipeSchema } from '../../src/training/spectator-recipe.ts';
import { trainSpectator } from '../../src/training/train-spectator.ts';
import { tinySpectator } from '../world-model/spectator/tiny-spectator.ts';

const recipe: SpectatorRecipe = {
  ...sideViewRecipe,
  model: { ...tinySpectator, context: 3 },
  films: 12,
  heldOutFilms: 4,
  batch: 8,
  steps: 40,
  learningRate: 0.01,
  warmupSteps: 2,
  evaluateEvery: 10,
  checkpointEvery: 10,
};

test('watching makes the next frame less surprising; an interrupted run ends with the same bytes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'watching-'));
  const surprises: number[] = [];
  const common = { recipe, seed: 3, threads: 1 };
  const events = {
    onEvaluate: (_: number, { surprise }: Readonly<Record<string, number>>) => void surprises.push(surprise!),
  };
  await trainSpectator({ ...common, out: join(folder, 'whole'), resume: false, events });
  expect(surprises).toHaveLength(4);
  expect(surprises[3]!).toBeLessThan(0.97 * surprises[0]!);

  const stop = {
    onStep({ step }: { readonly step: number }) {
      if (step === 14) throw new Error('the power is off');
    },
  };
  const out = join(folder, 'broken');
  await expect(trainSpectator({ ...common, out, resume: false, events: stop })).rejects.toThrow('the power is off');
  const steps: number[] = [];
  await trainSpectator({ ...common, out, resume: true, events: { onStep: ({ step }) => void steps.push(step) } });
  expect(steps[0]).toBe(11);
  expect(await readFile(join(out, 'model.safetensors'))).toEqual(
    await readFile(join(folder, 'whole/model.safetensors')),
  );
});

test('finds the colours of scenery, of screens, then of things, in pixels', () => {
  const { encoder } = fitSideColours(sideViewRecipe.model, 0, 0.75);
  const found = [encoder.background, ...encoder.prototypes.slice(0, 2)];
  const truth = [tinySpectator.encoder.background, ...tinySpectator.encoder.prototypes.slice(0, 2)];
  const gap = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((v, i) => v - b[i]!));
  found.forEach((colour, i) => {
    expect(gap(colour, truth[i]!)).toBeLessThan(3);
  });
  for (const colour of tinySpectator.encoder.prototypes.slice(2)) {
    expect(Math.min(...encoder.prototypes.slice(2).map((each) => gap(each, colour)))).toBeLessThan(3);
  }
});

test('films differ by seed, split and index, and are the same when drawn again; the recipe is one', () => {
  const film = sampleFilm(1, 'train', 0, 0.5);
  expect(sampleFilm(1, 'train', 0, 0.5)).toEqual(film);
  for (const other of [
    sampleFilm(2, 'train', 0, 0.5),
    sampleFilm(1, 'held-out', 0, 0.5),
    sampleFilm(1, 'train', 1, 0.5),
  ])
    expect(other).not.toEqual(film);
  expect(spectatorRecipeSchema.parse(sideViewRecipe)).toEqual(sideViewRecipe);
});
