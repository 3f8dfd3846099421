import { createImagination } from '../../src/agent/imagination.ts';
import { marginsOf } from '../../src/agent/margins.ts';
import { createRng } from '../../src/core/rng.ts';
import type { GuardrailSpec } from '../../src/core/task.ts';
import { compileCost } from '../../src/cost/compile-cost.ts';
import { initialise, layoutOf } from '../../src/engine/parameters.ts';
import { latentSize } from '../../src/world-model/config.ts';
import type { StoredModel } from '../../src/world-model/model-store.ts';
import { worldModelSpecs } from '../../src/world-model/world-model.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

/** Heads that were never taught, and so agree on little; `spread` is how far their starting values lie apart. */
function untaughtEnsemble(heads: number): StoredModel {
  const single = untrainedTabletopModel();
  const config = { ...single.config, ensemble: heads };
  const layout = layoutOf(worldModelSpecs(config));
  const rng = createRng(4, 'untaught ensemble');
  const parameters = initialise(layout, rng).map((value) => (value === 0 ? 0.05 * rng.normal() : value));
  return { ...single, config, layout, parameters };
}

test('disagreement counts from three heads on', () => {
  const { config } = untrainedTabletopModel();
  expect(marginsOf(config).perDisagreement).toBe(0);
  expect(marginsOf({ ...config, ensemble: 2 }).perDisagreement).toBe(0);
  expect(marginsOf({ ...config, ensemble: 3 }).perDisagreement).toBe(1);
});

test('where three heads disagree, plans have to keep further away, by as much', async () => {
  const model = untaughtEnsemble(3);
  const [horizon, samples] = [3, 6];
  const size = latentSize(model.config);
  const rng = createRng(7, 'ensemble margins');
  const latent = Float32Array.from({ length: 2 * size }, () => 0.5 * rng.normal());
  const candidates = Float32Array.from({ length: samples * horizon * 2 }, () => rng.between(-1, 1));
  const objective = [{ term: 'effort', weight: 1 } as const];
  // Everything is inside of it at all times, so that each table width of margin is one of violation at each step.
  const guardrails: GuardrailSpec[] = [{ kind: 'keep-out', who: 'pusher', region: { centre: [0.5, 0.5], radius: 9 } }];
  const entities = ['pusher', 'cup'];
  const violationsWith = async (perDisagreement: number): Promise<Float32Array> => {
    const cost = compileCost({
      ...{ objective, guardrails, hardGuardrails: [], entities, horizon, actionSize: 2, latentShape: [2, size] },
      ...{ margins: { pusher: 0.02, objects: 0.02, perDisagreement }, radii: [0.03, 0.05] },
    });
    const instruction = {
      ...{ taskId: 't', objective, guardrails, targets: {}, goalFrame: null, budgetSteps: 9 },
      entities: entities.map((name) => ({ name, colour: [0, 0, 0] as const })),
    };
    const present = { latent, cost: cost.bind({ instruction, goalLatent: null, stepsLeft: 9, focus: null }) };
    const imagination = createImagination({ model, slots: 2, horizon });
    const { violation } = await imagination.scorer([present], cost).score(candidates, samples);
    await imagination.dispose();
    return violation;
  };
  const [without, once, thrice] = [await violationsWith(0), await violationsWith(1), await violationsWith(3)];
  for (const [i, plain] of without.entries()) {
    const added = once[i]! - plain;
    expect(added).toBeGreaterThan(1e-4);
    expect((thrice[i]! - plain) / added).toBeCloseTo(3, 1);
  }
}, 60_000);
