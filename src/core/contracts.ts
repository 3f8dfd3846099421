/**
 * Where the parts meet. `world-model`, `planner`, `env` and `cost` never import each other; they know these
 * contracts only. Dimension letters, always in this order: B batch of episodes, S candidates, H horizon,
 * N slots (entities), A action, D latent. `T` stands for the tensor type of the array library, which this
 * file does not know.
 */
import type { NdArray } from 'ndarray';
import type { Experience } from './memory-contracts.ts';
import type { Rng } from './rng.ts';
import type { BoxSpace } from './space.ts';
import type { GuardrailSpec, Point, Range, ShapeName, TaskSpec, TermSpec } from './task.ts';

// ---------------------------------------------------------------- environment

/** A picture: [height, width, channels], row-major bytes. */
export type Frame = NdArray<Uint8Array>;

/** All that an agent perceives in one control step. */
export interface Observation {
  readonly frame: Frame;
  /**
   * [4] What the pusher's own body tells: x and y in table widths, and its velocity in table widths a control step.
   * Absent where a world gives none; a world gives it in every observation or in none.
   */
  readonly proprioception?: Float32Array;
}

/** What the numbers of `Observation.proprioception` are, in order. */
export const proprioceptionNames = ['pusher.x', 'pusher.y', 'pusher.vx', 'pusher.vy'] as const;

/** How to recognise a named thing: what a person would say of it. */
export interface EntityDescription {
  readonly name: string;
  /** sRGB bytes. */
  readonly colour: readonly [number, number, number];
  /** Absent where it has none to speak of. */
  readonly shape?: ShapeName;
  /** Where it is at the start, as one points at a thing that colour alone does not tell: roughly, in table widths. */
  readonly at?: Point;
}

/** What an agent is told at the start of an episode: the task in words and numbers, never the true state. */
export interface Instruction {
  readonly taskId: string;
  readonly objective: readonly TermSpec[];
  /** Objectives to fulfil before it, one after the other; how far it has come, the agent has to see for itself. */
  readonly stages?: readonly (readonly TermSpec[])[];
  /** The task's own guardrails. The agent adds the hard-wired ones; nothing can remove those. */
  readonly guardrails: readonly GuardrailSpec[];
  /** Named points of this episode, in table widths. */
  readonly targets: Readonly<Record<string, Point>>;
  /** The pusher first, then the scene's objects in order. */
  readonly entities: readonly EntityDescription[];
  /** What moves by itself: to be seen, and kept clear of where a guardrail says so. Absent where nothing does. */
  readonly hands?: readonly EntityDescription[];
  /** A picture of the goal, or null where the task is given by quantities alone. */
  readonly goalFrame: Frame | null;
  readonly budgetSteps: number;
}

/** The simulator's own knowledge. Never reaches an agent; evaluation, experts and probes' labels use it. */
export interface Truth {
  /** Table widths, `pusher` and hands among them. */
  readonly positions: Readonly<Record<string, Point>>;
  /** Radians. */
  readonly angles: Readonly<Record<string, number>>;
  /** The episode's named points, as in its instruction. */
  readonly targets: Readonly<Record<string, Point>>;
}

export interface EpisodeInfo {
  readonly truth: Truth;
  /** Whether the task's success predicate holds now, its timing rule included. */
  readonly success: boolean;
  /** Largest distance left over the success predicates that still have to hold, in table widths; 0 inside regions. */
  readonly distance: number;
  /** Guardrails broken during this step, by kind; swept over the substeps, not only at its end. */
  readonly violations: readonly string[];
  /** Who broke them: `pusher`, or objects by name. What is fragile and was moved broke its guardrail itself. */
  readonly violators: readonly string[];
}

export interface ResetOptions {
  readonly seed: number;
}

export interface ResetResult {
  readonly observation: Observation;
  readonly instruction: Instruction;
  readonly info: EpisodeInfo;
}

