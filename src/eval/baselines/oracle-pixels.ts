import type { Environment, Frame, Scores } from '../../core/contracts.ts';
import { RunError } from '../../core/errors.ts';
import { createRng } from '../../core/rng.ts';
import type { TaskSpec } from '../../core/task.ts';
import { createPlanner, type PlannerName } from '../../planner/create-planner.ts';
import type { SearchOptions } from '../../planner/options.ts';
import { createRecedingHorizon } from '../../planner/receding-horizon.ts';
import type { PrivilegedPolicy } from '../privileged-policy.ts';
import { oracleSettings } from './oracle.ts';

export interface OraclePixelsOptions {
  readonly task: TaskSpec;
  /** Makes the environment that candidates are played in. */
  readonly createEnvironment: (task: TaskSpec) => Environment;
  /** @defaultValue 'icem' */
  readonly planner?: PlannerName;
  /** Over the world's own settings. */
  readonly search?: SearchOptions & { readonly horizon?: number };
}

/**
 * What no generative model can do better: the oracle's search on the true dynamics, each candidate's true frames
 * compared with the goal's picture pixel by pixel, as `pixels` compares what it draws (mean squared difference at the
 * last imagined step). What it fails at is due to the distance and the search, not to a model. Guardrails are not heeded.
 */
export function createOraclePixelsPolicy(options: OraclePixelsOptions): PrivilegedPolicy {
  const { task, createEnvironment, planner: name = 'icem', search = {} } = options;
  const world = oracleSettings(task);
  const scratch = createEnvironment(task);
  const { actionSpace } = scratch;
  const { horizon = world.horizon, ...overrides } = search;
  const planner = createPlanner(name, { actionSpace, horizon, ...world.search, ...overrides });
  const { blockLength } = world;
  const control = createRecedingHorizon({ planner, actionSize: actionSpace.size, blockLength });
  let environments: readonly Environment[] = [];
  let goals: readonly Frame[] = [];
  let stepsTaken = 0;

  /** What one candidate [H, A] leads to, from a state on. */
  const judge = (state: Float64Array, goal: Frame, actions: Float32Array): number => {
    scratch.setState(state);
    const steps = Math.min(horizon * blockLength, task.budgetSteps - stepsTaken);
    let frame = goal;
    for (let step = 0; step < steps; step++) {
      const block = Math.floor(step / blockLength);
      const action = actions.subarray(block * actionSpace.size, (block + 1) * actionSpace.size);
      const { observation, terminated } = scratch.step(action);
      frame = observation.frame;
      if (terminated) break;
    }
    return differenceOf(frame, goal);
  };

  return {
    name: 'oracle-pixels',
    privileged: true,
    evaluationsPerPlan: planner.evaluationsPerPlan,
    attach(attached) {
      environments = attached;
    },
    async begin(episodes) {
      goals = episodes.map(({ instruction: { goalFrame } }) => {
        if (goalFrame === null) throw new RunError(`task '${task.id}' shows no picture of its goal`);
        return goalFrame;
      });
      stepsTaken = 0;
      control.begin(episodes.map(({ seed }) => createRng(seed, 'oracle-pixels', 'planner')));
    },
    async act(observations) {
      const active = observations.flatMap((observation, i) => (observation === null ? [] : [i]));
      const size = horizon * actionSpace.size;
      const decisions = await control.decide(active, (planning) => {
        const states = planning.map((index) => environments[index]!.getState());
        return {
          async score(candidates, samples): Promise<Scores> {
            const cost = Float32Array.from({ length: planning.length * samples }, (_, i) => {
              const episode = Math.floor(i / samples);
              const actions = candidates.subarray(i * size, (i + 1) * size);
              return judge(states[episode]!, goals[planning[episode]!]!, actions);
            });
            return { cost, violation: new Float32Array(cost.length) };
          },
        };
      });
      stepsTaken += 1;
      return observations.map((observation, i) =>
        observation === null ? null : { action: decisions[active.indexOf(i)]!.action },
      );
    },
  };
}

/** Mean squared difference of two frames, bytes as 0 ... 1. */
function differenceOf({ data: a }: Frame, { data: b }: Frame): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const gap = a[i]! - b[i]!;
    sum += gap * gap;
  }
  return sum / a.length / 255 ** 2;
}
