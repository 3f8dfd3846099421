import type { Environment, Imagined } from '../../core/contracts.ts';
import { createRng } from '../../core/rng.ts';
import type { TaskSpec, WorldName } from '../../core/task.ts';
import type { CompileOptions } from '../../engine/program.ts';
import { createPlanner, type PlannerName } from '../../planner/create-planner.ts';
import type { SearchOptions } from '../../planner/options.ts';
import { createRecedingHorizon } from '../../planner/receding-horizon.ts';
import type { PrivilegedPolicy } from '../privileged-policy.ts';
import { createTrueDynamics, type TruePresent } from './true-dynamics.ts';
import { createTruthReader, type TruthReader } from './true-present.ts';

export interface OracleOptions extends CompileOptions {
  readonly task: TaskSpec;
  /** Makes the environment that candidates are played in. */
  readonly createEnvironment: (task: TaskSpec) => Environment;
  /** `off`: plans as if the simulator never saw a guardrail broken. @defaultValue 'on' */
  readonly guardrails?: 'on' | 'off';
  /** @defaultValue 'icem' */
  readonly planner?: PlannerName;
  /** Over the world's own settings. */
  readonly search?: SearchOptions & { readonly horizon?: number };
}

export interface OracleSettings {
  /** Planned actions, and the control steps each is held for. */
  readonly horizon: number;
  readonly blockLength: number;
  readonly search: SearchOptions;
}

/** Horizons and action blocks as the shipped models plan with; fewer samples, since true dynamics forgive that. */
const settings: Readonly<Record<WorldName, OracleSettings>> = {
  tabletop: { horizon: 8, blockLength: 1, search: { samples: 32, iterations: 3, elites: 6 } },
  'two-rooms': { horizon: 20, blockLength: 4, search: { samples: 24, iterations: 2, elites: 6 } },
  'push-t': { horizon: 12, blockLength: 1, search: { samples: 48, iterations: 3, elites: 8 } },
};

export function oracleSettings({ world = 'tabletop' }: Pick<TaskSpec, 'world'>): OracleSettings {
  return settings[world];
}

/**
 * The same planner, objective and guardrails on the true dynamics: what remains between it and an agent is due to
 * the agent's perception and world model, what it fails at is due to the search.
 */
export function createOraclePolicy(options: OracleOptions): PrivilegedPolicy {
  const { task, createEnvironment, planner: name = 'icem', guardrails = 'on', search = {}, ...rest } = options;
  const world = oracleSettings(task);
  const scratch = createEnvironment(task);
  const { actionSpace } = scratch;
  const { horizon = world.horizon, ...overrides } = search;
  const planner = createPlanner(name, { actionSpace, horizon, ...world.search, ...overrides });
  const control = createRecedingHorizon({ planner, actionSize: actionSpace.size, blockLength: world.blockLength });
  const dynamics = createTrueDynamics({
    scratch,
    guarded: guardrails === 'on',
    horizon,
    blockLength: world.blockLength,
    ...rest,
  });
  let environments: readonly Environment[] = [];
  let readers: readonly TruthReader[] = [];
  let stepsTaken = 0;
  /** Of each episode's last plan. */
  let imagined: Imagined[] = [];

  return {
    name: 'oracle',
    privileged: true,
    evaluationsPerPlan: planner.evaluationsPerPlan,
    attach(attached) {
      environments = attached;
    },
    async begin(episodes) {
      readers = episodes.map(({ instruction }, i) =>
        createTruthReader({ environment: environments[i]!, instruction, horizon }),
      );
      stepsTaken = 0;
      imagined = [];
      control.begin(episodes.map(({ seed }) => createRng(seed, 'oracle', 'planner')));
    },
    async act(observations) {
      const active = observations.flatMap((observation, i) => (observation === null ? [] : [i]));
      const presents = new Map<number, TruePresent>();
      const decisions = await control.decide(active, (planning) => {
        for (const index of planning) presents.set(index, readers[index]!.look(stepsTaken));
        return dynamics.scorer(planning.map((index) => presents.get(index)!));
      });
      for (const [i, { plan, actions, fallback }] of decisions.entries()) {
        const present = presents.get(active[i]!);
        if (present === undefined) continue;
        const { cost, violation } = plan;
        imagined[active[i]!] = { cost, violation, positions: dynamics.foresee(present, actions), fallback };
      }
      stepsTaken += 1;
      return observations.map((observation, i) =>
        observation === null ? null : { action: decisions[active.indexOf(i)]!.action, imagined: imagined[i]! },
      );
    },
    async dispose() {
      await dynamics.dispose();
    },
  };
}