export interface StepResult {
  readonly observation: Observation;
  /** Minus the distance left; or the world's own, where the environment has a `rewardRange`. */
  readonly reward: number;
  /** The task ended: success by first hit. */
  readonly terminated: boolean;
  /** The budget is used up. */
  readonly truncated: boolean;
  readonly info: EpisodeInfo;
}

/** Gymnasium's interface, with the instruction returned at reset and an exact state. */
export interface Environment {
  readonly task: TaskSpec;
  readonly actionSpace: BoxSpace;
  /** [height, width, channels] of the observed frame. */
  readonly frameShape: readonly [number, number, number];
  /** What rewards lie within, where they are the world's own. Absent: a reward is minus the distance left. */
  readonly rewardRange?: Range;
  reset(options: ResetOptions): ResetResult;
  step(action: ArrayLike<number>): StepResult;
  /** Everything that decides the future: `setState(getState())` changes nothing, bit for bit. */
  getState(): Float64Array;
  setState(state: Float64Array): void;
  /** Info for the present state, without stepping. */
  inspect(): EpisodeInfo;
  /** A picture for people, at any size, of the present state. */
  render(size: number): Frame;
}

// ---------------------------------------------------------------- world model

/** A learned world model as pure tensor functions over its parameters. */
export interface LatentDynamics<T> {
  /**
   * [R, height, width, channels], values 0 ... 255, and for models that go by it [R, 4] as in observations ->
   * [R, N, D].
   */
  encode(frames: T, proprioception?: T): T;
  /** One predictor step: [R, N, D] x [R, A] -> [R, N, D]. */
  predict(latent: T, action: T): T;
  /**
   * Quantities read from latents: `position` [R, N, 2] in table widths; `heading` [R, N, 4] as cos a, sin a, cos 2a,
   * sin 2a; null where a model has no such probe.
   */
  probe(latent: T): { readonly position: T; readonly heading: T | null };
}

/** What the cost sees of imagined futures. Step 0 is now. */
export interface Rollout<T> {
  /** [B, S, H + 1, N, D] */
  readonly latents: T;
  /** [B, S, H + 1, N, 2], table widths; null where the model has no probes. */
  readonly positions: T | null;
  /** [B, S, H + 1, N, 4] as cos a, sin a, cos 2a, sin 2a, up to a factor; null where the model does not read them. */
  readonly headings: T | null;
  /**
   * [B, S, H + 1, N], table widths: how far apart the heads of an ensemble see each thing, as the standard deviation
   * of its position over heads. Large where the model knows little. Absent where there is no ensemble.
   */
  readonly disagreement?: T;
  /** [B, S, H, A], in units of the action space. */
  readonly actions: T;
  /**
   * What a generative model draws of latents: [B, S, T, N, D] -> [B, S, T, height, width, C], in units of order one.
   * Absent where the model never draws.
   */
  readonly draw?: (latents: T) => T;
  /**
   * Predictor steps from latents [B, S, T, N, D] to goals [B, 1, 1, N, D]: [B, S, T]. Absent where the model has no
   * critic.
   */
  remaining?(latents: T, goal: T): T;
}

// ---------------------------------------------------------------- planner

/** Candidates' worth. Lower is better; a candidate is feasible when its violation is 0. */
export interface Scores {
  /** [B, S] objective. NaN counts as the worst. */
  readonly cost: Float32Array;
  /** [B, S] summed predicted violation of the guardrails, margins included; >= 0. */
  readonly violation: Float32Array;
}

/** Candidates' worth, and where it leads. */
export interface GradientScores extends Scores {
  /** [B, S, H, A] The derivative of each candidate's `cost + penalty x violation` by its own numbers. */
  readonly gradient: Float32Array;
}

