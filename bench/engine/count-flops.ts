import { type Graph, type Node, sizeOf } from '../../src/engine/onnx/graph.ts';

/** Multiplications and additions of a graph, once through. */
export interface Flops {
  /** In matrix products and convolutions, their gradients among them: nearly all of the arithmetic. */
  readonly products: number;
  /** One for each number that an element-wise operation makes. */
  readonly elementwise: number;
}

const elementwise = new Set(
  'Add Sub Mul Div Neg Abs Sqrt Exp Log Pow Sigmoid Tanh Relu Erf Sign Min Max Softmax Cos Sin Reciprocal Where Clip'.split(
    ' ',
  ),
);

/** Counted from the shapes, which are static. */
export function countFlops({ nodes }: Graph): Flops {
  let [products, other] = [0, 0];
  for (const node of nodes) {
    products += 2 * multiplications(node);
    if (elementwise.has(node.op)) other += sizeOf(node.outputs[0]!.shape);
  }
  return { products, elementwise: other };
}

function multiplications({ op, inputs, outputs }: Node): number {
  const [first, second] = inputs;
  const made = sizeOf(outputs[0]!.shape);
  switch (op) {
    case 'MatMul':
      return made * first!.shape.at(-1)!;
    case 'Gemm':
      return made * (sizeOf(first!.shape) / outputs[0]!.shape[0]!);
    case 'Conv':
      // The filter is [outputs, inputs / groups, ...kernel].
      return made * sizeOf(second!.shape.slice(1));
    case 'ConvTranspose':
      return sizeOf(first!.shape) * sizeOf(second!.shape.slice(1));
    default:
      return 0;
  }
}
