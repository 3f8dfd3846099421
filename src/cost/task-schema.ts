import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { fastestHand } from '../core/moving-hand.ts';
import {
  colourNames,
  type GuardrailSpec,
  type HandSpec,
  type ObjectSpec,
  type Predicate,
  type RegionSpec,
  type SceneSpec,
  type SuccessSpec,
  shapeNames,
  type TargetSpec,
  type TaskSpec,
  type TermSpec,
  worldNames,
} from '../core/task.ts';
import { describeIssues, formatProblems } from './schema-problems.ts';
import { findContradictions } from './task-contradictions.ts';

/** An object with these fields and no others. */
const strict = <Shape extends z.core.$ZodShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownFields(issue.keys, Object.keys(shape)) : undefined),
  });

/** Carries the known fields to where the message is written. */
const unknownFields = (keys: readonly string[], known: readonly string[]) => JSON.stringify({ keys, known });

const finite = z.number();
const name = z.string().min(1);
const share = z.number().min(0).max(1);
const point = z.tuple([share, share]).readonly();
const span = z.tuple([share, share]).readonly();
const positive = z.number().positive();
/** So large a weight would make costs infinite, and an infinite cost says nothing of a plan. */
const weight = z.number().min(0).max(1e6);
const steps = z.enum(['last', 'ramp']);

const disc = strict({ centre: point, radius: positive });
const rectangle = strict({ x: span, y: span });
const region = z.union([disc, rectangle]);
const regionSpec = z.union([
  disc,
  strict({ centre: name, radius: positive }),
  rectangle,
]) satisfies z.ZodType<RegionSpec>;

/** One of the values, or a list of them to draw from. */
const oneOrSome = <const Values extends readonly string[]>(values: Values) => {
  const one = z.enum(values);
  return z.union([one, z.array(one).min(1).readonly()]);
};

/** Radians, or a range to draw from. */
const angle = z.union([finite, z.tuple([finite, finite]).readonly()]);

const object = strict({
  name,
  shape: oneOrSome(shapeNames),
  colour: z.union([...oneOrSome(colourNames).options, strict({ sameAs: name })]),
  knownBy: z.enum(['colour', 'place']).exactOptional(),
  at: z.union([point, region]).exactOptional(),
  angle: angle.exactOptional(),
}) satisfies z.ZodType<ObjectSpec>;

const target = z.union([
  strict({ at: z.union([point, region]), angle: angle.exactOptional() }),
  strict({
    from: z.union([name, z.array(name).min(1).readonly()]),
    distance: z.tuple([z.number().min(0), z.number().min(0)]).readonly(),
    angle: angle.exactOptional(),
  }),
  strict({
    between: z.tuple([name, name]).readonly(),
    fraction: share.exactOptional(),
    angle: angle.exactOptional(),
  }),
]) satisfies z.ZodType<TargetSpec>;

/** Table widths a control step. */
const handSpeed = positive.max(fastestHand);

const hand = strict({
  name,
  path: z
    .array(z.union([name, point, region]))
    .min(2)
    .readonly(),
  speed: z.union([handSpeed, z.tuple([handSpeed, handSpeed]).readonly()]),
}) satisfies z.ZodType<HandSpec>;

const scene = strict({
  objects: z.array(object).readonly(),
  hands: z.array(hand).readonly().exactOptional(),
  targets: z.record(name, target).exactOptional(),
}) satisfies z.ZodType<SceneSpec>;

const place = z.union([name, point]);
/** Radians, or the name of a target that has an angle. */
const heading = z.union([name, finite]);
/** An object, several, or `objects`. */
const who = z.union([name, z.array(name).min(1).readonly()]);

