import type { GradientScores, Plan, Planner, PlanRequest, Scorer, Scores } from '../core/contracts.ts';
import { RunError, UsageError } from '../core/errors.ts';
import type { Rng } from '../core/rng.ts';
import { createDescent } from './descent.ts';
import { createNoise, type Noise } from './noise.ts';
import { type PlannerProblem, requireCount, requireRange, resolveSettings, type SearchOptions } from './options.ts';
import {
  actionScale,
  type Candidate,
  clipActions,
  createOrdering,
  type Ordering,
  rank,
  selectElites,
} from './population.ts';
import { candidatesOf, checkRequest, checkScores, givenPlans } from './request.ts';
import { type GivenPlans, seat, whichOutdid } from './seating.ts';

export interface GradientOptions
  extends PlannerProblem,
    Pick<SearchOptions, 'samples' | 'iterations' | 'std' | 'warmStd' | 'noise' | 'taskShare'> {
  /** Good candidates beside the plan that, shifted, start the next decision's search. */
  readonly keep?: number;
  /** Length of the first step in each number of a plan, in half-ranges of its action coordinate; later ones shrink. */
  readonly learningRate?: number;
  /** Cost of one unit of violation while descending. What is returned obeys guardrails first, whatever it is. */
  readonly penalty?: number;
}

type GradientSettings = PlannerProblem & Required<Omit<GradientOptions, keyof PlannerProblem>>;

/** The default of every option. `samples` are restarts, `iterations` steps of all of them. */
export const gradientDefaults: Required<Omit<GradientOptions, keyof PlannerProblem>> = {
  samples: 8,
  iterations: 10,
  keep: 2,
  learningRate: 0.3,
  penalty: 10,
  std: 1,
  warmStd: 1,
  noise: { kind: 'coloured', beta: 2 },
  taskShare: 0.1,
};

/** What one forward and backward pass counts, in evaluations: back-propagation takes about two forward passes' work. */
export const gradientEvaluations = 3;

/**
 * Planning by back-propagation through the compiled world model (Henaff, Whitney and LeCun, 2017, arXiv:1705.07177;
 * Srinivas et al., 2018, "Universal planning networks", arXiv:1804.00645): each candidate descends
 * `cost + penalty x violation` in its own actions, projected onto the action space after each step. A learned cost
 * has many valleys, hence several starts (Bharadhwaj et al., 2020, arXiv:2004.08763, combine descent with sampling
 * for the same reason): the brake, the warm start, suggestions and what is recalled, the rest noise around the warm
 * start. The plan is the best candidate evaluated on any of these ways, feasible ones first.
 */
export function createGradient(options: GradientOptions): Planner {
  const settings = resolveSettings('gradient', options, gradientDefaults);
  requireCount('gradient', 'keep', settings.keep, 0);
  requireRange('gradient', 'learningRate', settings.learningRate, Number.MIN_VALUE, Number.MAX_VALUE);
  requireRange('gradient', 'penalty', settings.penalty, 0, Number.MAX_VALUE);
  const { samples, iterations, penalty, horizon, actionSpace } = settings;
  const size = horizon * actionSpace.size;
  const noise = createNoise(settings.noise, horizon, actionSpace.size);
  return {
    name: 'gradient',
    horizon,
    evaluationsPerPlan: samples * (gradientEvaluations * (iterations - 1) + 1),
    async plan(request: PlanRequest): Promise<Plan[]> {
      checkRequest(request, size);
      const { rngs, scorer, trace } = request;
      const searches = rngs.map((rng, b) => createEpisodeSearch(settings, noise, rng, givenPlans(request, b)));
      const block = samples * size;
      for (let iteration = 0; iteration < iterations; iteration++) {
        const candidates = new Float32Array(searches.length * block);
        for (const [b, search] of searches.entries()) candidates.set(search.candidates(), b * block);
        // After the last evaluation nobody steps on, so it needs no gradient.
        const scores: Scores & Partial<GradientScores> =
          iteration === iterations - 1
            ? await scorer.score(candidates, samples)
            : await differentiate(scorer, candidates, samples, penalty);
        checkScores(scores, searches.length * samples);
        for (const [b, search] of searches.entries()) {
          search.learn(candidatesOf(candidates, scores, b, samples));
          if (scores.gradient !== undefined)
            search.step(iteration, scores.gradient.subarray(b * block, (b + 1) * block));
        }
        trace?.({ iteration, candidates, scores: { cost: scores.cost, violation: scores.violation } });
      }
      return searches.map((search) => search.result());
    },
  };
}

