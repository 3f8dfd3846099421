/**
 * The grammar of a task: plain data, the same in a registered task, a JSON or YAML file, or TypeScript
 * (`satisfies TaskSpec`). Positions and lengths are in table widths, the origin at the top left, x to the
 * right, y down. Lower cost is better.
 */

/** A point on the table, in table widths. In `two-rooms` and `push-t`, in widths of the field. */
export type Point = readonly [x: number, y: number];

export type Range = readonly [low: number, high: number];

/** A disc or an axis-aligned rectangle, in table widths. */
export type Region = { readonly centre: Point; readonly radius: number } | { readonly x: Range; readonly y: Range };

/** A region as a task may write it: its centre can be the name of a target. Each episode resolves it to a `Region`. */
export type RegionSpec = Region | { readonly centre: string; readonly radius: number };

export const worldNames = ['tabletop', 'two-rooms', 'push-t'] as const;
export type WorldName = (typeof worldNames)[number];

export const shapeNames = ['disc', 'box', 't', 'l'] as const;
export type ShapeName = (typeof shapeNames)[number];

export const colourNames = ['red', 'blue', 'green', 'yellow', 'purple', 'orange'] as const;
export type ColourName = (typeof colourNames)[number];

/** How often a shape looks the same within a full turn. A disc has no heading: 0. */
export const turnsOf: Readonly<Record<ShapeName, number>> = { disc: 0, box: 2, t: 1, l: 1 };

/** An object on the table. Where a list or range is given, each episode draws from it. */
export interface ObjectSpec {
  readonly name: string;
  readonly shape: ShapeName | readonly ShapeName[];
  /** Objects with lists get different colours as far as these go; `sameAs` is for two that look alike. */
  readonly colour: ColourName | readonly ColourName[] | { readonly sameAs: string };
  /** How the agent is told which one it is: its colour, or also where it starts. @defaultValue 'colour' */
  readonly knownBy?: 'colour' | 'place';
  /** Where it starts. @defaultValue anywhere clear of walls, pusher and other objects */
  readonly at?: Point | Region;
  /** Heading at the start, radians. @defaultValue uniform in [-pi, pi) */
  readonly angle?: number | Range;
}

/** A named point of the task: fixed, or drawn anew each episode. With an `angle` (radians) it is a pose. */
export type TargetSpec = { readonly angle?: number | Range } & (
  | { readonly at: Point | Region }
  /** Drawn at a distance within `distance` from where the named entity (or each of them) starts, on the table. */
  | { readonly from: string | readonly string[]; readonly distance: Range }
  /** On the straight way from where the first (an entity or target) starts to the second. Default `fraction`: 0.5. */
  | { readonly between: readonly [from: string, to: string]; readonly fraction?: number }
);

/**
 * Something that moves over the table by itself, whatever the agent does: a person's hand. It goes along its path to
 * the end and back again, for ever, at a steady speed, and pushes nothing.
 */
export interface HandSpec {
  readonly name: string;
  /** Corners of its way, two at least: points, the names of targets, or regions that each episode draws from. */
  readonly path: readonly (string | Point | Region)[];
  /** Table widths a control step. Where on its path it starts, each episode draws. */
  readonly speed: number | Range;
}

export interface SceneSpec {
  readonly objects: readonly ObjectSpec[];
  /** @defaultValue none */
  readonly hands?: readonly HandSpec[];
  readonly targets?: Readonly<Record<string, TargetSpec>>;
}

/** How a term's per-step values become one number: at the last step, or a mean over steps weighted 0.5 ... 1.5 plus the last. */
export type StepReduction = 'last' | 'ramp';

/**
 * Terms, predicates and guardrails exist twice: as a task writes them, with names (`TermSpec<RegionSpec>`), and as an
 * episode's agent and judge are told them, with that episode's numbers (`TermSpec`). This is what differs.
 */
type WrittenOrTold<R, Written, Told> = RegionSpec extends R ? Written : Told;

/** Written: one, several, or `objects`, which are all of the scene. Told: one. */
export type Who<R> = WrittenOrTold<R, string | readonly string[], string>;

/** Written: radians, or the name of a target that has an angle. Told: radians. */
export type Heading<R> = WrittenOrTold<R, number | string, number>;

/** Told: how often the object looks the same within a full turn; headings that look the same are the same. */
export type Turns<R> = WrittenOrTold<R, unknown, { readonly turns: number }>;

/** Written: the angle may be left to the target. */
export type PoseHeading<R> = WrittenOrTold<R, { readonly angle?: Heading<R> }, { readonly angle: number }>;

