import fc from 'fast-check';
import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import type { Recollection } from '../../src/agent/diary.ts';
import type { Scorer } from '../../src/core/contracts.ts';
import type { Experience, Memory, Situation } from '../../src/core/memory-contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import { createBoxSpace } from '../../src/core/space.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { runEpisodes } from '../../src/eval/run-episodes.ts';
import { createPlanner, plannerNames } from '../../src/planner/create-planner.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

const model = untrainedTabletopModel();
const task: TaskSpec = { ...taskById('push-around'), budgetSteps: 4 };
const seeds = [4, 5, 6];
const search = { samples: 12, iterations: 2, elites: 3, horizon: 3 };

/** A memory in which everything is alike and recalls these actions. */
function recalling(actions: readonly Float32Array[]): Recollection & { readonly asked: Situation[] } {
  const asked: Situation[] = [];
  return {
    encoder: model.hash,
    asked,
    recall(situation, { count, steps }) {
      asked.push(situation);
      return actions.slice(0, count).map((sequence) => sequence.slice(0, 2 * steps));
    },
  };
}

async function play(memory: Recollection | null, batchSize = 3, of = task) {
  const policy = await createAgentWithModel(model, { world: 'tabletop', plannerOptions: search, memory });
  const lived: (Experience | null)[] = [];
  const results = await runEpisodes({
    policy,
    createEnvironment: () => createEnvironment(of),
    seeds,
    batchSize,
    record: () => true,
    onEnded: ({ experience }) => {
      lived.push(experience);
    },
  });
  await policy.dispose?.();
  const steps = results.map(({ recording }) => recording!.steps);
  return { lived, steps, actions: steps.map((episode) => episode.flatMap(({ action }) => [...action])) };
}

const wild = Array.from({ length: 5 }, (_, i) => {
  const rng = createRng(i, 'wild');
  return Float32Array.from({ length: 40 }, () => rng.between(-3, 3));
});

test('a memory of nothing changes no action, to the bit', async () => {
  expect((await play(recalling([]))).actions).toEqual((await play(null)).actions);
});

test('what is recalled changes the search, the same at any batch size', async () => {
  const { actions } = await play(recalling(wild));
  expect(actions).not.toEqual((await play(null)).actions);
  expect((await play(recalling(wild), 1)).actions).toEqual(actions);
});

test('without a memory nothing is kept; with one, what was seen and done, and nothing of how it ended', async () => {
  expect((await play(null)).lived).toEqual([null, null, null]);
  const memory = recalling([]);
  const { lived, actions } = await play(memory);
  for (const [i, experience] of lived.entries()) {
    const { instruction, moments, actions: done, actionSize } = experience!;
    const environment = createEnvironment(task);
    const start = environment.reset({ seed: seeds[i]! });
    expect(Object.keys(experience!).sort()).toEqual(['actionSize', 'actions', 'instruction', 'moments']);
    expect(instruction).toEqual(start.instruction);
    expect([...done]).toEqual(actions[i]);
    expect(actionSize).toBe(2);
    expect(moments.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    expect(moments[0]!.frame.data).toEqual(start.observation.frame.data);
    // As perceived, which is near the truth and not the truth.
    const { pusher, object } = start.info.truth.positions;
    const truth = [...pusher!, ...object!];
    expect([...moments[0]!.positions]).not.toEqual(truth.map(Math.fround));
    for (const [j, value] of moments[0]!.positions.entries()) expect(Math.abs(value - truth[j]!)).toBeLessThan(0.02);
  }
  expect(memory.asked).toHaveLength(12);
  expect(lived.flatMap((experience) => experience!.moments.map(({ situation }) => situation!.kind))).toEqual(
    new Array(12).fill('object: distance; 1 in the way'),
  );
});

test('however fast it was done once, no action is faster than is permitted now', async () => {
  const slow: TaskSpec = { ...task, guardrails: [{ kind: 'speed', limit: 0.25 }] };
  const across = [Float32Array.from({ length: 40 }, () => 1)];
  const { steps } = await play(recalling(across), 3, slow);
  for (const { action } of steps.flat()) expect(Math.hypot(...action)).toBeLessThanOrEqual(0.25 + 1e-6);
});

// Descent asks for derivatives, which the judge of this test has not.
test.each(plannerNames.filter((name) => name !== 'gradient'))(
  '%s never chooses a recalled plan that breaks a guardrail over one that breaks none, whatever it promises',
  async (name) => {
    const number = fc.float({ min: -1, max: 1, noNaN: true });
    const plan = fc.array(number, { minLength: 6, maxLength: 6 }).map((actions) => Float32Array.from(actions));
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { minLength: 1, maxLength: 6 }), fc.nat(), async (recalled, seed) => {
        const planner = createPlanner(name, {
          actionSpace: createBoxSpace({ low: [-1, -1], high: [1, 1] }),
          horizon: 3,
          samples: 16,
          iterations: 2,
        });
        const remembered = new Set(recalled.map(String));
        const scorer: Scorer = {
          async score(candidates, samples) {
            const actions = Array.from({ length: samples }, (_, s) => candidates.subarray(6 * s, 6 * s + 6));
            // What memory says costs least of all and violates; so does half of the rest.
            return {
              cost: Float32Array.from(actions, (each) => (remembered.has(String(each)) ? -9 : 1 + each[0]!)),
              violation: Float32Array.from(actions, (each) =>
                remembered.has(String(each)) || each[1]! > 0 ? 0.001 : 0,
              ),
            };
          },
        };
        const rngs = [createRng(seed, 'guarded')];
        const [best] = await planner.plan({ scorer, rngs, warmStarts: [null], recalled: [recalled] });
        expect(best!.violation).toBe(0);
      }),
      { numRuns: 20 },
    );
  },
);

test('a memory of another model is refused', async () => {
  const memory: Memory = { ...recalling([]), encoder: 'someone-else', remember: async () => 0 };
  await expect(createAgentWithModel(model, { world: 'tabletop', memory })).rejects.toThrow(
    "this memory was opened for the model someone-else, the agent's is untrained",
  );
});
