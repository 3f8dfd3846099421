/** What the page and its worker tell each other. All of it survives `postMessage`. */
import type { Point, Region, ShapeName } from '../src/core/task.ts';
import type { PlannerName } from '../src/planner/create-planner.ts';

export interface Settings {
  /** Null: the model's own, as its scores were measured. */
  readonly planner: PlannerName | null;
  /** Steps planned ahead; null: as the model's own planner. */
  readonly horizon: number | null;
  /** Plans tried for one decision; null: as the model's own planner. */
  readonly evaluations: number | null;
  readonly guardrails: boolean;
  /** The episode goes on beyond the task's budget, for as long as one likes to watch. */
  readonly openEnded: boolean;
  readonly device: 'native' | 'webgpu';
  /** Control steps a second at most; null: as fast as it can. */
  readonly pace: number | null;
}

/** A thing on the table that a person can take hold of. */
export interface Grip {
  readonly kind: 'pusher' | 'object' | 'target' | 'goal' | 'region' | 'zone' | 'hand';
  /** The object's or target's name; the number of a goal without a name, of a region, of a drawn zone. */
  readonly name: string;
}

export type OpenRequest =
  | { readonly type: 'open'; readonly task: TaskChoice; readonly seed: number }
  | { readonly type: 'open-replay'; readonly text: string; readonly source: string };

export type Request =
  | OpenRequest
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'save' }
  | { readonly type: 'play' | 'pause' | 'step' }
  /** Forgets what came after a moment and goes on from there. */
  | { readonly type: 'return'; readonly step: number }
  | { readonly type: 'move'; readonly grip: Grip; readonly to: Point }
  /** Shoves an object away from a point, as with a fingertip. */
  | { readonly type: 'poke'; readonly object: string; readonly from: Point }
  /** Where the visitor's own hand goes, as fast as hands do; null: away from the table. */
  | { readonly type: 'reach'; readonly to: Point | null }
  | { readonly type: 'add-zone'; readonly zone: Region }
  | { readonly type: 'resize-zone'; readonly zone: number; readonly by: number }
  | { readonly type: 'remove-zone'; readonly zone: number };

/** A registered task, or a task file's text. */
export type TaskChoice = { readonly id: string } | { readonly text: string; readonly source: string };

export type Report =
  | { readonly type: 'ready'; readonly tasks: readonly TaskView[]; readonly defaults: PlannerDefaults }
  /** A new episode or replay: all moments before are of another one. */
  | { readonly type: 'opened'; readonly episode: EpisodeView }
  /** One more moment, or a known one changed by a person's hand; later ones, if any, are gone. */
  | { readonly type: 'moment'; readonly moment: MomentView }
  | { readonly type: 'thought'; readonly step: number; readonly thought: ThoughtView }
  | { readonly type: 'activity'; readonly activity: Activity }
  | { readonly type: 'saved'; readonly name: string; readonly text: string }
  | { readonly type: 'failed'; readonly message: string };

export type Activity =
  | 'loading'
  /** Compiling graphs for what was asked. */
  | 'preparing'
  | 'paused'
  | 'playing'
  /** Done, and nothing to do until somebody moves something. */
  | 'resting'
  /** The episode is over by its own rule. */
  | 'ended';

export interface TaskView {
  readonly id: string;
  readonly description: string;
}

export interface PlannerDefaults {
  readonly planner: string;
  readonly planners: readonly string[];
  readonly horizon: number;
  readonly evaluations: number;
  readonly model: string;
  readonly hash: string;
}

/** What stays the same throughout an episode. */
export interface EpisodeView {
  readonly task: TaskView;
  readonly seed: number;
  readonly budgetSteps: number;
  /** The pusher first, then the objects in order. */
  readonly entities: readonly EntityView[];
  readonly tableColour: readonly [number, number, number];
  /** Where it came from, if it was recorded. */
  readonly replay: string | null;
}

export interface EntityView {
  readonly name: string;
  readonly shape: ShapeName | 'pusher';
  readonly colour: readonly [number, number, number];
  /** Its border around the centre at heading 0: x0, y0, x1, y1, ... in table widths. */
  readonly outline: readonly number[];
  /** In table widths, where it is a circle. */
  readonly radius: number | null;
  readonly fragile: boolean;
}

/** The table at one moment. */
export interface MomentView {
  /** Control steps done before. */
  readonly step: number;
  /** x, y (table widths), heading (radians) of each entity. */
  readonly poses: readonly number[];
  readonly goals: readonly GoalView[];
  /** What success is about being in. */
  readonly regions: readonly Region[];
  /** Regions that guardrails forbid, the task's own first, then those drawn by hand. */
  readonly zones: readonly ZoneView[];
  readonly hands: readonly HandView[];
  /** What the agent sees: [size, size, 3] bytes. */
  readonly frame: Uint8Array;
  /** The task's distance left, in table widths. */
  readonly distance: number;
  /** Whether what the task asks for holds now. */
  readonly holds: boolean;
  /** The simulator's verdict, timing rule included. */
  readonly success: boolean;
  /** Guardrails broken on the way here, as the simulator saw it. */
  readonly violations: readonly string[];
  /** What the agent made of it; null until it has. */
  readonly thought: ThoughtView | null;
}

export interface GoalView {
  /** Null where the task gives coordinates instead of a target. */
  readonly target: string | null;
  readonly entity: number;
  readonly at: Point;
  /** Radians; null where any heading will do. */
  readonly angle: number | null;
  /** How near counts, in table widths. */
  readonly within: number;
}

/** A person's hand over the table. */
export interface HandView {
  readonly name: string;
  readonly at: Point;
  /** Table widths. */
  readonly radius: number;
  /** How far guardrails say to keep from it, border to border; null where none does. */
  readonly keptFrom: number | null;
  /** The visitor's. */
  readonly own: boolean;
}

export interface ZoneView {
  readonly region: Region;
  /** Drawn on the page: it can be moved and removed. */
  readonly drawn: boolean;
}

/** What one decision saw, imagined and chose. */
export interface ThoughtView {
  /** Where the agent sees each entity, table widths. */
  readonly seen: readonly Point[];
  /** Predicted positions of each entity under what was chosen: [H + 1][N]. */
  readonly plan: readonly (readonly Point[])[];
  /** Rollouts of candidates; null in replays, which do not hold them. */
  readonly fan: FanView | null;
  readonly iterations: readonly IterationView[];
  readonly cost: number;
  readonly violation: number;
  /** What was done when no safe plan was found. */
  readonly fallback: string | null;
  readonly unable: boolean;
  /** How wrong the last prediction was: see `surprise.ts`; null where there was none. */
  readonly surprise: number | null;
  /** Wall time of the decision, pictures not counted. */
  readonly milliseconds: number | null;
}

export interface FanView {
  /** [S, H + 1, N, 2] */
  readonly positions: Float32Array;
  /** S */
  readonly count: number;
  /** [S] 1 for elites, 0 for other candidates. */
  readonly elite: Uint8Array;
  /** [S] 1 where no guardrail is predicted to be broken. */
  readonly safe: Uint8Array;
}

/** The costs of one iteration's candidates. */
export interface IterationView {
  readonly best: number;
  readonly median: number;
  readonly worst: number;
  /** Share of candidates that break no guardrail, as far as predicted. */
  readonly safe: number;
}
