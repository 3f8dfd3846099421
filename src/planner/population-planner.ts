import type { Plan, Planner, PlanRequest } from '../core/contracts.ts';
import type { Rng } from '../core/rng.ts';
import { createNoise, type Noise } from './noise.ts';
import type { PopulationSettings } from './options.ts';
import {
  actionScale,
  type Candidate,
  clipActions,
  createOrdering,
  type Distribution,
  type Ordering,
  rank,
  refit,
  selectElites,
} from './population.ts';
import { candidatesOf, checkRequest, checkScores, givenPlans } from './request.ts';
import { type GivenPlans, type Seating, seat, whichOutdid } from './seating.ts';

/** What tells one population planner from another. */
export interface PopulationMethod {
  readonly name: string;
  /** Candidates of each iteration. */
  readonly samples: readonly number[];
  /** Elites that stay in the next iteration's ranking with the scores they have, at no cost. */
  readonly keep: number;
  /** Whether the distribution's mean is a candidate of the last iteration. */
  readonly evaluateMean: boolean;
  /** Whether the search starts around the warm start, or only tries it. */
  readonly startsAtWarmStart: boolean;
  /**
   * Weights of the elites (best first) for the new mean and std; they sum to 1. Null: the distribution stays as it
   * is.
   */
  readonly weigh: ((elites: readonly Candidate[], ordering: Ordering) => ArrayLike<number>) | null;
}

/**
 * The loop all population planners run: sample, clip, score every episode's candidates in one call, rank, refit.
 * Up to half of the first population is given: the brake (all zero), the warm start, what is recalled, suggestions.
 * The plan is the best candidate *evaluated* in any iteration, never an unevaluated mean.
 */
export function createPopulationPlanner(method: PopulationMethod, settings: PopulationSettings): Planner {
  const { actionSpace, horizon } = settings;
  const size = horizon * actionSpace.size;
  const noise = createNoise(settings.noise, horizon, actionSpace.size);
  return {
    name: method.name,
    horizon,
    evaluationsPerPlan: method.samples.reduce((sum, count) => sum + count, 0),
    async plan(request: PlanRequest): Promise<Plan[]> {
      checkRequest(request, size);
      const searches = request.rngs.map((rng, b) =>
        createEpisodeSearch(method, settings, noise, rng, givenPlans(request, b)),
      );
      for (const [iteration, samples] of method.samples.entries()) {
        const candidates = new Float32Array(searches.length * samples * size);
        const blockOf = (b: number) => candidates.subarray(b * samples * size, (b + 1) * samples * size);
        for (const [b, search] of searches.entries()) search.propose(iteration, blockOf(b));
        const scores = await request.scorer.score(candidates, samples);
        checkScores(scores, searches.length * samples);
        for (const [b, search] of searches.entries()) {
          search.learn(iteration, candidatesOf(candidates, scores, b, samples));
        }
        request.trace?.({ iteration, candidates, scores });
      }
      return searches.map((search) => search.result());
    },
  };
}

interface EpisodeSearch {
  /** Fills a block [S, H, A] with the candidates of an iteration. */
  propose(iteration: number, block: Float32Array): void;
  learn(iteration: number, population: readonly Candidate[]): void;
  result(): Plan;
}

function createEpisodeSearch(
  method: PopulationMethod,
  settings: PopulationSettings,
  noise: Noise,
  rng: Rng,
  given: GivenPlans,
): EpisodeSearch {
  const { actionSpace, horizon } = settings;
  const { warmStart } = given;
  const size = horizon * actionSpace.size;
  const scale = actionScale(actionSpace);
  const draw = new Float64Array(size);
  const stdFloor = scale.map((unit) => settings.stdFloor * unit);
  const brake = new Float32Array(size);
  clipActions(brake, actionSpace);
  const seats = seat(method.samples[0]!, brake, given);

  const start = method.startsAtWarmStart && warmStart !== null ? warmStart : brake;
  const startStd = warmStart === null ? settings.std : settings.warmStd;
  let distribution: Distribution = {
    mean: Float64Array.from(start),
    std: Float64Array.from({ length: size }, (_, i) => startStd * scale[i % scale.length]!),
  };
  let ordering: Ordering | undefined;
  let best: Candidate | undefined;
  let kept: readonly Candidate[] = [];
  let brakeWorth: Candidate | undefined;
  let outdid: readonly boolean[] = [];

  /** The candidates of an iteration that are not drawn. */
  const seatsAt = (iteration: number): Seating => {
    if (iteration === 0) return seats;
    const samples = method.samples[iteration]!;
    const triesMean = method.evaluateMean && iteration === method.samples.length - 1 && samples > 1;
    const first = triesMean ? [Float32Array.from(distribution.mean)] : [];
    return { first, last: [], draws: samples - first.length };
  };

  return {
    propose(iteration, block) {
      const { first, last, draws } = seatsAt(iteration);
      for (const [s, actions] of first.entries()) block.set(actions, s * size);
      for (let d = 0; d < draws; d++) {
        noise(rng, draw);
        const at = (first.length + d) * size;
        for (let i = 0; i < size; i++) block[at + i] = distribution.mean[i]! + distribution.std[i]! * draw[i]!;
      }
      // Over the last draws, which are made all the same.
      for (const [s, actions] of last.entries()) block.set(actions, block.length - (last.length - s) * size);
      clipActions(block, actionSpace);
    },
    learn(iteration, population) {
      ordering ??= createOrdering(population, settings.taskShare);
      const order = ordering;
      if (iteration === 0) {
        if (seats.first.length > 0) brakeWorth = population[0];
        outdid = whichOutdid(population, seats, order);
      }
      const ranking = rank([...kept, ...population], order);
      const leader = ranking[0]!;
      if (best === undefined || order.compare(leader, best) < 0) best = leader;
      kept = selectElites(ranking, method.keep);
      if (method.weigh === null || iteration === method.samples.length - 1) return;
      const elites = selectElites(ranking, settings.elites);
      distribution = refit(distribution, elites, method.weigh(elites, order), {
        momentum: settings.momentum,
        stdFloor,
      });
    },
    result() {
      const { actions, cost, violation } = best!;
      const elites = kept.filter((candidate) => candidate !== best).map((candidate) => candidate.actions.slice());
      return {
        actions: actions.slice(),
        cost,
        violation,
        elites,
        outdid,
        ...(brakeWorth === undefined ? {} : { brake: { cost: brakeWorth.cost, violation: brakeWorth.violation } }),
      };
    },
  };
}
