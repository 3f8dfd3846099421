import { UsageError, unknownName } from '../core/errors.ts';
import type { Point } from '../core/task.ts';
import { detach } from '../engine/detach.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Seen } from './term.ts';

/** What a parameter of a custom term is: an entity's name, a place (a target's name or a point), or a number. */
export type CustomTermParameters = Readonly<Record<string, 'entity' | 'place' | 'number'>>;

/** Parameters as imagined: step 0 is now; B episodes, S candidates, H steps ahead. */
interface Imagined {
  readonly entity: {
    /** [B, S, H + 1, 2], table widths */
    readonly position: Tensor;
    /** [B, S, H + 1, 4] as cos a, sin a, cos 2a, sin 2a, up to a factor; null where the model does not read them. */
    readonly heading: Tensor | null;
  };
  /** [B, 1, 1, 2], table widths */
  readonly place: Tensor;
  /** [B, 1, 1] */
  readonly number: Tensor;
}

/** The same as seen now. */
interface Present {
  readonly entity: Seen;
  readonly place: Point;
  readonly number: number;
}

type Given<P extends CustomTermParameters, Kinds> = { readonly [K in keyof P]: Kinds[P[K] & keyof Kinds] };

/**
 * A term of the objective that the grammar does not have, as a file of its own or registered by a program. It adds to
 * the cost, and to nothing else: guardrails are judged from the same rollouts apart from it, and what it returns is
 * kept between 0 and `largestResidual`, so that no value of it makes a plan that breaks one better than one that
 * breaks none.
 */
export interface CustomTerm<P extends CustomTermParameters = CustomTermParameters> {
  /** Lower-case words joined by hyphens. */
  readonly name: string;
  readonly parameters: P;
  /**
   * How far each imagined step is from what is wanted, [B, S, H + 1], in table widths or what compares with them.
   * Pure tensor functions of `tf` only: no values are read, shapes are static. Less than 0 counts as 0.
   */
  residual(
    given: Given<P, Imagined>,
    /** `actions` [B, S, H, A], in units of the action space. */
    view: { readonly tf: typeof tf; readonly actions: Tensor },
  ): Tensor;
  /**
   * The object that the pusher has to go to for this, and the same residual as one number of what is seen now: it
   * tells when the object is done. Absent where the term is about the pusher or the scene as a whole.
   */
  readonly about?: { readonly entity: keyof P & string; left(given: Given<P, Present>): number };
}

/** What a custom residual counts at most, far beyond all that there is on a table; also where it is no finite number. */
export const largestResidual = 100;

/** Keeps a residual within its bounds, [B, S, H + 1] -> the same: NaN and infinities count as the most. */
export function boundResidual(residual: Tensor): Tensor {
  const value = detach(residual);
  const known = tf.logicalAnd(tf.equal(value, value), tf.lessEqual(value, largestResidual));
  return tf.where(known, tf.relu(residual), tf.fill(residual.shape, largestResidual));
}

const registered = new Map<string, CustomTerm>();

/**
 * Makes a term known to `{ term: 'custom', use: <name> }`. The same one can be registered again.
 * @throws UsageError where another has that name, or what is given is no term
 */
export function registerTerm(term: CustomTerm): void {
  checkTerm(term);
  const known = registered.get(term.name);
  if (known !== undefined && known !== term)
    throw new UsageError(`there are two custom terms named '${term.name}': give one of them another name`);
  registered.set(term.name, term);
}

/** @throws UsageError where none of that name is registered */
export function customTerm(name: string): CustomTerm {
  const term = registered.get(name);
  if (term !== undefined) return term;
  if (registered.size > 0) throw unknownName('custom term', name, [...registered.keys()]);
  throw new UsageError(`there is no custom term '${name}': name its file, as ./${name}.ts, or register it`);
}

/** @throws UsageError that says which of the fields is not as it should be */
function checkTerm(term: CustomTerm): void {
  const kinds = ['entity', 'place', 'number'];
  const wrong = (what: string): UsageError => new UsageError(`a custom term needs ${what}`);
  if (typeof term !== 'object' || term === null) throw wrong('to be an object with name, parameters and residual');
  const { name, parameters, residual, about } = term;
  if (typeof name !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))
    throw wrong(`a name of lower-case words joined by hyphens, got ${JSON.stringify(name)}`);
  if (typeof residual !== 'function') throw wrong(`a function 'residual', and '${name}' has none`);
  if (typeof parameters !== 'object' || parameters === null) throw wrong(`'parameters', and '${name}' has none`);
  for (const [key, kind] of Object.entries(parameters))
    if (!kinds.includes(kind)) throw unknownName(`kind of parameter '${key}' of '${name}'`, String(kind), kinds);
  if (about === undefined) return;
  if (parameters[about.entity] !== 'entity')
    throw wrong(`'about.entity' to be one of its parameters that is an entity, got '${about.entity}' in '${name}'`);
  if (typeof about.left !== 'function') throw wrong(`a function 'about.left', and '${name}' has none`);
}
