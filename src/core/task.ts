/**
 * The grammar of a task: plain data, the same in a registered task, a JSON or YAML file, or TypeScript
 * (`satisfies TaskSpec`). Positions and lengths are in table widths, the origin at the top left, x to the
 * right, y down. Lower cost is better.
 */

/** A point on the table, in table widths. In `two-rooms`, in widths of the field. */
export type Point = readonly [x: number, y: number];

export type Range = readonly [low: number, high: number];

/** A disc or an axis-aligned rectangle, in table widths. */
export type Region = { readonly centre: Point; readonly radius: number } | { readonly x: Range; readonly y: Range };

/** A region as a task may write it: its centre can be the name of a target. Each episode resolves it to a `Region`. */
export type RegionSpec = Region | { readonly centre: string; readonly radius: number };

export const worldNames = ['tabletop', 'two-rooms'] as const;
export type WorldName = (typeof worldNames)[number];

export const shapeNames = ['disc', 'box', 't', 'l'] as const;
export type ShapeName = (typeof shapeNames)[number];

export const colourNames = ['red', 'blue', 'green', 'yellow', 'purple', 'orange'] as const;
export type ColourName = (typeof colourNames)[number];

/** An object on the table. Where a list or range is given, each episode draws from it. */
export interface ObjectSpec {
  readonly name: string;
  readonly shape: ShapeName | readonly ShapeName[];
  readonly colour: ColourName | readonly ColourName[];
  /** Where it starts. @defaultValue anywhere clear of walls, pusher and other objects */
  readonly at?: Point | Region;
  /** Heading at the start, radians. @defaultValue uniform in [-pi, pi) */
  readonly angle?: number | Range;
}

/** A named point of the task: fixed, or drawn anew each episode. */
export type TargetSpec =
  | { readonly at: Point | Region }
  /** Drawn at a distance within `distance` from where the named entity starts, on the table. */
  | { readonly from: string; readonly distance: Range }
  /** On the straight way from where the first (an entity or target) starts to the second. Default `fraction`: 0.5. */
  | { readonly between: readonly [from: string, to: string]; readonly fraction?: number };

export interface SceneSpec {
  readonly objects: readonly ObjectSpec[];
  readonly targets?: Readonly<Record<string, TargetSpec>>;
}

/** How a term's per-step values become one number: at the last step, or a mean over steps weighted 0.5 ... 1.5 plus the last. */
export type StepReduction = 'last' | 'ramp';

/**
 * A term of the objective: weight x norm(residual). `pusher` names the agent's own effector. Agents see terms
 * with their regions resolved (the default); tasks write them as `TermSpec<RegionSpec>`.
 */
export type TermSpec<R = Region> =
  /** Distance in latent space to the encoded goal picture. */
  | { readonly term: 'goal-image'; readonly weight?: number; readonly steps?: StepReduction }
  /** Distance between a probed position and a point (a target's name or coordinates), less `tolerance`. */
  | {
      readonly term: 'distance';
      readonly of: string;
      readonly to: string | Point;
      readonly tolerance?: number;
      readonly weight?: number;
      readonly steps?: StepReduction;
    }
  /** How far a probed position is outside a region. */
  | {
      readonly term: 'inside';
      readonly object: string;
      readonly region: R;
      readonly weight?: number;
      readonly steps?: StepReduction;
    }
  /** Mean squared action. */
  | { readonly term: 'effort'; readonly weight: number }
  /** Mean squared difference between successive actions. */
  | { readonly term: 'smoothness'; readonly weight: number };

/** A constraint that no plan may break. `who`: `pusher`, `objects` (any of them) or an object's name. */
export type GuardrailSpec<R = Region> = { readonly kind: 'keep-out'; readonly who: string; readonly region: R };

/** A predicate on the true state, decided by the simulator alone. */
export type Predicate<R = Region> =
  | { readonly near: readonly [of: string, to: string | Point]; readonly within: number }
  | { readonly inside: readonly [object: string, region: R] };

export interface SuccessSpec<R = Region> {
  /** All must hold together. */
  readonly all: readonly Predicate<R>[];
  /** `final-step`: judged when the budget ends; `first-hit`: as soon as they hold for `holdSteps` steps. */
  readonly when: 'final-step' | 'first-hit';
  /** @defaultValue 1 */
  readonly holdSteps?: number;
}

export interface TaskSpec {
  readonly id: string;
  readonly description?: string;
  /** @defaultValue 'tabletop' */
  readonly world?: WorldName;
  readonly scene: SceneSpec;
  readonly objective: readonly TermSpec<RegionSpec>[];
  readonly guardrails?: readonly GuardrailSpec<RegionSpec>[];
  readonly success: SuccessSpec<RegionSpec>;
  /** Control steps an episode lasts at most. */
  readonly budgetSteps: number;
}
