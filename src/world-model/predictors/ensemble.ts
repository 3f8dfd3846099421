import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';

const single = 'predictor.';

/** Names of one head's parameters begin so: those of the first as if it were alone. */
function prefixOf(head: number): string {
  return head === 0 ? single : `predictor${head + 1}.`;
}

/**
 * Parameters of `heads` predictors beside each other. Each parameter's starting value is drawn from the stream that
 * bears its name, so the heads start apart and, on the same data, stay apart where the data say little: deep ensembles
 * (Lakshminarayanan et al., 2017), in world models PETS (Chua et al., 2018).
 */
export function ensembleSpecs(specs: ParameterSpecs, heads: number): ParameterSpecs {
  return Object.assign(
    {},
    ...Array.from({ length: heads }, (_, head) =>
      Object.fromEntries(
        Object.entries(specs).map(([name, spec]) => [prefixOf(head) + name.slice(single.length), spec]),
      ),
    ),
  );
}

/** The parameters of one head, by the names that a predictor knows. */
export function headParameters(parameters: Tensors, head: number): Tensors {
  if (head === 0) return parameters;
  const prefix = prefixOf(head);
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[single + name.slice(prefix.length), tensor]] : [],
    ),
  );
}

/** The mean over heads, element by element. */
export function ensembleMean(heads: readonly Tensor[]): Tensor {
  return heads.length === 1 ? heads[0]! : tf.div(tf.addN([...heads]), heads.length);
}

/**
 * How far apart the heads see one thing: the standard deviation over heads of places [..., 2], both axes together and
 * with heads - 1 below, in the places' unit -> [...]. At least two heads.
 */
export function disagreementOf(places: readonly Tensor[]): Tensor {
  const mean = ensembleMean(places);
  const squared = places.map((place) => tf.sum(tf.squaredDifference(place, mean), -1));
  // Where all agree exactly the root would have no slope.
  return tf.sqrt(tf.add(tf.div(tf.addN(squared), places.length - 1), leastSquare));
}

/** A millionth of a table width, squared. */
const leastSquare = 1e-12;
