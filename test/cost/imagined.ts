import type { Instruction, Rollout } from '../../src/core/contracts.ts';
import type { GuardrailSpec, Point, TermSpec } from '../../src/core/task.ts';
import {
  type CompileCostOptions,
  type CompiledCost,
  type CostBinding,
  compileCost,
} from '../../src/cost/compile-cost.ts';
import type { Program, Tensors, Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../src/engine/tf.ts';

/** The shape of the small scenes in these tests: a pusher and two objects, three imagined steps. */
export const smallShape = {
  entities: ['pusher', 'cup', 'plate'],
  horizon: 3,
  actionSize: 2,
  latentShape: [3, 4] as const,
};

export function instructionOf(
  objective: readonly TermSpec[],
  {
    guardrails = [],
    targets = {},
    entities = smallShape.entities,
  }: {
    guardrails?: readonly GuardrailSpec[];
    targets?: Readonly<Record<string, Point>>;
    entities?: readonly string[];
  } = {},
): Instruction {
  return {
    taskId: 'test',
    objective,
    guardrails,
    targets,
    entities: entities.map((name) => ({ name, colour: [0, 0, 0] })),
    goalFrame: null,
    budgetSteps: 30,
  };
}

/** A cost over the small scene, without margins and sizes unless given. */
export function smallCost(options: Partial<CompileCostOptions> & Pick<CompileCostOptions, 'objective'>): CompiledCost {
  return compileCost({
    ...smallShape,
    guardrails: [],
    hardGuardrails: [],
    margins: { pusher: 0, objects: 0 },
    radii: [0, 0, 0],
    ...options,
  });
}

/** A binding with nothing but the instruction and all steps left. */
export function bindingOf(instruction: Instruction, rest: Partial<CostBinding> = {}): CostBinding {
  return { instruction, goalLatent: null, stepsLeft: 99, focus: null, ...rest };
}

/** Imagined futures of B episodes, S candidates each; zero where nothing is given. */
export interface Imagined {
  readonly batch: number;
  readonly samples: number;
  /** [B, S, H + 1, N, 2] */
  readonly positions?: ArrayLike<number>;
  /** [B, S, H + 1, N, 4] */
  readonly headings?: ArrayLike<number>;
  /** [B, S, H + 1, N, D] */
  readonly latents?: ArrayLike<number>;
  /** [B, S, H, A] */
  readonly actions?: ArrayLike<number>;
}

/** One candidate's positions [H + 1][N] as flat numbers. */
export const flat = (steps: readonly (readonly Point[])[]): number[] => steps.flat(2) as number[];

/** Everything in one place at all steps. */
export const still = (points: readonly Point[]): number[] => flat([points, points, points, points]);

export function costProgram(cost: CompiledCost, { batch, samples }: Pick<Imagined, 'batch' | 'samples'>): Program {
  const { horizon, entities, actionSize, latentShape } = smallShape;
  const lead = [batch, samples];
  const inputs = {
    positions: { shape: [...lead, horizon + 1, entities.length, 2] },
    headings: { shape: [...lead, horizon + 1, entities.length, 4] },
    latents: { shape: [...lead, horizon + 1, ...latentShape] },
    actions: { shape: [...lead, horizon, actionSize] },
    ...Object.fromEntries(Object.entries(cost.inputs).map(([name, { shape }]) => [name, { shape: [batch, ...shape] }])),
  };
  return { name: 'cost', inputs, run: (given) => ({ ...cost.evaluate(rolloutOf(given), given) }) };
}

export const rolloutOf = ({ positions, headings, latents, actions }: Tensors): Rollout<Tensor> => ({
  positions: positions!,
  headings: headings!,
  latents: latents!,
  actions: actions!,
  /** In place of a critic: the squared gap of all latents. */
  remaining: (some, goal) => tf.sum(tf.square(tf.sub(some, goal)), [3, 4]),
});

export function feedsOf(
  cost: CompiledCost,
  imagined: Imagined,
  bindings: readonly CostBinding[],
): Record<string, Values> {
  const { inputs } = costProgram(cost, imagined);
  const bound = bindings.map((binding) => cost.bind(binding));
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { shape }]) => {
      const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
      if (name in cost.inputs) values.set(bound.flatMap((episode) => [...episode[name]!]));
      else values.set(imagined[name as 'positions'] ?? []);
      return [name, values];
    }),
  );
}

/** Costs and violations [B x S] by TensorFlow.js itself. */
export async function judge(
  cost: CompiledCost,
  imagined: Imagined,
  ...bindings: readonly CostBinding[]
): Promise<{ cost: number[]; violation: number[] }> {
  const result = await runEager(costProgram(cost, imagined), feedsOf(cost, imagined, bindings));
  return { cost: [...result.cost!], violation: [...result.violation!] };
}

/** The gradient of an episode's cost or violation with respect to one part of the rollout of one candidate. */
export async function gradientOf(
  cost: CompiledCost,
  part: 'positions' | 'headings' | 'latents' | 'actions',
  of: 'cost' | 'violation',
  imagined: Imagined,
  binding: CostBinding,
): Promise<number[]> {
  const program = costProgram(cost, imagined);
  const result = await runEager(
    {
      ...program,
      run: (given) => ({
        gradient: tf.grad((varied) => tf.sum(cost.evaluate({ ...rolloutOf(given), [part]: varied }, given)[of]))(
          given[part]!,
        ),
      }),
    },
    feedsOf(cost, imagined, [binding]),
  );
  return [...result.gradient!];
}
