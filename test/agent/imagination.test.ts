import { createImagination } from '../../src/agent/imagination.ts';
import { createRng } from '../../src/core/rng.ts';
import { compileCost } from '../../src/cost/compile-cost.ts';
import { latentSize } from '../../src/world-model/config.ts';
import { placeScale } from '../../src/world-model/encoders/colour-slots.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

const horizon = 3;
const samples = 4;
const size = horizon * 2;
const penalty = 10;

test('the gradient of imagined costs and violations is their slope, candidate by candidate', async () => {
  const model = untrainedTabletopModel();
  const rng = createRng(3, 'imagination');
  const latent = Float32Array.from({ length: 2 * latentSize(model.config) }, () => 0.5 * rng.normal());
  const entities = ['pusher', 'cup'];
  const objective = [{ term: 'distance', of: 'cup', to: [0.8, 0.7], tolerance: 0 } as const];
  // Both things are inside of it from the start, so that violations have a slope.
  const guardrails = ['pusher', 'objects'].map((who) => ({
    kind: 'keep-out' as const,
    who,
    region: { centre: [0.45, 0.55] as const, radius: 3 },
  }));
  const cost = compileCost({
    ...{ objective, guardrails, hardGuardrails: [], entities, horizon, actionSize: 2 },
    ...{ latentShape: [2, latentSize(model.config)], margins: { pusher: 0.02, objects: 0.02 }, radii: [0.03, 0.05] },
  });
  const instruction = {
    ...{ taskId: 'test', objective, guardrails, targets: {}, goalFrame: null, budgetSteps: 30 },
    entities: entities.map((name) => ({ name, colour: [0, 0, 0] as const })),
  };
  const present = { latent, cost: cost.bind({ instruction, goalLatent: null, stepsLeft: 30, focus: null }) };
  const imagination = createImagination({ model, slots: 2, horizon });
  const scorer = imagination.scorer([present, present], cost);
  const candidates = Float32Array.from({ length: 2 * samples * size }, () => rng.between(-0.8, 0.8));

  const scored = await scorer.score(candidates, samples);
  const { gradient, ...scores } = await scorer.scoreWithGradient!(candidates, samples, penalty);
  for (const name of ['cost', 'violation'] as const)
    for (const [i, value] of scored[name].entries()) expect(scores[name][i]).toBeCloseTo(value, 4);
  expect(scored.violation.every((violation) => violation > 0)).toBe(true);

  // Central differences along random ways, in every candidate at once.
  const step = 0.02;
  for (let trial = 0; trial < 5; trial++) {
    const way = candidates.map(() => rng.normal());
    const worthAt = async (length: number) => {
      const moved = await scorer.score(candidates.map((x, i) => x + length * way[i]!) as Float32Array, samples);
      return moved.cost.map((value, i) => value + penalty * moved.violation[i]!);
    };
    const [before, after] = [await worthAt(-step), await worthAt(step)];
    for (let i = 0; i < 2 * samples; i++) {
      let slope = 0;
      for (let k = i * size; k < (i + 1) * size; k++) slope += gradient[k]! * way[k]!;
      const measured = (after[i]! - before[i]!) / (2 * step);
      expect(Math.abs(slope - measured)).toBeLessThan(0.02 * Math.abs(measured) + 0.01);
    }
  }
  await imagination.dispose();
});

test('a candidate that was scored is foreseen as it was scored, and as it is by itself', async () => {
  const model = untrainedTabletopModel();
  const rng = createRng(5, 'imagination');
  const dimensions = latentSize(model.config);
  const objective = [{ term: 'distance', of: 'cup', to: [0.8, 0.7], tolerance: 0 } as const];
  const cost = compileCost({
    ...{ objective, guardrails: [], hardGuardrails: [], entities: ['pusher', 'cup'], horizon, actionSize: 2 },
    ...{ latentShape: [2, dimensions], margins: { pusher: 0, objects: 0 }, radii: [0.03, 0.05] },
  });
  const instruction = {
    ...{ taskId: 'test', objective, guardrails: [], targets: {}, goalFrame: null, budgetSteps: 30 },
    entities: ['pusher', 'cup'].map((name) => ({ name, colour: [0, 0, 0] as const })),
  };
  const bound = cost.bind({ instruction, goalLatent: null, stepsLeft: 30, focus: null });
  const presents = [0, 1].map(() => ({
    latent: Float32Array.from({ length: 2 * dimensions }, () => 0.5 * rng.normal()),
    cost: bound,
  }));
  const [scoring, fresh] = [0, 1].map(() => createImagination({ model, slots: 2, horizon }));
  const candidates = Float32Array.from({ length: 2 * samples * size }, () => rng.between(-0.8, 0.8));
  await scoring!.scorer(presents, cost).score(candidates, samples);
  for (const [p, present] of presents.entries()) {
    const actions = candidates.slice((p * samples + 1) * size, (p * samples + 2) * size);
    const [remembered, alone] = [await scoring!.foresee(present, actions), await fresh!.foresee(present, actions)];
    for (const [i, value] of alone.flat(2).entries()) expect(remembered.flat(2)[i]).toBeCloseTo(value, 4);
  }
  await Promise.all([scoring!.dispose(), fresh!.dispose()]);
});

test('a preview of many candidates shows each where it is foreseen to lead', async () => {
  const model = untrainedTabletopModel();
  const rng = createRng(4, 'imagination');
  const dimensions = latentSize(model.config);
  const present = { latent: Float32Array.from({ length: 2 * dimensions }, () => 0.5 * rng.normal()), cost: {} };
  const imagination = createImagination({ model, slots: 2, horizon });
  const candidates = Float32Array.from({ length: samples * size }, () => rng.between(-0.8, 0.8));

  const positions = await imagination.preview(present, candidates, samples);
  expect(positions).toHaveLength(samples * (horizon + 1) * 2 * 2);
  const own = positions.length / samples;
  for (let s = 0; s < samples; s++) {
    const actions = candidates.slice(s * size, (s + 1) * size);
    const alone = (await imagination.foresee(present, actions)).flat(2);
    for (const [i, value] of alone.entries()) expect(positions[s * own + i]).toBeCloseTo(value, 4);
    const next = await imagination.expect(present, actions);
    expect(next).toHaveLength(2 * dimensions);
    // A slot's latent begins with its place: here those after one step.
    for (const slot of [0, 1])
      for (const axis of [0, 1])
        expect(next[slot * dimensions + axis]! / placeScale + 0.5).toBeCloseTo(alone[2 * (2 + slot) + axis]!, 4);
  }
  await imagination.dispose();
});