const term = z.discriminatedUnion('term', [
  strict({
    term: z.literal('goal-image'),
    by: z.enum(['latents', 'pixels', 'places', 'poses']).exactOptional(),
    weight: weight.exactOptional(),
    steps: steps.exactOptional(),
  }),
  strict({
    term: z.literal('distance'),
    of: name,
    to: place,
    tolerance: z.number().min(0).exactOptional(),
    weight: weight.exactOptional(),
    steps: steps.exactOptional(),
  }),
  strict({
    term: z.literal('pose'),
    of: name,
    to: place,
    angle: heading.exactOptional(),
    tolerance: z.number().min(0).exactOptional(),
    weight: weight.exactOptional(),
    steps: steps.exactOptional(),
  }),
  strict({
    term: z.literal('angle'),
    of: name,
    to: heading,
    tolerance: z.number().min(0).exactOptional(),
    weight: weight.exactOptional(),
    steps: steps.exactOptional(),
  }),
  strict({
    term: z.literal('inside'),
    object: who,
    region: regionSpec,
    weight: weight.exactOptional(),
    steps: steps.exactOptional(),
  }),
  strict({
    term: z.literal('custom'),
    use: name,
    with: z.record(name, z.union([name, finite, point])).exactOptional(),
    weight: weight.exactOptional(),
    steps: steps.exactOptional(),
  }),
  strict({ term: z.literal('effort'), weight }),
  strict({ term: z.literal('smoothness'), weight }),
  strict({
    term: z.literal('critic'),
    tolerance: z.number().min(0).exactOptional(),
    weight: weight.exactOptional(),
    steps: steps.exactOptional(),
  }),
]) satisfies z.ZodType<TermSpec<RegionSpec>>;

const guardrail = z.discriminatedUnion('kind', [
  strict({ kind: z.literal('keep-out'), who: name, region: regionSpec }),
  strict({ kind: z.literal('fragile'), object: name }),
  strict({ kind: z.literal('stay-on-table'), who: name, margin: z.number().min(0).max(0.5) }),
  strict({ kind: z.literal('speed'), limit: positive }),
  strict({
    kind: z.literal('moving-hand'),
    hand: name,
    distance: z.number().min(0).max(0.5),
    slowWithin: z.number().min(0).max(1),
  }),
]) satisfies z.ZodType<GuardrailSpec<RegionSpec>>;

const predicate = z.union([
  strict({ near: z.tuple([name, place]).readonly(), within: positive }),
  strict({
    pose: z.tuple([name, place]).readonly(),
    angle: heading.exactOptional(),
    within: positive,
    withinAngle: positive,
    point: z.tuple([finite, finite]).readonly().exactOptional(),
    together: z
      .array(z.tuple([name, place]).readonly())
      .min(1)
      .readonly()
      .exactOptional(),
  }),
  strict({ angle: z.tuple([name, heading]).readonly(), within: positive }),
  strict({ inside: z.tuple([who, regionSpec]).readonly() }),
]) satisfies z.ZodType<Predicate<RegionSpec>>;

const success = strict({
  all: z.array(predicate).min(1).readonly(),
  after: z.array(z.array(predicate).min(1).readonly()).min(1).readonly().exactOptional(),
  when: z.enum(['final-step', 'first-hit']),
  holdSteps: z.int().min(1).exactOptional(),
}) satisfies z.ZodType<SuccessSpec<RegionSpec>>;

/** The grammar of `core/task.ts`, checked at run time. What it can't express is in `findContradictions`. */
export const taskSchema = strict({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens, such as tidy-corner'),
  description: z.string().exactOptional(),
  world: z.enum(worldNames).exactOptional(),
  scene,
  objective: z.array(term).min(1).readonly(),
  stages: z.array(z.array(term).min(1).readonly()).min(1).readonly().exactOptional(),
  guardrails: z.array(guardrail).readonly().exactOptional(),
  success,
  budgetSteps: z.int().min(1),
}) satisfies z.ZodType<TaskSpec>;

/**
 * Checked plain data as a task.
 *
 * @param source where it came from, for the message: a file's path
 * @throws UsageError that lists every problem: the field, what it holds, what it may hold, the nearest spelling
 */
export function parseTask(data: unknown, source: string): TaskSpec {
  const result = taskSchema.safeParse(data, { reportInput: true });
  const problems = result.success ? findContradictions(result.data) : describeIssues(result.error.issues, data);
  if (problems.length > 0) throw new UsageError(formatProblems(problems, source));
  return result.data!;
}
