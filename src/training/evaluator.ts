import { compile } from '../engine/compile.ts';
import { type ParameterLayout, unpack } from '../engine/parameters.ts';
import type { CompileOptions, Executable, Program, Values } from '../engine/program.ts';
import type { TrainerState } from '../engine/trainer.ts';
import { collapseMeasures } from '../world-model/objectives/collapse-measures.ts';
import { createObjective } from '../world-model/objectives/create-objective.ts';
import { latentMoments, type MomentName, momentNames } from '../world-model/objectives/latent-moments.ts';
import { noiseOf, withNoise } from './noise.ts';
import type { Recipe } from './recipe.ts';
import type { TrainingData } from './training-data.ts';

export interface EvaluatorOptions extends CompileOptions {
  readonly recipe: Recipe;
  readonly data: TrainingData;
  readonly layout: ParameterLayout;
  readonly seed: number;
}

export interface Evaluator {
  /**
   * Means over held-out windows, without learning from them: the loss, its metrics, `<metric>Chance` for errors that
   * have a best constant guess, and the measures of collapse over all these windows together.
   */
  evaluate(at: Pick<TrainerState, 'parameters' | 'teacher'>): Promise<Record<string, number>>;
  dispose(): Promise<void>;
}

/** Batches that an evaluation averages over. */
const evaluationBatches = 8;

/** What the loss says of held-out windows; compiled when first asked, and asked again and again. */
export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { recipe, data, layout, seed, ...compileOptions } = options;
  const objective = createObjective(recipe.objective);
  const batches = withNoise(data.heldOut, objective.noise(data.objectiveSize), seed, 'held-out');
  const hasTeacher = objective.teacherDecay !== null;
  const program: Program = {
    name: `${recipe.name}-evaluation`,
    inputs: {
      ...batches.inputs,
      parameters: { shape: [layout.size] },
      ...(hasTeacher ? { teacher: { shape: [layout.size] } } : {}),
    },
    run({ parameters, teacher, ...batch }) {
      const { loss, metrics, latents, chance } = data.loss(unpack(parameters!, layout), batch, {
        objective: recipe.objective,
        teacher: teacher === undefined ? {} : unpack(teacher, layout),
        noise: noiseOf(batch),
      });
      return {
        loss,
        ...metrics,
        ...rename(chance(), (metric) => `${metric}Chance`),
        ...rename(latentMoments(latents), (moment) => momentPrefix + moment),
      };
    },
  };

  let compiled: Promise<Executable> | undefined;

  return {
    async evaluate({ parameters, teacher }) {
      compiled ??= compile(program, compileOptions);
      const executable = await compiled;
      const sums: Record<string, Float64Array> = {};
      for (let batch = 0; batch < evaluationBatches; batch++) {
        const feeds = {
          ...batches.batchAt(batch),
          parameters,
          ...(hasTeacher ? { teacher: teacher ?? parameters } : {}),
        };
        for (const [output, values] of Object.entries(await executable.run(feeds))) {
          sums[output] ??= new Float64Array(values.length);
          addTo(sums[output], values);
        }
      }
      const means = Object.entries(sums).flatMap(([output, values]) =>
        output.startsWith(momentPrefix) ? [] : [[output, values[0]! / evaluationBatches] as const],
      );
      const moments = Object.fromEntries(momentNames.map((moment) => [moment, sums[momentPrefix + moment]!]));
      return { ...Object.fromEntries(means), ...collapseMeasures(moments as Record<MomentName, Float64Array>) };
    },
    dispose: async () => (await compiled)?.dispose(),
  };
}

const momentPrefix = 'moment.';

function addTo(sum: Float64Array, values: Values): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

function rename<T>(record: Readonly<Record<string, T>>, name: (key: string) => string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [name(key), value]));
}
