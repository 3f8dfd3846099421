import type { Environment, EpisodeStart, Instruction, PlanIteration, Policy } from '../../src/core/contracts.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import type { PrivilegedPolicy } from '../../src/eval/privileged-policy.ts';

/** Plans by what was predicted of them and what the simulator then saw. */
export interface PlanCounts {
  feasible: number;
  /** Predicted to break nothing, and did. */
  falseSafe: number;
  infeasible: number;
  /** Predicted to break something, margins included, and did not. */
  falseAlarm: number;
}

/** Errors of predicted positions on the agent's own ways, by steps ahead. */
export interface StepErrors {
  readonly pusher: number[][];
  readonly objects: number[][];
}

export interface Audit {
  /** The plans that were executed, played to their end as they were when chosen. */
  readonly chosen: PlanCounts;
  /** One feasible and one infeasible candidate of a search's first iteration, drawn at random. */
  readonly candidates: PlanCounts;
  readonly errors: StepErrors;
}

export interface AuditedOptions {
  /** Every search of it is told to `onSearch`. */
  readonly createAgent: (onSearch: (episode: number, iteration: PlanIteration) => void) => Promise<Policy>;
  readonly createEnvironment: (task: TaskSpec) => Environment;
  readonly task: TaskSpec;
  /** Control steps between audited decisions. */
  readonly every: number;
}

/** An object counts as in motion once it went further than this, in table widths: as in calibration. */
const movingDistance = 0.015;

/**
 * An agent, and beside it an instrument: at some decisions, plans are played to their end in a copy of the simulator
 * and what happens is compared with what was predicted. The agent sees nothing of it.
 */
export async function createAuditedAgent(
  options: AuditedOptions,
): Promise<{ policy: PrivilegedPolicy; audit: () => Audit }> {
  const { task, every, createEnvironment } = options;
  const searches = new Map<number, PlanIteration>();
  const agent = await options.createAgent((episode, iteration) => {
    // The first: drawn widely, where later ones crowd around what is best and allowed.
    if (iteration.iteration === 0) searches.set(episode, iteration);
  });
  const scratch = createEnvironment(task);
  const chosen = noPlans();
  const candidates = noPlans();
  const errors: StepErrors = { pusher: [], objects: [] };
  let environments: readonly Environment[] = [];
  let starts: readonly EpisodeStart[] = [];
  let rngs: Rng[] = [];
  let decisionsMade = 0;

  /** Plays actions [H, A] from an episode's present: whether anything broke, and where things went. */
  const play = (episode: number, actions: Float32Array) => {
    const size = scratch.actionSpace.size;
    scratch.setState(environments[episode]!.getState());
    const truths = [scratch.inspect().truth];
    let violates = false;
    for (let at = 0; at < actions.length; at += size) {
      const { info, terminated, truncated } = scratch.step(actions.subarray(at, at + size));
      violates ||= info.violations.length > 0;
      truths.push(info.truth);
      if (terminated || truncated) break;
    }
    return { violates, truths };
  };

  const auditCandidates = (episode: number): void => {
    const search = searches.get(episode);
    if (search === undefined) return;
    const count = search.scores.cost.length;
    const size = search.candidates.length / count;
    for (const feasible of [true, false]) {
      const fitting = Array.from({ length: count }, (_, i) => i).filter(
        (i) => (search.scores.violation[i]! === 0) === feasible && Number.isFinite(search.scores.cost[i]!),
      );
      if (fitting.length === 0) continue;
      const i = rngs[episode]!.pick(fitting);
      const { violates } = play(episode, search.candidates.slice(i * size, (i + 1) * size));
      countPlan(candidates, feasible, violates);
    }
  };

  return {
    audit: () => ({ chosen, candidates, errors }),
    policy: {
      name: agent.name,
      privileged: true,
      ...(agent.planMilliseconds === undefined ? {} : { planMilliseconds: agent.planMilliseconds }),
      ...(agent.evaluationsPerPlan === undefined ? {} : { evaluationsPerPlan: agent.evaluationsPerPlan }),
      attach(attached) {
        environments = attached;
      },
      async begin(episodes) {
        starts = episodes;
        rngs = episodes.map(({ seed }) => createRng(seed, 'audit'));
        decisionsMade = 0;
        await agent.begin(episodes);
      },
      async act(observations) {
        searches.clear();
        const decisions = await agent.act(observations);
        const audited = decisionsMade++ % every === 0;
        if (!audited) return decisions;
        for (const [episode, decision] of decisions.entries()) {
          const imagined = decision?.imagined;
          if (imagined?.actions === undefined) continue;
          auditCandidates(episode);
          const { violates, truths } = play(episode, imagined.actions);
          if (imagined.fallback === null) countPlan(chosen, true, violates);
          noteErrors(errors, starts[episode]!.instruction, imagined.positions, truths);
        }
        return decisions;
      },
      async dispose() {
        await agent.dispose?.();
      },
    },
  };
}

function noPlans(): PlanCounts {
  return { feasible: 0, falseSafe: 0, infeasible: 0, falseAlarm: 0 };
}

function countPlan(counts: PlanCounts, feasible: boolean, violates: boolean): void {
  if (feasible) {
    counts.feasible += 1;
    if (violates) counts.falseSafe += 1;
  } else {
    counts.infeasible += 1;
    if (!violates) counts.falseAlarm += 1;
  }
}

type Positions = readonly (readonly (readonly [number, number])[])[];

function noteErrors(
  errors: StepErrors,
  { entities }: Instruction,
  predicted: Positions,
  truths: readonly { readonly positions: Readonly<Record<string, readonly [number, number]>> }[],
): void {
  const apart = ([x, y]: readonly [number, number], [toX, toY]: readonly [number, number]) =>
    Math.hypot(toX - x, toY - y);
  for (const [step, truth] of truths.entries()) {
    for (const [slot, { name }] of entities.entries()) {
      const actual = truth.positions[name]!;
      const foretold = predicted[step]![slot]!;
      const travelled = Math.max(apart(truths[0]!.positions[name]!, actual), apart(predicted[0]![slot]!, foretold));
      if (slot > 0 && step > 0 && travelled <= movingDistance) continue;
      const list = slot === 0 ? errors.pusher : errors.objects;
      list[step] ??= [];
      list[step].push(apart(foretold, actual));
    }
  }
}
