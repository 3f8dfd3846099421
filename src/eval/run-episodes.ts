import { setImmediate } from 'node:timers/promises';
import type { Decision, Environment, EpisodeInfo, Instruction, Observation, Policy } from '../core/contracts.ts';
import { RunError, UsageError } from '../core/errors.ts';
import type { Experience, Outcome } from '../core/memory-contracts.ts';
import { deriveSeed } from '../core/rng.ts';
import { isPrivileged, type PrivilegedPolicy } from './privileged-policy.ts';
import type { RecordedStep, Recording } from './recording.ts';
import { toleranceOf } from './tolerance.ts';

export interface RunEpisodesOptions {
  readonly policy: Policy | PrivilegedPolicy;
  /** Makes an environment of the task. Called once for each episode that is played at the same time. */
  readonly createEnvironment: () => Environment;
  /** One episode each, in this order. */
  readonly seeds: readonly number[];
  /** Episodes played in lockstep; changes no result. @defaultValue 16 */
  readonly batchSize?: number;
  /** Whether to record the episode at this index of `seeds`, for replays. @defaultValue none is recorded */
  readonly record?: (index: number) => boolean;
  /**
   * Seeds the policy in the episode of a seed: another function is another attempt at the same episodes.
   * @defaultValue the stream named 'policy' of the episode's seed
   */
  readonly policySeed?: (episodeSeed: number) => number;
  /** Called after every control step. */
  readonly onProgress?: (progress: RunProgress) => void;
  /**
   * Called with each episode that has ended, in the order of `seeds`, before the next is begun. This is where memory
   * learns how it went: the policy tells what it lived through, the simulator how it ended.
   */
  readonly onEnded?: (episode: EndedEpisode) => void | Promise<void>;
}

export interface EndedEpisode {
  readonly seed: number;
  /** Null where the policy keeps nothing. */
  readonly experience: Experience | null;
  readonly outcome: Outcome;
}

export interface RunProgress {
  readonly episodesDone: number;
  readonly episodes: number;
  /** Of the episodes that are done. */
  readonly successes: number;
  /** Episodes' worth of the work done, those under way in part: from 0 to `episodes`. */
  readonly work: number;
}

export interface EpisodeResult {
  readonly seed: number;
  /** Decided by the simulator, after the last step. */
  readonly success: boolean;
  readonly steps: number;
  /** Steps during which a guardrail was broken in the simulator, whatever the policy believed. */
  readonly violationSteps: number;
  /** Who broke them, sorted: `pusher`, or objects by name. */
  readonly violators: readonly string[];
  /** The task's distance left at the end, in table widths. */
  readonly finalDistance: number;
  /** Decisions for which no safe plan was found and a fallback was executed. */
  readonly fallbacks: number;
  /** The same by what was done instead: how often each rung of the ladder was used. */
  readonly fallbackRungs: Readonly<Record<string, number>>;
  /** At the end the policy said that it could not do this safely. */
  readonly unable: boolean;
  /**
   * The step after which it was solved for good; null where it was not, or where the distance left does not tell.
   * Less than `steps` where a task is judged at its end.
   */
  readonly settledAt: number | null;
  readonly foresight: Foresight;
  readonly recording: Recording | null;
}

/** Steps by what the policy imagined of guardrails and what came of them. All 0 for who imagines nothing. */
export interface Foresight {
  /** Executed as safe, and was. */
  readonly safe: number;
  /** Executed as safe, and broke a guardrail. */
  readonly falseSafe: number;
  /** Executed though no plan seemed safe, and broke nothing. */
  readonly falseAlarm: number;
  /** Executed though no plan seemed safe, and broke a guardrail. */
  readonly alarm: number;
}

/**
 * Plays one episode per seed and reports what the simulator saw. The policy receives instructions and observations,
 * each reduced to the fields of its contract; state, success, distance and violations stay here.
 */
export async function runEpisodes(options: RunEpisodesOptions): Promise<EpisodeResult[]> {
  const { policy, createEnvironment, seeds, batchSize = 16, record = () => false, onProgress } = options;
  const { policySeed = (seed: number) => deriveSeed(seed, 'policy') } = options;
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new UsageError(`the batch size must be a whole number of at least 1, got ${batchSize}`);
  }
  const environments = Array.from({ length: Math.min(batchSize, seeds.length) }, () => createEnvironment());
  const results: EpisodeResult[] = [];
  for (let first = 0; first < seeds.length; first += batchSize) {
    const episodes = seeds
      .slice(first, first + batchSize)
      .map((seed, i) => startEpisode(environments[i]!, seed, policy.name, record(first + i)));
    if (isPrivileged(policy)) policy.attach(episodes.map((episode) => episode.environment));
    await policy.begin(episodes.map(({ instruction, seed }) => ({ instruction, seed: policySeed(seed) })));
    while (episodes.some((episode) => !episode.done)) {
      const decisions = await policy.act(episodes.map((episode) => (episode.done ? null : episode.observation)));
      for (const [i, episode] of episodes.entries()) {
        if (episode.done) continue;
        advance(episode, decisions[i], policy.name);
      }
      onProgress?.(progressOf(results, episodes, seeds.length));
      // A policy that never waits would keep timers and signals waiting.
      await setImmediate();
    }
    results.push(...episodes.map((episode) => finish(episode, policy.name)));
    if (options.onEnded === undefined) continue;
    for (const [i, episode] of episodes.entries()) {
      const experience = policy.experience?.(i) ?? null;
      await options.onEnded({ seed: episode.seed, experience, outcome: outcomeOf(episode) });
    }
  }
  return results;
}

