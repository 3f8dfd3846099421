import { concatenate } from '../core/concatenate.ts';
import type { GradientScores, Rollout, Scorer, Scores } from '../core/contracts.ts';
import type { Point } from '../core/task.ts';
import type { CompiledCost } from '../cost/compile-cost.ts';
import { compile } from '../engine/compile.ts';
import { differentiate } from '../engine/differentiate.ts';
import { constants } from '../engine/parameters.ts';
import type { CompileOptions, Executable, TensorSpec, Tensors } from '../engine/program.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { latentSize, type ModelConfig } from '../world-model/config.ts';
import { remainingSteps } from '../world-model/critic/critic.ts';
import type { StoredCritic } from '../world-model/decode-model.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { disagreementOf } from '../world-model/predictors/ensemble.ts';
import { bindWorldModel, type Drawing, headingSize, type WorldModel } from '../world-model/world-model.ts';
import { createSeen } from './seen-candidates.ts';

/** One episode's present: where imagination starts and what it is judged by. */
export interface Present {
  /** [N, D] */
  readonly latent: Float32Array;
  /** [N, P] Which of a flat latent's things each entity is, one-hot: see `chooseThings`. Absent where it has one. */
  readonly things?: Float32Array;
  /** The cost's inputs, bound for this decision. */
  readonly cost: Readonly<Record<string, Float32Array>>;
}

/**
 * The one place where dynamics and cost are joined. A planner sees only the `Scorer` that comes out: candidates
 * in, costs and violations out, the rollouts of all candidates over all steps and their cost being one graph call.
 */
