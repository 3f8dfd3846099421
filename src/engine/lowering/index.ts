import { activations } from './activations.ts';
import { comparison } from './comparison.ts';
import { convolutions } from './convolutions.ts';
import { creation } from './creation.ts';
import { elementwiseBinary } from './elementwise-binary.ts';
import { elementwiseUnary } from './elementwise-unary.ts';
import { indexing } from './indexing.ts';
import type { Lowerings } from './lowering.ts';
import { matrix } from './matrix.ts';
import { normalisation } from './normalisation.ts';
import { pools } from './pools.ts';
import { reductions } from './reductions.ts';
import { shapes } from './shapes.ts';
import { slicing } from './slicing.ts';

/** Every TensorFlow.js kernel that compiled programs can use. */
export const lowerings: Lowerings = {
  ...elementwiseUnary,
  ...elementwiseBinary,
  ...activations,
  ...comparison,
  ...reductions,
  ...shapes,
  ...slicing,
  ...creation,
  ...indexing,
  ...matrix,
  ...convolutions,
  ...pools,
  ...normalisation,
};