/** A term of the objective: weight x norm(residual). `pusher` names the agent's own effector. */
export type TermSpec<R = Region> =
  /**
   * Distance to the goal picture: between latents; pixel by pixel between the picture and what a generative model draws
   * of its latents; or that of everything to the places, or poses, that the agent sees in there, the pusher last.
   */
  | {
      readonly term: 'goal-image';
      /** @defaultValue 'latents' */
      readonly by?: 'latents' | 'pixels' | 'places' | 'poses';
      readonly weight?: number;
      readonly steps?: StepReduction;
    }
  /**
   * Predictor steps that a learned critic says are left to the encoded goal picture, less `tolerance` (1 where it is not
   * given). For models that have one.
   */
  | {
      readonly term: 'critic';
      readonly tolerance?: number;
      readonly weight?: number;
      readonly steps?: StepReduction;
    }
  /** Distance between a probed position and a point (a target's name or coordinates), less `tolerance`. */
  | {
      readonly term: 'distance';
      readonly of: string;
      readonly to: string | Point;
      readonly tolerance?: number;
      readonly weight?: number;
      readonly steps?: StepReduction;
    }
  /**
   * Distance between a probed pose and a target's, less `tolerance`: sqrt(d^2 + (0.2 / n sin(n delta / 2))^2), d in
   * table widths, delta the angle between the headings, n how often the object looks the same within a full turn.
   */
  | ({
      readonly term: 'pose';
      readonly of: string;
      readonly to: string | Point;
      readonly tolerance?: number;
      readonly weight?: number;
      readonly steps?: StepReduction;
    } & PoseHeading<R> &
      Turns<R>)
  /** The same for the heading alone: 0.2 / n |sin(n delta / 2)|, less what it is at an angle of `tolerance` (radians). */
  | ({
      readonly term: 'angle';
      readonly of: string;
      readonly to: Heading<R>;
      readonly tolerance?: number;
      readonly weight?: number;
      readonly steps?: StepReduction;
    } & Turns<R>)
  /** How far a probed position is outside a region. */
  | {
      readonly term: 'inside';
      readonly object: Who<R>;
      readonly region: R;
      readonly weight?: number;
      readonly steps?: StepReduction;
    }
  /** A term of one's own: the file that defines it, as seen from the task's, or the name it is registered by. */
  | {
      readonly term: 'custom';
      readonly use: string;
      /** Its parameters: names of entities and targets, points, numbers. */
      readonly with?: Readonly<Record<string, string | number | Point>>;
      readonly weight?: number;
      readonly steps?: StepReduction;
    }
  /** Mean squared action. */
  | { readonly term: 'effort'; readonly weight: number }
  /** Mean squared difference between successive actions. */
  | { readonly term: 'smoothness'; readonly weight: number };

/** Whether a term asks for what the goal's picture shows, and names nothing itself. */
export function isPictured<T extends TermSpec<RegionSpec>>(
  term: T,
): term is Extract<T, { readonly term: 'goal-image' | 'critic' }> {
  return term.term === 'goal-image' || term.term === 'critic';
}

/** A constraint that no plan may break. `who`: `pusher`, `objects` (any of them) or an object's name. */
export type GuardrailSpec<R = Region> =
  /** No part of them enters the region. */
  | { readonly kind: 'keep-out'; readonly who: string; readonly region: R }
  /** Neither the pusher nor another object touches it, and it does not move. */
  | { readonly kind: 'fragile'; readonly object: string }
  /** Their centres stay at least `margin` table widths inside the table's edge: beyond it they would tip over. */
  | { readonly kind: 'stay-on-table'; readonly who: string; readonly margin: number }
  /** The pusher is sent no further in a control step: length of an action, in units of the action space. */
  | { readonly kind: 'speed'; readonly limit: number }
  /**
   * The pusher, and any object while it is moved, keep at least `distance` table widths from a hand, border to border.
   * Nearer than `slowWithin` the pusher is slower: see `speedNear`.
   */
  | { readonly kind: 'moving-hand'; readonly hand: string; readonly distance: number; readonly slowWithin: number };

/** A predicate on the true state, decided by the simulator alone. */
export type Predicate<R = Region> =
  | { readonly near: readonly [of: string, to: string | Point]; readonly within: number }
  /**
   * `within` in table widths, `withinAngle` in radians. The distance is that of the object's centre, or of a `point` that
   * is fixed to it: from its centre, at heading 0. With `together` it is the root of the summed squares of this
   * distance and of theirs.
   */
  | ({
      readonly pose: readonly [of: string, to: string | Point];
      readonly within: number;
      readonly withinAngle: number;
      readonly point?: Point;
      readonly together?: readonly (readonly [of: string, to: string | Point])[];
    } & PoseHeading<R> &
      Turns<R>)
  /** `within` in radians. */
  | ({ readonly angle: readonly [of: string, to: Heading<R>]; readonly within: number } & Turns<R>)
  /** The centre counts. */
  | { readonly inside: readonly [object: Who<R>, region: R] };

export interface SuccessSpec<R = Region> {
  /** All must hold together. */
  readonly all: readonly Predicate<R>[];
  /** What must have held before, one list after the other, each after some control step: `all` counts only then. */
  readonly after?: readonly (readonly Predicate<R>[])[];
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
  /** Objectives that come before it, one after the other, as way-points: each is left once its terms cost nothing. */
  readonly stages?: readonly (readonly TermSpec<RegionSpec>[])[];
  readonly guardrails?: readonly GuardrailSpec<RegionSpec>[];
  readonly success: SuccessSpec<RegionSpec>;
  /** Control steps an episode lasts at most. */
  readonly budgetSteps: number;
}
