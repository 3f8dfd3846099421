import type { Environment, Planner, PlanRequest, Policy } from '../core/contracts.ts';
import { createRng, deriveSeed } from '../core/rng.ts';
import { isPictured, type TaskSpec } from '../core/task.ts';
import type { CompileOptions } from '../engine/program.ts';
import { createTrueDynamics } from './baselines/true-dynamics.ts';
import { createTruthReader } from './baselines/true-present.ts';
import { measureRegret, type Regret } from './regret.ts';

export interface PlayRegretOptions extends CompileOptions {
  readonly task: TaskSpec;
  readonly createEnvironment: (task: TaskSpec) => Environment;
  /** The agent, whose planner is handed through `wrap` before it is used. */
  readonly createAgent: (wrap: (planner: Planner) => Planner) => Promise<Policy>;
  /** The agent's planner at a number of candidates. */
  readonly plannerWith: (evaluations: number) => Planner;
  /** The searches that stand for the best there is. */
  readonly reference: { readonly model: Planner; readonly truth: Planner };
  /** Control steps for which a planned action is held. */
  readonly blockLength: number;
  /** Candidates to measure at, fewest first. */
  readonly budgets: readonly number[];
  /** One episode each. */
  readonly seeds: readonly number[];
  /** Decisions between two that are measured. @defaultValue 5 */
  readonly every?: number;
  readonly onDecision?: (done: { readonly episode: number; readonly step: number }) => void;
}

/**
 * Plays episodes with the agent as it is and measures regret at every few of its decisions: on states that its own
 * play leads to, from what it perceives there. Returns [episode][decision][budget].
 *
 * The agent is given nothing of the simulator; the measurement listens in on what its planner is asked.
 */
export async function playRegret(options: PlayRegretOptions): Promise<Regret[][][]> {
  const { task, createEnvironment, createAgent, plannerWith, reference, blockLength, budgets, ...rest } = options;
  const { seeds, every = 5, onDecision, ...compile } = rest;
  const planners = budgets.map(plannerWith);
  const horizon = planners[0]!.horizon;
  const dynamics = createTrueDynamics({
    scratch: createEnvironment(task),
    guarded: false,
    horizon,
    blockLength,
    ...compile,
  });
  const environment = createEnvironment(task);
  const comparable = !task.objective.some(isPictured);
  let asked: PlanRequest | null = null;
  const agent = await createAgent((planner) => ({
    ...planner,
    plan(request) {
      asked = request;
      return planner.plan(request);
    },
  }));

  const playEpisode = async (seed: number, episode: number): Promise<Regret[][]> => {
    const measured: Regret[][] = [];
    const { observation: first, instruction } = environment.reset({ seed });
    let observation = first;
    let decisions = 0;
    let done = false;
    const reader = createTruthReader({ environment, instruction, horizon });
    await agent.begin([{ instruction, seed: deriveSeed(seed, 'policy') }]);
    for (let stepsTaken = 0; !done; stepsTaken++) {
      asked = null;
      const present = reader.look(stepsTaken);
      const [decision] = await agent.act([observation]);
      const request = asked as PlanRequest | null;
      if (request !== null && decisions++ % every === 0) {
        const truth = dynamics.scorer([present]);
        const rngFor = (part: string) => createRng(seed, 'regret', stepsTaken, part);
        measured.push(await measureRegret({ request, truth, comparable }, { planners, reference, rngFor }));
        onDecision?.({ episode, step: stepsTaken });
      }
      const result = environment.step(decision!.action);
      observation = result.observation;
      done = result.terminated || result.truncated;
    }
    return measured;
  };

  try {
    const episodes: Regret[][][] = [];
    for (const [episode, seed] of seeds.entries()) episodes.push(await playEpisode(seed, episode));
    return episodes;
  } finally {
    await agent.dispose?.();
    await dynamics.dispose();
  }
}
