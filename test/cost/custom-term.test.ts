import fc from 'fast-check';
import atDistance from '../../examples/at-distance.ts';
import { UsageError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import type { Point, TermSpec } from '../../src/core/task.ts';
import { createTerm } from '../../src/cost/create-term.ts';
import { type CustomTerm, customTerm, largestResidual, registerTerm } from '../../src/cost/custom-term.ts';
import { parseTask } from '../../src/cost/task-schema.ts';
import { compile } from '../../src/engine/compile.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';
import { createOrdering, rank } from '../../src/planner/population.ts';
import { bindingOf, costProgram, feedsOf, instructionOf, judge, smallCost, smallShape, still } from './imagined.ts';

registerTerm(atDistance);
const fire = { radius: 0.2, tolerance: 0.01 };
const spec: TermSpec = { term: 'custom', use: 'at-distance', with: { of: 'cup', from: 'fire', ...fire } };
const here = { batch: 1, samples: 1 };
const targets = { fire: [0.5, 0.5] as Point };

describe('a custom term', () => {
  it('is a term like any other: its residual over the steps, times its weight, with the approach to its object', async () => {
    // 0.3 from the fire is 0.1 too far, less the tolerance: 0.09 + 0.09; the pusher is 0.5 away: 0.8 * (0.5 - 0.1).
    const positions = still([
      [0.8, 1],
      [0.8, 0.5],
      [0, 0],
    ]);
    const cost = smallCost({ objective: [{ ...spec, weight: 2 }] });
    const instruction = instructionOf([{ ...spec, weight: 2 }], { targets });
    const { cost: values } = await judge(cost, { ...here, positions }, bindingOf(instruction, { focus: 1 }));
    expect(values[0]).toBeCloseTo(2 * (0.18 + 0.32), 5);
  });

  it('compiles to what it computes', async () => {
    const rng = createRng(1, 'custom');
    const imagined = {
      batch: 1,
      samples: 5,
      positions: Float32Array.from({ length: 5 * 4 * 3 * 2 }, () => rng.uniform()),
    };
    const cost = smallCost({ objective: [spec] });
    const feeds = feedsOf(cost, imagined, [bindingOf(instructionOf([spec], { targets }))]);
    const program = costProgram(cost, imagined);
    const executable = await compile(program, {});
    const compiled = await executable.run(feeds);
    const eager = await runEager(program, feeds);
    for (const name of ['cost', 'violation']) {
      for (const [i, value] of eager[name]!.entries()) expect(compiled[name]![i]).toBeCloseTo(value, 5);
    }
    await executable.dispose();
  });

  it('says how far its object is from done by the same measure', async () => {
    const { subject } = createTerm(spec, smallShape);
    const rng = createRng(2, 'custom');
    for (let round = 0; round < 20; round++) {
      const position: Point = [rng.uniform(), rng.uniform()];
      const seen = [position, position, position].map((at) => ({ position: at, heading: null }));
      const instruction = instructionOf([{ ...spec, steps: 'last' }], { targets });
      const cost = smallCost({ objective: instruction.objective });
      const { cost: values } = await judge(
        cost,
        { ...here, positions: still(Array(3).fill(position)) },
        bindingOf(instruction),
      );
      expect(subject!.residualAt(seen[1]!, instruction, seen)).toBeCloseTo(values[0]!, 4);
    }
  });
});

type Entity = { readonly position: Tensor };

/** Says the same of everything. */
const constant = (name: string, value: number): CustomTerm => ({
  name,
  parameters: { of: 'entity' },
  residual: ({ of }, { tf }) => tf.fill((of as Entity).position.shape.slice(0, 3), value),
});

describe('no custom term weakens a guardrail', () => {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -1e30, 1e30, -5, 0];

  it.each(values)('a residual of %d counts between nothing and the most', async (value) => {
    const name = `constant-${values.findIndex((each) => Object.is(each, value))}`;
    registerTerm(constant(name, value));
    const objective: TermSpec[] = [{ term: 'custom', use: name, with: { of: 'cup' }, steps: 'last' }];
    const cost = smallCost({ objective });
    const program = costProgram(cost, here);
    const feeds = feedsOf(cost, here, [bindingOf(instructionOf(objective))]);
    const expected = value <= 0 ? 0 : largestResidual;
    expect((await runEager(program, feeds)).cost![0]).toBe(expected);
    const executable = await compile(program, {});
    expect((await executable.run(feeds)).cost![0]).toBe(expected);
    await executable.dispose();
  });

  it('leaves what is said of guardrails as it is, and every safe plan before every unsafe one', async () => {
    // Damns the left half of the table with NaN and praises the right one, where the zone is.
    registerTerm({
      name: 'into-the-zone',
      parameters: { of: 'entity' },
      residual({ of }) {
        const { position } = of as Entity;
        const x = tf.squeeze(tf.slice(position, [0, 0, 0, 0], [-1, -1, -1, 1]), [3]);
        return tf.where(tf.less(x, 0.5), tf.fill(x.shape, Number.NaN), tf.fill(x.shape, -1e9));
      },
    });
    const guardrails = [{ kind: 'keep-out', who: 'pusher', region: { x: [0.5, 1], y: [0, 1] } }] as const;
    const plain: TermSpec[] = [{ term: 'distance', of: 'pusher', to: [0.9, 0.5] }];
    const tempted: TermSpec[] = [{ term: 'custom', use: 'into-the-zone', with: { of: 'pusher' }, weight: 1e6 }];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 }),
        async (xs) => {
          const positions = xs.flatMap((x) =>
            still([
              [x, 0.5],
              [0.1, 0.1],
              [0.1, 0.9],
            ]),
          );
          const imagined = { batch: 1, samples: xs.length, positions };
          const scores = async (objective: TermSpec[]) =>
            judge(smallCost({ objective, guardrails }), imagined, bindingOf(instructionOf(objective, { guardrails })));
          const [honest, lied] = [await scores(plain), await scores(tempted)];
          expect(lied.violation).toEqual(honest.violation);
          const candidates = xs.map((_, i) => ({
            actions: new Float32Array(0),
            cost: lied.cost[i]!,
            violation: lied.violation[i]!,
          }));
          const order = rank(candidates, createOrdering(candidates, 0.5)).map(({ violation }) => violation > 0);
          expect(order).toEqual([...order].sort());
        },
      ),
      { numRuns: 20 },
    );
  });

  it('refuses a residual of another shape', async () => {
    registerTerm({ name: 'flat', parameters: {}, residual: (_, { tf }) => tf.zeros([1]) });
    const objective: TermSpec[] = [{ term: 'custom', use: 'flat' }];
    const cost = smallCost({ objective });
    await expect(judge(cost, here, bindingOf(instructionOf(objective)))).rejects.toThrow(
      "the custom term 'flat' must return one residual for each imagined step, [1,1,4], got [1]",
    );
  });
});

