import { createRng } from '../../src/core/rng.ts';
import type { GuardrailSpec, TermSpec } from '../../src/core/task.ts';
import type { CostBinding } from '../../src/cost/compile-cost.ts';
import { compile } from '../../src/engine/compile.ts';
import { bindingOf, costProgram, feedsOf, instructionOf, judge, smallCost, smallShape } from './imagined.ts';

const { horizon, entities, actionSize, latentShape } = smallShape;

/** All terms and both kinds of region at once. */
const objective: TermSpec[] = [
  { term: 'goal-image', weight: 0.5 },
  { term: 'distance', of: 'pusher', to: 'goal', steps: 'last' },
  { term: 'distance', of: 'cup', to: [0.2, 0.7] },
  { term: 'inside', object: 'plate', region: { x: [0.1, 0.3], y: [0.2, 0.9] } },
  { term: 'effort', weight: 0.1 },
  { term: 'smoothness', weight: 0.1 },
];
const guardrails: GuardrailSpec[] = [{ kind: 'keep-out', who: 'objects', region: { x: [0.4, 0.7], y: [0.4, 0.7] } }];
const hardGuardrails: GuardrailSpec[] = [
  { kind: 'keep-out', who: 'pusher', region: { centre: [0.5, 0.5], radius: 0.3 } },
];
const full = () =>
  smallCost({
    objective,
    guardrails,
    hardGuardrails,
    margins: { pusher: 0.02, objects: [0, 0.01] },
    radii: [0.03, 0.05, 0.06],
  });

function randomImagined(batch: number, samples: number) {
  const rng = createRng(4, 'imagined');
  const draw = (size: number) => Float32Array.from({ length: batch * samples * size }, () => rng.uniform());
  return {
    batch,
    samples,
    positions: draw((horizon + 1) * entities.length * 2),
    latents: draw((horizon + 1) * latentShape[0] * latentShape[1]),
    actions: draw(horizon * actionSize),
  };
}

const episode = (x: number, rest: Partial<CostBinding> = {}): CostBinding =>
  bindingOf(instructionOf(objective, { guardrails, targets: { goal: [x, 0.5] } }), {
    goalLatent: new Float32Array(12).fill(x),
    focus: 1,
    ...rest,
  });

test('compiled by ONNX Runtime it is what TensorFlow.js computes', async () => {
  const cost = full();
  const imagined = randomImagined(2, 40);
  const bindings = [episode(0.1), episode(0.8, { stepsLeft: 2, focus: 2 })];
  const expected = await judge(cost, imagined, ...bindings);
  const executable = await compile(costProgram(cost, imagined));
  const result = await executable.run(feedsOf(cost, imagined, bindings));
  await executable.dispose();
  expect(expected.violation.filter((v) => v > 0).length).toBeGreaterThan(10);
  for (let i = 0; i < 80; i++) {
    expect(Math.abs(result.cost![i]! - expected.cost[i]!)).toBeLessThan(1e-5);
    expect(Math.abs(result.violation![i]! - expected.violation[i]!)).toBeLessThan(1e-5);
  }
});

test('episodes of a batch have nothing to do with each other', async () => {
  const cost = full();
  const both = randomImagined(2, 5);
  const bindings = [episode(0.1, { stepsLeft: 1 }), episode(0.8)];
  const together = await judge(cost, both, ...bindings);
  for (const b of [0, 1]) {
    const part = (values: Float32Array) => values.slice((b * values.length) / 2, ((b + 1) * values.length) / 2);
    const alone = await judge(
      cost,
      {
        batch: 1,
        samples: 5,
        positions: part(both.positions),
        latents: part(both.latents),
        actions: part(both.actions),
      },
      bindings[b]!,
    );
    expect(alone.cost).toEqual(together.cost.slice(5 * b, 5 * b + 5));
    expect(alone.violation).toEqual(together.violation.slice(5 * b, 5 * b + 5));
  }
});

test.each(['positions', 'latents'] as const)('a rollout whose %s diverged has no cost, on any device', async (part) => {
  // Latents even where no term looks at them; positions where one does.
  for (const terms of part === 'latents' ? [objective, [{ term: 'effort', weight: 1 }] as const] : [objective]) {
    const cost = smallCost({ objective: terms });
    const binding = bindingOf(instructionOf(terms, { targets: { goal: [0.5, 0.5] } }), {
      goalLatent: new Float32Array(12),
    });
    const executable = await compile(costProgram(cost, { batch: 1, samples: 3 }));
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const imagined = randomImagined(1, 3);
      // One number of the second candidate, in the middle of its way.
      imagined[part][Math.floor(imagined[part].length / 2)] = broken;
      const eager = await judge(cost, imagined, binding);
      expect(eager.cost.map(Number.isFinite)).toEqual([true, false, true]);
      const { cost: compiled } = await executable.run(feedsOf(cost, imagined, [binding]));
      expect([...compiled!].map(Number.isFinite)).toEqual([true, false, true]);
    }
    await executable.dispose();
  }
});