async function differentiate(
  scorer: Scorer,
  candidates: Float32Array,
  samples: number,
  penalty: number,
): Promise<GradientScores> {
  if (scorer.scoreWithGradient === undefined)
    throw new UsageError(
      "planner 'gradient' needs dynamics that can be differentiated, as a world model's; these (true dynamics?) cannot. Choose another planner.",
    );
  const scores = await scorer.scoreWithGradient(candidates, samples, penalty);
  if (scores.gradient.length !== candidates.length)
    throw new RunError(
      `the scorer was given ${candidates.length} numbers and returned the derivatives by ${scores.gradient.length}`,
    );
  return scores;
}

interface EpisodeSearch {
  /** [S, H, A] */
  candidates(): Float32Array;
  learn(population: readonly Candidate[]): void;
  /** Moves the candidates against their gradient [S, H, A]. */
  step(iteration: number, gradient: Float32Array): void;
  result(): Plan;
}

function createEpisodeSearch(settings: GradientSettings, noise: Noise, rng: Rng, given: GivenPlans): EpisodeSearch {
  const { warmStart } = given;
  const { actionSpace, horizon, samples, iterations } = settings;
  const size = horizon * actionSpace.size;
  const scale = actionScale(actionSpace);
  const brake = clipped(new Float32Array(size));
  const draw = new Float64Array(size);
  const std = warmStart === null ? settings.std : settings.warmStd;
  const drawStart = (): Float32Array => {
    noise(rng, draw);
    const mean = warmStart ?? brake;
    return clipped(mean.map((x, i) => x + std * scale[i % scale.length]! * draw[i]!));
  };
  const seats = seat(samples, brake, given);
  const drawn = Array.from({ length: seats.draws }, drawStart).slice(
    0,
    samples - seats.first.length - seats.last.length,
  );
  const clippedCopy = (actions: Float32Array) => clipped(actions.slice());
  const descents = [...seats.first.map(clippedCopy), ...drawn, ...seats.last.map(clippedCopy)].map((start) =>
    createDescent(start, scale),
  );

  let ordering: Ordering | undefined;
  let best: Candidate | undefined;
  let last: readonly Candidate[] = [];
  let brakeWorth: Candidate | undefined;
  let outdid: readonly boolean[] = [];

  function clipped(actions: Float32Array): Float32Array {
    clipActions(actions, actionSpace);
    return actions;
  }

  return {
    candidates() {
      const block = new Float32Array(samples * size);
      for (const [s, descent] of descents.entries()) block.set(descent.position, s * size);
      return block;
    },
    learn(population) {
      if (ordering === undefined) {
        ordering = createOrdering(population, settings.taskShare);
        if (seats.first.length > 0) brakeWorth = population[0];
      }
      // Judged by where it led in the end: all starts descend.
      outdid = whichOutdid(population, seats, ordering);
      last = rank(population, ordering);
      if (best === undefined || ordering.compare(last[0]!, best) < 0) best = last[0]!;
    },
    step(iteration, gradient) {
      const rate = settings.learningRate * (1 - iteration / (iterations - 1));
      for (const [s, descent] of descents.entries()) {
        const slope = gradient.subarray(s * size, (s + 1) * size);
        // Where a rollout diverges there is no way down: try elsewhere.
        if (slope.every(Number.isFinite)) clipped(descent.step(slope, rate));
        else descents[s] = createDescent(drawStart(), scale);
      }
    },
    result() {
      const { actions, cost, violation } = best!;
      const others = selectElites(last, settings.keep + 1).filter((candidate) => candidate !== best);
      return {
        actions: actions.slice(),
        cost,
        violation,
        elites: others.slice(0, settings.keep).map((candidate) => candidate.actions.slice()),
        outdid,
        ...(brakeWorth === undefined ? {} : { brake: { cost: brakeWorth.cost, violation: brakeWorth.violation } }),
      };
    },
  };
}
