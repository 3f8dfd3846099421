import { tf } from '../tf.ts';
import { type Lowerings, lowering } from './lowering.ts';

const compare = (op: string) => lowering<'a' | 'b'>((g, { a, b }) => g.binary(op, a, b, 'bool'));

export const comparison: Lowerings = {
  [tf.Equal]: compare('Equal'),
  [tf.NotEqual]: lowering<'a' | 'b'>((g, { a, b }) => g.unary('Not', g.binary('Equal', a, b, 'bool'))),
  [tf.Greater]: compare('Greater'),
  [tf.GreaterEqual]: compare('GreaterOrEqual'),
  [tf.Less]: compare('Less'),
  [tf.LessEqual]: compare('LessOrEqual'),
  [tf.LogicalAnd]: compare('And'),
  [tf.LogicalOr]: compare('Or'),
  [tf.LogicalNot]: lowering<'x'>((g, { x }) => g.unary('Not', x)),
  [tf.Select]: lowering<'condition' | 't' | 'e'>((g, { condition, t, e }) => {
    // A condition of rank 1 against tensors of higher rank picks whole rows.
    const rows = condition.shape.length === 1 && t.shape.length > 1;
    const mask = rows ? g.reshape(condition, [condition.shape[0]!, ...t.shape.slice(1).map(() => 1)]) : condition;
    if (t.type !== 'bool') return g.where(mask, t, e);
    return g.cast(g.where(mask, g.cast(t, 'int32'), g.cast(e, 'int32')), 'bool');
  }),
};
