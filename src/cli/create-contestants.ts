import { relative, resolve } from 'node:path';
import type { EvaluationBudget } from '../agent/planner-options.ts';
import type { CriticUse } from '../agent/with-critic.ts';
import type { Environment } from '../core/contracts.ts';
import { packageRoot } from '../core/package-root.ts';
import type { TaskSpec, WorldName } from '../core/task.ts';
import type { DeviceName } from '../engine/program.ts';
import type { Contestant } from '../eval/bench.ts';
import type { NamedModel } from '../eval/bench-line.ts';
import type { EndedEpisode } from '../eval/run-episodes.ts';
import type { PlannerName } from '../planner/create-planner.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { type Memories, rememberEpisode } from './memories.ts';

export const policyNames = [
  'agent',
  'agent-unguarded',
  'inverse',
  'pixels',
  'pixels-probes',
  'random',
  'noop',
  'expert',
  'oracle',
  'oracle-pixels',
] as const;
export type PolicyName = (typeof policyNames)[number];

/** Policies on the agent's world model, those on the generative one beside it, and of both the ones that search. */
export const modelPolicies: readonly PolicyName[] = ['agent', 'agent-unguarded', 'inverse'];
const generativePolicies: readonly PolicyName[] = ['pixels', 'pixels-probes'];
export const searchingPolicies: readonly PolicyName[] = ['agent', 'agent-unguarded', ...generativePolicies];

export interface ContestantOptions {
  readonly planner: PlannerName | undefined;
  readonly evaluations?: EvaluationBudget | undefined;
  /** Of agents; as the model says if absent. */
  readonly horizon?: number | undefined;
  /** Of agents; nobody asks a critic if absent. */
  readonly critic?: CriticUse['at'] | undefined;
  readonly model: string | undefined;
  readonly guardrails: 'on' | 'off';
  readonly device: DeviceName;
  readonly threads: number;
  /** What agents recall from and remember in. @defaultValue nothing */
  readonly memories?: Memories;
}

export interface Contestants {
  /** Loads what these policies need for these tasks, so that a missing model is found before anything is played. */
  prepare(policies: readonly string[], tasks: readonly TaskSpec[]): Promise<void>;
  create(policy: string, task: TaskSpec): Promise<Contestant>;
  /** The model that a policy plays a task with; null for policies without one. */
  modelOf(policy: string, task: TaskSpec): Promise<NamedModel | null>;
  /** The hashes of the models that were used so far, by folder. */
  models(): Readonly<Record<string, string>>;
}

