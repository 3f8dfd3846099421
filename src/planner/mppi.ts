import type { Planner } from '../core/contracts.ts';
import { type PlannerProblem, requireCount, requireRange, resolveSettings, type SearchOptions } from './options.ts';
import { type Candidate, type Ordering, tierOf } from './population.ts';
import { createPopulationPlanner } from './population-planner.ts';

export interface MppiOptions extends PlannerProblem, SearchOptions {
  /** Elites that stay in the next iteration's ranking, at no cost. */
  readonly keep?: number;
  /** Softness of the elites' weights, in units of the elites' range of costs. */
  readonly temperature?: number;
}

/** The default of every option: the cheap search that solved Two-Rooms on a learned model. */
export const mppiDefaults: Required<Omit<MppiOptions, keyof PlannerProblem>> = {
  samples: 24,
  iterations: 2,
  elites: 8,
  keep: 0,
  temperature: 0.1,
  std: 1,
  warmStd: 0.8,
  stdFloor: 0.1,
  momentum: 0,
  noise: { kind: 'coloured', beta: 2 },
  taskShare: 0.1,
};

/**
 * Model-predictive path integral control (Williams et al., 2017) with elites, as TD-MPC does it (Hansen et al.,
 * 2022): mean and std are refitted with weights softmax(-(c - c_min) / (temperature x (c_max - c_min))) over the
 * elites' costs c. What is returned is still the best candidate evaluated.
 */
export function createMppi(options: MppiOptions): Planner {
  const settings = resolveSettings('mppi', options, mppiDefaults);
  requireCount('mppi', 'keep', settings.keep, 0);
  requireRange('mppi', 'temperature', settings.temperature, Number.MIN_VALUE, Number.MAX_VALUE);
  return createPopulationPlanner(
    {
      name: 'mppi',
      samples: new Array<number>(settings.iterations).fill(settings.samples),
      keep: settings.keep,
      evaluateMean: true,
      startsAtWarmStart: true,
      weigh: (elites, ordering) => pathIntegralWeights(elites, ordering, settings.temperature),
    },
    settings,
  );
}

/** Weights of the elites (best first). Only those of the best one's tier count: costs compare within a tier. */
export function pathIntegralWeights(
  elites: readonly Candidate[],
  ordering: Pick<Ordering, 'key'>,
  temperature: number,
): Float64Array {
  const weights = new Float64Array(elites.length);
  if (elites.length === 0) return weights;
  const tier = tierOf(elites[0]!);
  const peers = elites.filter((candidate) => tierOf(candidate) === tier);
  const lowest = ordering.key(peers[0]!);
  const range = ordering.key(peers.at(-1)!) - lowest;
  let total = 0;
  for (const [i, candidate] of peers.entries()) {
    weights[i] = range > 0 ? Math.exp(-(ordering.key(candidate) - lowest) / (temperature * range)) : 1;
    total += weights[i]!;
  }
  return weights.map((weight) => weight / total);
}