describe('registering', () => {
  const term: CustomTerm = { name: 'a-term', parameters: {}, residual: (_, { tf }) => tf.zeros([1]) };

  it('takes the same term twice, and no other of its name', () => {
    registerTerm(term);
    registerTerm(term);
    expect(customTerm('a-term')).toBe(term);
    expect(() => registerTerm({ ...term })).toThrow("two custom terms named 'a-term'");
  });

  it.each<[string, unknown]>([
    ['to be an object', null],
    ['a name of lower-case words', { ...term, name: 'A Term' }],
    ["'residual'", { ...term, name: 'b', residual: 1 }],
    ["'parameters'", { ...term, name: 'b', parameters: undefined }],
    ["kind of parameter 'x'", { ...term, name: 'b', parameters: { x: 'enitty' } }],
    ["'about.entity'", { ...term, name: 'b', about: { entity: 'x', left: () => 0 } }],
    ["'about.left'", { ...term, name: 'b', parameters: { x: 'entity' }, about: { entity: 'x' } }],
  ])('needs %s', (what, wrong) => {
    expect(() => registerTerm(wrong as CustomTerm)).toThrow(UsageError);
    expect(() => registerTerm(wrong as CustomTerm)).toThrow(what);
  });

  it('names what is wrong with the parameters that a task gives', () => {
    const task = (values: object, use = 'at-distance') => ({
      id: 'pot',
      scene: { objects: [{ name: 'pot', shape: 'disc', colour: 'red' }], targets: { fire: { at: [0.5, 0.5] } } },
      objective: [{ term: 'custom', use, with: values }],
      success: { all: [{ near: ['pot', 'fire'], within: 0.3 }], when: 'final-step' },
      budgetSteps: 10,
    });
    const fine = { of: 'pot', from: 'fire', radius: 0.2, tolerance: 0 };
    expect(parseTask(task(fine), 'a.yaml').id).toBe('pot');
    const problem = (values: object, use?: string) => () => parseTask(task(values, use), 'a.yaml');
    expect(problem({ ...fine, of: 'pto' })).toThrow(
      "objective[0].with.of: 'pto' is no entity of the scene. Did you mean 'pot'?",
    );
    expect(problem({ ...fine, from: 'fier' })).toThrow("objective[0].with.from: 'fier' is no target of the scene");
    expect(problem({ ...fine, radius: 'wide' })).toThrow("objective[0].with.radius: must be a number, got 'wide'");
    expect(problem({ of: 'pot', from: 'fire', radius: 0.2 })).toThrow('objective[0].with.tolerance: is missing');
    expect(problem({ ...fine, raduis: 1 })).toThrow("is no parameter of 'at-distance'. Did you mean 'radius'?");
    expect(problem(fine, 'at-distanc')).toThrow("unknown custom term 'at-distanc'. Did you mean 'at-distance'?");
  });
});