/** Makes policies by name. What a policy needs is loaded when it is first asked for. */
export function createContestants(options: ContestantOptions): Contestants {
  const loaded = new Map<string, LoadedModel>();
  const blind = (policy: Contestant['policy']): Contestant => ({ policy, planner: null, model: null });

  const modelOf = async (world: WorldName, generative = false): Promise<LoadedModel> => {
    const { generativeModelDirectory, shippedModelDirectory } = await import('../agent/create-agent.ts');
    const shipped = (generative ? generativeModelDirectory : shippedModelDirectory)(world);
    const known = loaded.get(shipped);
    if (known !== undefined) return known;
    const { loadModel } = await import('../world-model/model-store.ts');
    const named = generative ? undefined : options.model;
    const model = await loadModel(named ?? shipped);
    // A record must not depend on where the package is installed.
    const folder = named ?? relative(packageRoot(), shipped);
    loaded.set(shipped, { model, folder });
    return { model, folder };
  };

  const agentOf = async (task: TaskSpec, guardrails: 'on' | 'off'): Promise<Contestant> => {
    const { planner, evaluations, horizon, critic, device, threads } = options;
    const world = worldOf(task);
    const { model, folder } = await modelOf(world);
    const memory = (await options.memories?.of(model)) ?? null;
    const { createAgentWithModel } = await import('../agent/create-agent.ts');
    return {
      policy: await createAgentWithModel(model, {
        ...{ world, planner, evaluations, guardrails, memory, device, threads },
        ...(horizon === undefined ? {} : { plannerOptions: { horizon } }),
        ...(critic === undefined ? {} : { critic: { at: critic } }),
      }),
      planner: planner ?? model.config.planner.name,
      model: folder,
      ...(memory === null ? {} : { remember: (episode: EndedEpisode) => rememberEpisode(memory, episode) }),
    };
  };

  const generativeOf = async (task: TaskSpec) => {
    const { planner, evaluations, guardrails, device, threads } = options;
    const world = worldOf(task);
    const { model, folder } = await modelOf(world, true);
    const { name } = model.config.planner;
    return { model, folder, planner: planner ?? name, world, evaluations, guardrails, device, threads };
  };

  const factories: Readonly<Record<PolicyName, (task: TaskSpec) => Promise<Contestant>>> = {
    agent: (task) => agentOf(task, options.guardrails),
    'agent-unguarded': (task) => agentOf(task, 'off'),
    async inverse(task) {
      const { device, threads } = options;
      const { model, folder } = await modelOf(worldOf(task));
      const { createInversePolicy } = await import('../eval/baselines/inverse.ts');
      return { policy: await createInversePolicy({ model, task, device, threads }), planner: null, model: folder };
    },
    async pixels(task) {
      const { model, folder, planner, ...agent } = await generativeOf(task);
      const { createPixelsPolicy } = await import('../eval/baselines/pixels.ts');
      return { policy: await createPixelsPolicy({ model, ...agent }), planner, model: folder };
    },
    async 'pixels-probes'(task) {
      const { model, folder, planner, ...agent } = await generativeOf(task);
      const { createAgentWithModel } = await import('../agent/create-agent.ts');
      const policy = await createAgentWithModel(model, agent);
      return { policy: { ...policy, name: 'pixels-probes' }, planner, model: folder };
    },
    async random(task) {
      const { createRandomPolicy } = await import('../eval/baselines/random.ts');
      return blind(createRandomPolicy(await environmentOf(task)));
    },
    async noop(task) {
      const { createNoopPolicy } = await import('../eval/baselines/noop.ts');
      return blind(createNoopPolicy(await environmentOf(task)));
    },
    async expert(task) {
      const { createExpertPolicy } = await import('../eval/baselines/expert.ts');
      return blind(createExpertPolicy(task));
    },
    async oracle(task) {
      const { createOraclePolicy } = await import('../eval/baselines/oracle.ts');
      const { createEnvironment } = await import('../env/create-environment.ts');
      const { planner = 'icem', guardrails, device, threads } = options;
      const policy = createOraclePolicy({ task, createEnvironment, planner, guardrails, device, threads });
      return { policy, planner, model: null };
    },
    async 'oracle-pixels'(task) {
      const { createOraclePixelsPolicy } = await import('../eval/baselines/oracle-pixels.ts');
      const { createEnvironment } = await import('../env/create-environment.ts');
      const { planner = 'icem' } = options;
      return { policy: createOraclePixelsPolicy({ task, createEnvironment, planner }), planner, model: null };
    },
  };

  return {
    async prepare(policies, tasks) {
      for (const task of tasks) {
        if (policies.some(isGenerative)) await modelOf(worldOf(task), true);
        if (policies.some(isOnModel)) await options.memories?.of((await modelOf(worldOf(task))).model);
      }
    },
    async modelOf(policy, task) {
      const generative = isGenerative(policy);
      if (!isOnModel(policy) && !generative) return null;
      const { folder, model } = await modelOf(worldOf(task), generative);
      const directory = options.model === undefined || generative ? null : resolve(options.model);
      return { folder, directory, hash: model.hash };
    },
    create: (policy, task) => factories[policy as PolicyName](task),
    models: () => Object.fromEntries([...loaded.values()].map(({ folder, model }) => [folder, model.hash])),
  };
}

function isOnModel(policy: string): boolean {
  return modelPolicies.some((name) => name === policy);
}

function isGenerative(policy: string): boolean {
  return generativePolicies.some((name) => name === policy);
}

interface LoadedModel {
  readonly model: StoredModel;
  /** As reports name it. */
  readonly folder: string;
}

function worldOf({ world = 'tabletop' }: TaskSpec): WorldName {
  return world;
}

async function environmentOf(task: TaskSpec): Promise<Environment> {
  const { createEnvironment } = await import('../env/create-environment.ts');
  return createEnvironment(task);
}
