import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

export const normalisation: Lowerings = {
  [tf.FusedBatchNorm]: lowering<'x' | 'scale' | 'offset' | 'mean' | 'variance', tf.FusedBatchNormAttrs>(
    (g, { x, scale, offset, mean, variance }, { varianceEpsilon }) => {
      const deviation = g.unary('Sqrt', g.binary('Add', variance, g.scalar(varianceEpsilon, 'float32')));
      const standard = g.binary('Div', g.binary('Sub', x, mean), deviation);
      // Scale and offset are optional in TensorFlow.js, whatever its declarations say.
      const scaled = scale === undefined ? standard : g.binary('Mul', standard, scale);
      return offset === undefined ? scaled : g.binary('Add', scaled, offset);
    },
  ),
};