/** An episode under way. */
interface Episode {
  readonly environment: Environment;
  readonly seed: number;
  readonly instruction: Instruction;
  readonly initialState: Float64Array | null;
  readonly recorded: RecordedStep[];
  observation: Observation;
  info: EpisodeInfo;
  done: boolean;
  steps: number;
  violationSteps: number;
  /** Kinds of guardrails broken so far. */
  readonly violations: Set<string>;
  readonly violators: Set<string>;
  fallbackRungs: Record<string, number>;
  unable: boolean;
  /** The distance within which the task counts as solved; null where no one number tells. */
  readonly tolerance: number | null;
  /** The step since which it is within. */
  settledAt: number | null;
  readonly foresight: { -readonly [K in keyof Foresight]: Foresight[K] };
}

function startEpisode(environment: Environment, seed: number, policy: string, record: boolean): Episode {
  const { observation, instruction, info } = environment.reset({ seed });
  if (!(instruction.budgetSteps >= 1)) {
    throw new RunError(`task '${environment.task.id}' gives '${policy}' no step to act in: its budget is 0`);
  }
  return {
    environment,
    seed,
    instruction: toInstruction(instruction),
    initialState: record ? environment.getState() : null,
    recorded: [],
    observation: toObservation(observation),
    info,
    done: false,
    steps: 0,
    violationSteps: 0,
    violations: new Set(),
    violators: new Set(),
    fallbackRungs: {},
    unable: false,
    tolerance: toleranceOf(environment.task.success),
    settledAt: null,
    foresight: { safe: 0, falseSafe: 0, falseAlarm: 0, alarm: 0 },
  };
}

function advance(episode: Episode, decision: Decision | null | undefined, policy: string): void {
  const { environment } = episode;
  if (decision === null || decision === undefined) {
    throw new RunError(
      `policy '${policy}' decided nothing in step ${episode.steps} of the episode of seed ${episode.seed}`,
    );
  }
  const { action, imagined = null, unable = false } = decision;
  if (!environment.actionSpace.contains(action)) {
    throw new RunError(
      `policy '${policy}' chose [${Array.from(action).join(', ')}], outside the action space, ` +
        `in step ${episode.steps} of the episode of seed ${episode.seed}`,
    );
  }
  const result = environment.step(action);
  episode.observation = toObservation(result.observation);
  episode.info = result.info;
  episode.done = result.terminated || result.truncated;
  episode.steps += 1;
  if (result.info.violations.length > 0) episode.violationSteps += 1;
  for (const kind of result.info.violations) episode.violations.add(kind);
  for (const who of result.info.violators) episode.violators.add(who);
  if (episode.tolerance !== null && result.info.distance <= episode.tolerance) episode.settledAt ??= episode.steps;
  else episode.settledAt = null;
  if (imagined !== null) episode.foresight[foreseen(imagined.violation > 0, result.info.violations.length > 0)] += 1;
  const rung = imagined?.fallback ?? null;
  if (rung !== null) episode.fallbackRungs[rung] = (episode.fallbackRungs[rung] ?? 0) + 1;
  episode.unable = unable;
  if (episode.initialState === null) return;
  episode.recorded.push({
    action: Float32Array.from(action),
    imagined,
    unable,
    state: environment.getState(),
    violations: result.info.violations,
    distance: result.info.distance,
  });
}

function finish(episode: Episode, policy: string): EpisodeResult {
  const { environment, seed, instruction, initialState, recorded, info, steps, violationSteps } = episode;
  const { fallbackRungs, unable } = episode;
  const { success, distance: finalDistance } = info;
  const recording: Recording | null =
    initialState === null
      ? null
      : { task: environment.task, seed, policy, instruction, success, initialState, steps: recorded };
  const fallbacks = Object.values(fallbackRungs).reduce((sum, count) => sum + count, 0);
  const settledAt = success ? (environment.task.success.when === 'first-hit' ? steps : episode.settledAt) : null;
  return {
    seed,
    success,
    steps,
    violationSteps,
    violators: [...episode.violators].sort(),
    finalDistance,
    fallbacks,
    fallbackRungs,
    unable,
    settledAt,
    foresight: episode.foresight,
    recording,
  };
}

function foreseen(danger: boolean, broken: boolean): keyof Foresight {
  if (danger) return broken ? 'alarm' : 'falseAlarm';
  return broken ? 'falseSafe' : 'safe';
}

function outcomeOf({ info, violationSteps, violations }: Episode): Outcome {
  return {
    success: info.success,
    finalDistance: info.distance,
    violationSteps,
    violations: [...violations].sort(),
  };
}

function progressOf(results: readonly EpisodeResult[], underWay: readonly Episode[], episodes: number): RunProgress {
  const done = underWay.filter((episode) => episode.done);
  const work = underWay.map(({ done, steps, instruction }) => (done ? 1 : steps / instruction.budgetSteps));
  return {
    episodesDone: results.length + done.length,
    episodes,
    successes:
      results.filter((result) => result.success).length + done.filter((episode) => episode.info.success).length,
    work: work.reduce((sum, share) => sum + share, results.length),
  };
}

/** The contract's fields and nothing else an environment may have put beside them. */
function toObservation({ frame, proprioception }: Observation): Observation {
  return proprioception === undefined ? { frame } : { frame, proprioception };
}

/** The same of an instruction. */
function toInstruction(instruction: Instruction): Instruction {
  const { taskId, objective, stages, guardrails, targets, entities, hands, goalFrame, budgetSteps } = instruction;
  const given = { ...(stages === undefined ? {} : { stages }), ...(hands === undefined ? {} : { hands }) };
  return { taskId, objective, guardrails, targets, entities, goalFrame, budgetSteps, ...given };
}
