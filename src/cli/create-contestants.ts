import { relative } from 'node:path';
import type { Environment } from '../core/contracts.ts';
import { packageRoot } from '../core/package-root.ts';
import type { TaskSpec } from '../core/task.ts';
import type { DeviceName } from '../engine/program.ts';
import type { Contestant } from '../eval/bench.ts';
import type { PlannerName } from '../planner/create-planner.ts';

export const policyNames = ['agent', 'random', 'noop', 'expert', 'oracle'] as const;
export type PolicyName = (typeof policyNames)[number];

export interface ContestantOptions {
  readonly planner: PlannerName | undefined;
  readonly model: string | undefined;
  readonly guardrails: 'on' | 'off';
  readonly device: DeviceName;
  readonly threads: number;
}

export interface Contestants {
  create(policy: string, task: TaskSpec): Promise<Contestant>;
  /** The hashes of the models that were used so far, by folder. */
  models(): Readonly<Record<string, string>>;
}

/** Makes policies by name. What a policy needs is loaded when it is first asked for. */
export function createContestants(options: ContestantOptions): Contestants {
  const hashes: Record<string, string> = {};
  const blind = (policy: Contestant['policy']): Contestant => ({ policy, planner: null, model: null });

  const factories: Readonly<Record<PolicyName, (task: TaskSpec) => Promise<Contestant>>> = {
    async agent(task) {
      const { planner, model: directory, ...settings } = options;
      const world = task.world ?? 'tabletop';
      const { createAgentWithModel, shippedModelDirectory } = await import('../agent/create-agent.ts');
      const { loadModel } = await import('../world-model/model-store.ts');
      const shipped = shippedModelDirectory(world);
      const model = await loadModel(directory ?? shipped);
      // A record must not depend on where the package is installed.
      const folder = directory ?? relative(packageRoot(), shipped);
      hashes[folder] = model.hash;
      return {
        policy: await createAgentWithModel(model, { world, planner, ...settings }),
        planner: planner ?? model.config.planner.name,
        model: folder,
      };
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
      const { planner = 'icem', device, threads } = options;
      const policy = createOraclePolicy({ task, createEnvironment, planner, device, threads });
      return { policy, planner, model: null };
    },
  };

  return {
    create: (policy, task) => factories[policy as PolicyName](task),
    models: () => hashes,
  };
}

async function environmentOf(task: TaskSpec): Promise<Environment> {
  const { createEnvironment } = await import('../env/create-environment.ts');
  return createEnvironment(task);
}
