import { createAgentWithModel } from '../../src/agent/create-agent.ts';
import type { Environment, EpisodeInfo, Policy } from '../../src/core/contracts.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { createInversePolicy } from '../../src/eval/baselines/inverse.ts';
import { createNoopPolicy } from '../../src/eval/baselines/noop.ts';
import { createOraclePolicy } from '../../src/eval/baselines/oracle.ts';
import { createRandomPolicy } from '../../src/eval/baselines/random.ts';
import type { PrivilegedPolicy } from '../../src/eval/privileged-policy.ts';
import { runEpisodes } from '../../src/eval/run-episodes.ts';
import { auditPolicy } from '../support/audited-policy.ts';
import { readSources } from '../support/source-imports.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

/** A task with a guardrail and a moving object, cut short. */
const task = { ...taskById('push-around'), budgetSteps: 5 };
const seeds = [1, 2, 3];

const { actionSpace } = createEnvironment(task);

const policies: Readonly<Record<string, () => Promise<Policy>>> = {
  agent: () =>
    createAgentWithModel(untrainedTabletopModel(), {
      world: 'tabletop',
      plannerOptions: { samples: 8, iterations: 2, elites: 3, horizon: 3 },
    }),
  inverse: () => createInversePolicy({ model: untrainedTabletopModel(), task, effort: { episodes: 6, steps: 120 } }),
  random: async () => createRandomPolicy({ actionSpace }),
  noop: async () => createNoopPolicy({ actionSpace }),
};

describe.each(Object.entries(policies))('%s', (_, createPolicy) => {
  let policy: Policy;

  beforeAll(async () => {
    policy = await createPolicy();
  });

  afterAll(() => policy.dispose?.());

  it('sees no more than the contracts name, and leaves it as it is', async () => {
    const audited = auditPolicy(policy);
    const results = await runEpisodes({ policy: audited, createEnvironment: () => createEnvironment(task), seeds });
    expect(results.map((episode) => episode.steps)).toEqual([5, 5, 5]);
  });

  it('acts the same, to the bit, when everything the simulator says of the truth is a lie', async () => {
    const honest = await actionsOf(policy, () => createEnvironment(task));
    expect(await actionsOf(policy, () => lying(createEnvironment(task)))).toEqual(honest);
  });
});