/** All that a planner knows of the world. */
export interface Scorer {
  /** `candidates` [B, S, H, A] in units of the action space. */
  score(candidates: Float32Array, samples: number): Promise<Scores>;
  /** The same with derivatives; absent where dynamics or cost have none, as a simulator's. */
  scoreWithGradient?(candidates: Float32Array, samples: number, penalty: number): Promise<GradientScores>;
}

export interface Plan {
  /** [H, A], in units of the action space. */
  readonly actions: Float32Array;
  readonly cost: number;
  readonly violation: number;
  /** Good candidates beside it, best first, [H, A] each: shifted, they can be suggested to the next search. */
  readonly elites?: readonly Float32Array[];
  /** Predicted worth of doing nothing (every action zero), where that was among the candidates. */
  readonly brake?: { readonly cost: number; readonly violation: number };
  /**
   * Of each recalled plan that was tried, in order: whether it was better than every candidate drawn at random beside
   * it. Absent where a planner doesn't tell.
   */
  readonly outdid?: readonly boolean[];
}

export interface PlanRequest {
  readonly scorer: Scorer;
  /** One generator an episode: batch size changes no result. */
  readonly rngs: readonly Rng[];
  /** [B] Last decision's plan, already shifted by what was executed; null at the start. */
  readonly warmStarts: readonly (Float32Array | null)[];
  /**
   * [B][m] Plans to try among the first candidates, [H, A] each: shifted elites, as far as half of the candidates goes
   * with the warm start and what is recalled.
   */
  readonly suggestions?: readonly (readonly Float32Array[])[];
  /**
   * [B][m] Plans from memory, [H, A] each, best first: before suggestions where there is no room for all, and one of
   * them in the smallest search. They change no candidate but those whose places they take.
   */
  readonly recalled?: readonly (readonly Float32Array[])[];
  /** Called after each iteration, where the caller wants to see the search; costs nothing when absent. */
  readonly trace?: (iteration: PlanIteration) => void;
}

/** What one iteration saw, for plots and replays. */
export interface PlanIteration {
  readonly iteration: number;
  /** [B, S, H, A] */
  readonly candidates: Float32Array;
  readonly scores: Scores;
}

export interface Planner {
  readonly name: string;
  readonly horizon: number;
  /** Candidates scored for one decision of one episode. */
  readonly evaluationsPerPlan: number;
  /** The best *evaluated* candidate of each episode, feasible ones first. */
  plan(request: PlanRequest): Promise<Plan[]>;
}

// ---------------------------------------------------------------- policies

export interface EpisodeStart {
  readonly instruction: Instruction;
  /** Seeds everything random in the policy's handling of this episode. */
  readonly seed: number;
}

export interface Decision {
  readonly action: Float32Array;
  /** What the policy imagined, where it imagines: for replays and reports. */
  readonly imagined?: Imagined;
  /** The policy says that, as far as it can see, it cannot go on with the task safely. */
  readonly unable?: boolean;
}

export interface Imagined {
  readonly cost: number;
  readonly violation: number;
  /** Predicted positions of each entity over the horizon, table widths: [H + 1][N]. */
  readonly positions: readonly (readonly Point[])[];
  /** [H, A] What is being executed, as it was when chosen. */
  readonly actions?: Float32Array;
  /** What was done when no safe plan was found; null otherwise. */
  readonly fallback: string | null;
}

/** Plays B episodes in lockstep, seeing observations only. */
export interface Policy {
  readonly name: string;
  begin(episodes: readonly EpisodeStart[]): Promise<void>;
  /** One observation and one decision an episode; null for episodes that have ended. */
  act(observations: readonly (Observation | null)[]): Promise<(Decision | null)[]>;
  /** Median-able wall times of decisions in milliseconds, and candidates scored per decision. */
  readonly planMilliseconds?: readonly number[];
  readonly evaluationsPerPlan?: number;
  /** What it lived through in an episode of the present batch; absent or null where the policy keeps nothing. */
  experience?(episode: number): Experience | null;
  dispose?(): void;
}