test('positions that no term and no guardrail reads are not read for the sake of a check', async () => {
  const positions = randomImagined(1, 2).positions.fill(Number.NaN);
  const judged = async (terms: readonly TermSpec[], rails: readonly GuardrailSpec[] = []) => {
    const binding = bindingOf(instructionOf(terms), { goalLatent: new Float32Array(12) });
    const cost = smallCost({ objective: terms, hardGuardrails: rails });
    return (await judge(cost, { ...randomImagined(1, 2), positions }, binding)).cost.map(Number.isFinite);
  };
  // So their probe, dearer than imagining, need not be computed for each candidate.
  expect(await judged([{ term: 'goal-image' }, { term: 'effort', weight: 1 }])).toEqual([true, true]);
  expect(
    await judged([
      { term: 'effort', weight: 1 },
      { term: 'distance', of: 'pusher', to: [0.5, 0.5] },
    ]),
  ).toEqual([false, false]);
  expect(await judged([{ term: 'effort', weight: 1 }], hardGuardrails)).toEqual([false, false]);
});

test('without guardrails nothing is violated', async () => {
  const terms: TermSpec[] = [{ term: 'effort', weight: 1 }];
  const { violation } = await judge(
    smallCost({ objective: terms }),
    randomImagined(1, 4),
    bindingOf(instructionOf(terms)),
  );
  expect(violation).toEqual([0, 0, 0, 0]);
});

test('the signature is that of the graph: other numbers are fed, another structure is another graph', () => {
  const { signature } = full();
  const changed = (from: Partial<Parameters<typeof smallCost>[0]>) =>
    smallCost({ objective, guardrails, hardGuardrails, ...from }).signature;
  expect(changed({ margins: { pusher: 0.5, objects: 0 }, radii: [1, 2, 3] })).toBe(signature);
  expect(changed({ guardrails: [{ kind: 'keep-out', who: 'pusher', region: { centre: [0, 0], radius: 1 } }] })).toBe(
    signature,
  );
  expect(
    changed({ objective: objective.with(2, { term: 'distance', of: 'cup', to: 'goal', tolerance: 0.3, weight: 9 }) }),
  ).toBe(signature);
  expect(
    changed({
      entities: ['pusher', 'cup', 'vase'],
      objective: objective.with(3, { ...objective[3], object: 'vase' } as TermSpec),
    }),
  ).toBe(signature);

  expect(changed({ objective: objective.with(2, { term: 'distance', of: 'plate', to: [0.2, 0.7] }) })).not.toBe(
    signature,
  );
  expect(
    changed({ objective: objective.with(2, { term: 'distance', of: 'cup', to: [0.2, 0.7], steps: 'last' }) }),
  ).not.toBe(signature);
  expect(changed({ guardrails: [] })).not.toBe(signature);
  expect(changed({ horizon: 4 })).not.toBe(signature);
});

test('fed values have the declared sizes', () => {
  const cost = full();
  const feeds = cost.bind(episode(0.2));
  expect(Object.keys(feeds).sort()).toEqual(Object.keys(cost.inputs).sort());
  for (const [name, { shape }] of Object.entries(cost.inputs))
    expect([name, feeds[name]!.length]).toEqual([name, shape.reduce((product, n) => product * n, 1)]);
});

test('says what does not fit together', () => {
  expect(() => smallCost({ objective: [] })).toThrow('at least one term');
  expect(() => smallCost({ objective, radii: [0] })).toThrow('a radius for each of 3 entities, got 1');
  expect(() => smallCost({ objective: [{ term: 'distanse' } as never] })).toThrow(
    "unknown term 'distanse'. Did you mean 'distance'?",
  );
  expect(() => smallCost({ objective: [{ term: 'distance', of: 'cap', to: 'goal' }] })).toThrow(
    "unknown entity 'cap'. Did you mean 'cup'?",
  );
  const cost = full();
  expect(() => cost.bind(episode(0.2, { goalLatent: null }))).toThrow("task 'test' has a goal-image term");
  const lost = instructionOf(objective, { guardrails, targets: { gaol: [0, 0] } });
  expect(() => cost.bind({ ...episode(0.2), instruction: lost })).toThrow(
    "unknown target 'goal'. Did you mean 'gaol'?",
  );
  const fewer = instructionOf(objective.slice(1), { guardrails });
  expect(() => cost.bind({ ...episode(0.2), instruction: fewer })).toThrow(
    "compiled for another kind of task than 'test'",
  );
});