describe('the check itself', () => {
  it('catches a policy that uses the truth: the oracle is deceived', async () => {
    const oracle = createOraclePolicy({
      task,
      createEnvironment,
      search: { samples: 8, iterations: 2, elites: 3, horizon: 3 },
    });
    const honest = await actionsOf(oracle, () => createEnvironment(task));
    expect(await actionsOf(oracle, () => createEnvironment(task))).toEqual(honest);
    expect(await actionsOf(oracle, () => lying(createEnvironment(task)))).not.toEqual(honest);
    await oracle.dispose?.();
  });

  it.each([
    ['info beside the frame', { info: {} }],
    ['the state beside the frame', { state: new Float64Array(3) }],
  ])('catches %s, handed over by mistake', async (_, leak) => {
    const policy = auditPolicy(createNoopPolicy({ actionSpace }));
    const { observation, instruction } = createEnvironment(task).reset({ seed: 1 });
    await policy.begin([{ instruction, seed: 1 }]);
    await expect(policy.act([{ ...observation, ...leak }])).rejects.toThrow(/was handed 'observation\.\w+'/);
  });

  it('catches the truth inside an instruction, and inside a frame', async () => {
    const policy = auditPolicy(createNoopPolicy({ actionSpace }));
    const { observation, instruction, info } = createEnvironment(task).reset({ seed: 1 });
    const leaky = { ...instruction, truth: info.truth };
    await expect(policy.begin([{ instruction: leaky, seed: 1 }])).rejects.toThrow("'start.instruction.truth'");
    const frame = Object.assign(observation.frame, { truth: info.truth });
    await expect(policy.act([{ frame }])).rejects.toThrow("'observation.frame.truth'");
  });

  it('catches a policy that asks for more, and one that writes', async () => {
    const observations = [createEnvironment(task).reset({ seed: 1 }).observation];
    const acting = (look: (observation: Record<string, unknown>) => unknown): Policy => ({
      ...createNoopPolicy({ actionSpace }),
      async act(seen) {
        look(seen[0] as unknown as Record<string, unknown>);
        return [null];
      },
    });
    const asking = auditPolicy(acting((observation) => observation.info));
    await expect(asking.act(observations)).rejects.toThrow("read 'observation.info'");
    const writing = auditPolicy(acting((observation) => Object.assign(observation, { frame: null })));
    await expect(writing.act(observations)).rejects.toThrow("wrote 'observation.frame'");
    const painting = auditPolicy(acting(({ frame }) => (frame as { data: Uint8Array }).data.fill(0)));
    await expect(painting.act(observations)).rejects.toThrow('painted over its observation');
    const moving = auditPolicy(acting(({ proprioception }) => (proprioception as Float32Array).fill(0)));
    await expect(moving.act(observations)).rejects.toThrow('painted over its observation');
  });

  it('the runner hands on proprioception, and makes none up', async () => {
    const seen: (readonly number[] | null)[] = [];
    const policy: Policy = {
      ...createNoopPolicy({ actionSpace }),
      async act(observations) {
        seen.push(...observations.map((each) => each?.proprioception && Array.from(each.proprioception)).map(orNull));
        return observations.map(() => ({ action: new Float32Array(2) }));
      },
    };
    const played = { policy, seeds: [1], batchSize: 1 };
    await runEpisodes({ ...played, createEnvironment: () => createEnvironment({ ...task, budgetSteps: 2 }) });
    const environment = createEnvironment(task);
    const { observation } = environment.reset({ seed: 1 });
    const { observation: next } = environment.step([0, 0]);
    expect(seen).toEqual([observation, next].map(({ proprioception }) => Array.from(proprioception!)));
    seen.length = 0;
    const dots = { ...taskById('two-rooms'), budgetSteps: 2 };
    await runEpisodes({ ...played, createEnvironment: () => createEnvironment(dots) });
    expect(seen).toEqual([null, null]);
  });

  it('the runner strips what an environment puts beside its contract', async () => {
    const generous = (): Environment => {
      const environment = createEnvironment(task);
      return override(environment, {
        reset: (options) => {
          const { observation, instruction, info } = environment.reset(options);
          return { observation: { ...observation, info }, instruction: { ...instruction, info }, info };
        },
        step: (action) => {
          const result = environment.step(action);
          return { ...result, observation: { ...result.observation, info: result.info } };
        },
      });
    };
    const policy = auditPolicy(createRandomPolicy({ actionSpace }));
    await expect(runEpisodes({ policy, createEnvironment: generous, seeds })).resolves.toHaveLength(3);
  });
});

test('nothing that an agent is made of can reach an environment, or take one', () => {
  const agentSide = ['agent', 'planner', 'cost', 'world-model', 'memory', 'engine', 'core'];
  const sources = readSources('src').filter(({ path }) => agentSide.includes(path.split('/')[1]!));
  expect(sources.length).toBeGreaterThan(50);
  const foreign = sources.flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier }) => /(^|\/)(env|eval|training|cli)\//.test(specifier))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
  expect(foreign).toEqual([]);
});

function orNull<T>(value: T | null | undefined): T | null {
  return value ?? null;
}

/** The actions of every episode, in order. */
async function actionsOf(policy: Policy | PrivilegedPolicy, create: () => Environment): Promise<number[][]> {
  const results = await runEpisodes({ policy, createEnvironment: create, seeds, record: () => true });
  return results.map(({ recording }) => recording!.steps.flatMap(({ action }) => Array.from(action)));
}

/** The same world in pixels and dynamics, whose every word about the truth is made up. */
function lying(environment: Environment): Environment {
  const rng = createRng(5, 'lies');
  const decoy = createEnvironment(task);
  return override(environment, {
    reset: (options) => {
      decoy.reset({ seed: options.seed + 1 });
      const result = environment.reset(options);
      return { ...result, info: lie(result.info, rng) };
    },
    step: (action) => {
      const result = environment.step(action);
      return { ...result, reward: rng.normal(), info: lie(result.info, rng) };
    },
    inspect: () => lie(environment.inspect(), rng),
    getState: () => decoy.getState(),
  });
}

/** The environment with other methods. */
function override(environment: Environment, methods: Partial<Environment>): Environment {
  return Object.assign(Object.create(environment), methods);
}

function lie({ truth }: EpisodeInfo, rng: Rng): EpisodeInfo {
  const anywhere = Object.fromEntries(
    Object.keys(truth.positions).map((name) => [name, [rng.uniform(), rng.uniform()] as const]),
  );
  return {
    truth: { ...truth, positions: anywhere },
    success: rng.chance(0.5),
    distance: rng.uniform(),
    violations: rng.chance(0.5) ? ['keep-out'] : [],
    violators: rng.chance(0.5) ? ['pusher'] : [],
  };
}