export interface Imagination {
  scorer(presents: readonly Present[], cost: CompiledCost): Scorer;
  /** Predicted positions under one action sequence [H, A]: [H + 1][N]. Those of a scored candidate are remembered. */
  foresee(present: Present, actions: Float32Array): Promise<Point[][]>;
  /**
   * Predicted positions under many action sequences [S, H, A], for pictures of a search: [S, H + 1, N, 2], table widths.
   * Those of scored candidates are remembered.
   */
  preview(present: Present, candidates: Float32Array, samples: number): Promise<Float32Array>;
  /** [N, D] The latent after the first predictor step of one action sequence [H, A]: what the next look should find. */
  expect(present: Present, actions: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface ImaginationOptions extends CompileOptions {
  readonly model: StoredModel;
  readonly slots: number;
  readonly horizon: number;
}

/** Latents of a present with so many entities: one each, or one flat one for all. */
export function latentCount({ encoder }: ModelConfig, entities: number): number {
  return encoder.kind === 'colour-slots' ? entities : 1;
}

/** Which thing of a flat latent each entity is, [N, P] one-hot; null for models that have but one, or slots. */
export function chooseThings({ things }: ModelConfig, entities: readonly number[]): Float32Array | null {
  if (things === undefined) return null;
  const chosen = new Float32Array(entities.length * things.length);
  entities.forEach((thing, i) => {
    chosen[i * things.length + thing] = 1;
  });
  return chosen;
}

export function createImagination({ model, slots, horizon, ...options }: ImaginationOptions): Imagination {
  const { config, layout, parameters, critic } = model;
  const size = latentSize(config);
  const width = config.action.low.length;
  const compiled = new Map<string, Promise<Executable>>();
  const seen = createSeen(horizon * width);
  // Slots hold places as numbers; a flat latent has to be probed for them, which is no small part of a search.
  const measured = config.encoder.kind === 'colour-slots';

  const graph = (
    key: string,
    samples: number,
    extra: Readonly<Record<string, TensorSpec>>,
    outputs: (imagine: Imagine, candidates: Tensor, inputs: Tensors) => Tensors,
  ): Promise<Executable> => {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const fresh = compile(
      {
        name: 'imagine',
        inputs: {
          latent: { shape: [1, latentCount(config, slots), size] },
          ...(config.things && { things: { shape: [1, slots, config.things.length] } }),
          candidates: { shape: [1, samples, horizon, width] },
          ...Object.fromEntries(
            Object.entries(extra).map(([name, spec]) => [name, { ...spec, shape: [1, ...spec.shape] }]),
          ),
        },
        run: ({ latent, candidates, things, ...rest }) => {
          const bound = bindWorldModel(config, constants(parameters, layout));
          return outputs((actions) => rollOut(bound, critic, latent!, actions, things ?? null), candidates!, rest);
        },
      },
      options,
    );
    compiled.set(key, fresh);
    return fresh;
  };

  /** One call an episode: rows of different episodes never share a kernel, so a batch's size changes nothing. */
  const runEach = async (
    executable: Executable,
    presents: readonly Present[],
    candidates: Float32Array,
    more: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<string, Float32Array>> => {
    const results: Record<string, Float32Array> = {};
    const block = candidates.length / presents.length;
    for (const [episode, present] of presents.entries()) {
      const own = candidates.subarray(episode * block, (episode + 1) * block);
      const result = await executable.run({ ...startOf(present), candidates: own, ...present.cost, ...more });
      for (const [name, values] of Object.entries(result)) {
        results[name] ??= new Float32Array(presents.length * values.length);
        results[name].set(values as Float32Array, episode * values.length);
      }
    }
    return results;
  };

  const positionsUnder = async (present: Present, candidates: Float32Array, samples = 1): Promise<Float32Array> => {
    const executable = await graph(`foresee/${samples}`, samples, {}, (imagine, actions) => ({
      positions: imagine(actions).positions!,
    }));
    const { positions } = await executable.run({ ...startOf(present), candidates });
    return positions as Float32Array;
  };

  return {
    scorer: (presents, cost) => ({
      async score(candidates, samples): Promise<Scores> {
        const executable = await graph(
          `${cost.signature}/${samples}`,
          samples,
          cost.inputs,
          (imagine, actions, bound) => {
            const rollout = imagine(actions);
            const { positions } = rollout;
            return { ...tensorsOf(cost.evaluate(rollout, bound)), ...(measured && positions && { positions }) };
          },
        );
        const { cost: costs, violation, positions } = await runEach(executable, presents, candidates);
        if (positions !== undefined) seen.note(presents, candidates, positions);
        return { cost: costs!, violation: violation! };
      },
      async scoreWithGradient(candidates, samples, penalty): Promise<GradientScores> {
        const executable = await graph(
          `${cost.signature}/${samples}/gradient`,
          samples,
          { ...cost.inputs, penalty: { shape: [1] } },
          (imagine, actions, { penalty: weight, ...bound }) => {
            const { beside, gradients } = differentiate(() => {
              const scores = cost.evaluate(imagine(actions), bound);
              // Candidates share nothing, so the derivative of their sum is that of each.
              const value = tf.add(scores.cost, tf.mul(scores.violation, weight!));
              return { value, beside: tensorsOf(scores) };
            }, [actions]);
            return { ...beside, gradient: gradients[0] ?? tf.zerosLike(actions) };
          },
        );
        const more = { penalty: Float32Array.of(penalty) };
        const { cost: costs, violation, gradient } = await runEach(executable, presents, candidates, more);
        return { cost: costs!, violation: violation!, gradient: gradient! };
      },
    }),
    async foresee(present, actions) {
      const positions = seen.find(present, actions) ?? (await positionsUnder(present, actions));
      return Array.from({ length: horizon + 1 }, (_, step) =>
        Array.from({ length: slots }, (_, slot): Point => {
          const at = 2 * (step * slots + slot);
          return [positions[at]!, positions[at + 1]!];
        }),
      );
    },
    async preview(present, candidates, samples) {
      const own = Array.from({ length: samples }, (_, s) =>
        candidates.subarray((s * candidates.length) / samples, ((s + 1) * candidates.length) / samples),
      );
      const known = own.map((actions) => seen.find(present, actions));
      if (!known.includes(null)) return concatenate(known as Float32Array[]);
      return positionsUnder(present, candidates, samples);
    },
    async expect(present, actions) {
      const executable = await graph('expect', 1, {}, (imagine, candidates) => {
        const first = tf.slice(candidates, [0, 0, 0, 0], [1, 1, 1, -1]);
        return { next: tf.slice(imagine(first).latents, [0, 0, 1, 0, 0], [1, 1, 1, -1, -1]) };
      });
      const { next } = await executable.run({ ...startOf(present), candidates: actions });
      return next as Float32Array;
    },
    async dispose() {
      for (const executable of compiled.values()) await (await executable).dispose();
    },
  };
}

/** What will be under candidates [1, S, H, A], from the present on. */
type Imagine = (candidates: Tensor) => Rollout<Tensor>;

function startOf({ latent, things }: Present): Record<string, Float32Array> {
  return things === undefined ? { latent } : { latent, things };
}

/** [1, N, D] rolled forward under [1, S, H, A]; `things` as in `Present`. */
function rollOut(
  model: WorldModel,
  critic: StoredCritic | undefined,
  latent: Tensor,
  candidates: Tensor,
  things: Tensor | null,
): Rollout<Tensor> {
  const [, samples, horizon, width] = candidates.shape as [number, number, number, number];
  const [, slots, size] = latent.shape as [number, number, number];
  const steps = tf.split(tf.reshape(candidates, [samples, horizon * width]), horizon, 1);
  const imagined = model.imagine(tf.tile(latent, [samples, 1, 1]), steps);
  const probe = (latents: Tensor) => model.probe(tf.reshape(latents, [samples * (horizon + 1), slots, size]));
  const placesOf = (position: Tensor): Tensor => (things === null ? position : choose(position, things));
  const stack = (each: readonly Tensor[]): Tensor =>
    tf.reshape(tf.concat([...each], 1), [samples, horizon + 1, slots, size]);
  const latents = stack(imagined.latents);
  const { position, heading } = probe(latents);
  const shape = [1, samples, horizon + 1];
  const { drawing } = model;
  return {
    latents: tf.reshape(latents, [...shape, slots, size]),
    positions: tf.reshape(placesOf(position), [...shape, -1, 2]),
    headings: heading && tf.reshape(heading, [...shape, slots, headingSize]),
    ...(imagined.heads.length === 1
      ? {}
      : {
          disagreement: tf.reshape(disagreementOf(imagined.heads.map((own) => placesOf(probe(stack(own)).position))), [
            ...shape,
            -1,
          ]),
        }),
    actions: candidates,
    ...(drawing && { draw: (some: Tensor) => drawAll(drawing, some) }),
    ...(critic === undefined ? {} : { remaining: (some, goal) => remainingTo(critic, some, goal) }),
  };
}

/** Positions [R, P, 2] of the chosen things, [1, N, P]: [R, N, 2]. */
function choose(positions: Tensor, things: Tensor): Tensor {
  const [rows] = positions.shape as [number, number, number];
  return tf.matMul(tf.tile(things, [rows, 1, 1]), positions);
}

/** [B, S, T, 1, D] -> [B, S, T, height, width, C] */
function drawAll({ draw }: Drawing, latents: Tensor): Tensor {
  const [batch, samples, steps, , size] = latents.shape as [number, number, number, number, number];
  const pictures = draw(tf.reshape(latents, [-1, 1, size]));
  return tf.reshape(pictures, [batch, samples, steps, ...pictures.shape.slice(1)]);
}

/** What the critic says of latents [1, S, T, N, D], on the way to one goal [1, 1, 1, N, D]: [1, S, T]. */
function remainingTo({ layout, parameters }: StoredCritic, latents: Tensor, goal: Tensor): Tensor {
  const [, samples, steps, slots, size] = latents.shape as [number, number, number, number, number];
  const flat = slots * size;
  const left = remainingSteps(
    constants(parameters, layout),
    tf.reshape(latents, [samples * steps, flat]),
    tf.reshape(goal, [1, flat]),
  );
  return tf.reshape(left, [1, samples, steps]);
}

function tensorsOf({ cost, violation }: { readonly cost: Tensor; readonly violation: Tensor }): Tensors {
  return { cost, violation };
}
