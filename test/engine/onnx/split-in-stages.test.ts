import fc from 'fast-check';
import { type Graph, producers, type Value } from '../../../src/engine/onnx/graph.ts';
import { splitInStages } from '../../../src/engine/onnx/passes/split-in-stages.ts';
import { bits, evaluate, graphOf, split } from '../../support/onnx-graphs.ts';

/** Parts of these sizes along an axis, each an output. */
const parted = (sizes: readonly number[], axis: number): Graph => {
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  return graphOf((g, x) => [...split(g, x, sizes, axis)], [2, 3].toSpliced(axis, 0, whole));
};

test('a Split of many parts becomes several of at most so many, with the same parts, bit for bit', async () => {
  const some = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 70 }),
    axis: fc.nat(2),
    most: fc.integer({ min: 2, max: 9 }),
  });
  await fc.assert(
    fc.asyncProperty(some, async ({ sizes, axis, most }) => {
      const graph = parted(sizes, axis);
      const staged = splitInStages(graph, most);
      const counts = staged.nodes.map(({ outputs }) => outputs.length);
      expect(Math.max(...counts)).toBeLessThanOrEqual(most);
      if (sizes.length <= most) expect(staged.nodes).toEqual(graph.nodes);
      expect(bits(await evaluate(staged))).toEqual(bits(await evaluate(graph)));
    }),
    { numRuns: 40 },
  );
});

test('as many stages as it takes: fifty parts, seven at a time', () => {
  const graph = parted(new Array(50).fill(1), 1);
  const staged = splitInStages(graph);
  const made = producers(staged);
  const depth = (value: Value): number => {
    const node = made.get(value);
    return node === undefined ? 0 : 1 + depth(node.inputs[0]!);
  };
  // 50 parts in 7 groups of 7 or 8: those of 8 need a third stage.
  expect(Math.max(...staged.outputs.map(({ value }) => depth(value)))).toBe(3);
  expect(staged.outputs).toEqual(graph.outputs);
});
