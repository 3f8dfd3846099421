import { relative, resolve } from 'node:path';
import type { EvaluationBudget } from '../agent/planner-options.ts';
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

export const policyNames = ['agent', 'agent-unguarded', 'inverse', 'random', 'noop', 'expert', 'oracle'] as const;
export type PolicyName = (typeof policyNames)[number];

/** Policies on a world model, and of these the ones that search on it. */
export const modelPolicies: readonly PolicyName[] = ['agent', 'agent-unguarded', 'inverse'];
export const searchingPolicies: readonly PolicyName[] = ['agent', 'agent-unguarded'];

export interface ContestantOptions {
  readonly planner: PlannerName | undefined;
  readonly evaluations?: EvaluationBudget | undefined;
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
  const loaded = new Map<WorldName, LoadedModel>();
  const blind = (policy: Contestant['policy']): Contestant => ({ policy, planner: null, model: null });

  const modelOf = async (world: WorldName): Promise<LoadedModel> => {
    const known = loaded.get(world);
    if (known !== undefined) return known;
    const { shippedModelDirectory } = await import('../agent/create-agent.ts');
    const { loadModel } = await import('../world-model/model-store.ts');
    const shipped = shippedModelDirectory(world);
    const model = await loadModel(options.model ?? shipped);
    // A record must not depend on where the package is installed.
    const folder = options.model ?? relative(packageRoot(), shipped);
    loaded.set(world, { model, folder });
    return { model, folder };
  };

  const agentOf = async (task: TaskSpec, guardrails: 'on' | 'off'): Promise<Contestant> => {
    const { planner, evaluations, device, threads } = options;
    const world = worldOf(task);
    const { model, folder } = await modelOf(world);
    const memory = (await options.memories?.of(model)) ?? null;
    const { createAgentWithModel } = await import('../agent/create-agent.ts');
    return {
      policy: await createAgentWithModel(model, { world, planner, evaluations, guardrails, memory, device, threads }),
      planner: planner ?? model.config.planner.name,
      model: folder,
      ...(memory === null ? {} : { remember: (episode: EndedEpisode) => rememberEpisode(memory, episode) }),
    };
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
  };

  return {
    async prepare(policies, tasks) {
      if (!policies.some(isOnModel)) return;
      for (const task of tasks) await options.memories?.of((await modelOf(worldOf(task))).model);
    },
    async modelOf(policy, task) {
      if (!isOnModel(policy)) return null;
      const { folder, model } = await modelOf(worldOf(task));
      const directory = options.model === undefined ? null : resolve(options.model);
      return { folder, directory, hash: model.hash };
    },
    create: (policy, task) => factories[policy as PolicyName](task),
    models: () => Object.fromEntries([...loaded.values()].map(({ folder, model }) => [folder, model.hash])),
  };
}

function isOnModel(policy: string): boolean {
  return modelPolicies.some((name) => name === policy);
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
