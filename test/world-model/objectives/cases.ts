import { createRng, type Rng } from '../../../src/core/rng.ts';
import type { Tensors } from '../../../src/engine/program.ts';
import { runEager } from '../../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import type { LatentWindows } from '../../../src/world-model/objectives/objective.ts';

/** Latents as nested arrays, or by shape and a draw. */
export interface Latents {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function draw(shape: readonly number[], rng: Rng, value: (rng: Rng) => number = (r) => r.normal()): Latents {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: Float32Array.from({ length: size }, () => value(rng)) };
}

export const drawn = (shape: readonly number[], seed: number, std = 1): Latents =>
  draw(shape, createRng(seed, 'latents'), (rng) => std * rng.normal());

export const given = (shape: readonly number[], values: readonly number[]): Latents => ({
  shape,
  values: Float32Array.from(values),
});

/** Windows of an objective as arrays; the rest is null or empty. */
export interface WindowArrays {
  readonly encoded: Latents;
  readonly imagined: readonly Latents[];
  readonly teacher?: Latents;
  readonly presence?: Latents;
  readonly noise?: Readonly<Record<string, Latents>>;
}

/** A function of named arrays, eagerly on the `cpu` backend: every result by name. */
export async function evaluate(
  arrays: Readonly<Record<string, Latents>>,
  run: (tensors: Tensors) => Tensors,
): Promise<Record<string, Float32Array>> {
  const inputs = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, { shape }]));
  const feeds = Object.fromEntries(Object.entries(arrays).map(([name, { values }]) => [name, values]));
  return (await runEager({ name: 'case', inputs, run }, feeds, { backend: 'cpu' })) as Record<string, Float32Array>;
}

/** A scalar function of named arrays. */
export async function scalar(
  arrays: Readonly<Record<string, Latents>>,
  run: (tensors: Tensors) => Tensor,
): Promise<number> {
  return (await evaluate(arrays, (tensors) => ({ result: run(tensors) }))).result![0]!;
}

/** Windows as tensors. */
export function toWindows({ encoded, imagined, teacher, presence, noise = {} }: WindowArrays): LatentWindows {
  const tensor = ({ shape, values }: Latents): Tensor => tf.tensor(values, [...shape]);
  return {
    encoded: tensor(encoded),
    imagined: imagined.map(tensor),
    teacher: teacher === undefined ? null : tensor(teacher),
    presence: presence === undefined ? null : tensor(presence),
    noise: Object.fromEntries(Object.entries(noise).map(([name, latents]) => [name, tensor(latents)])),
  };
}

/** What an objective makes of windows. */
export async function judge(
  loss: (windows: LatentWindows) => { readonly loss: Tensor; readonly metrics: Tensors },
  windows: WindowArrays,
): Promise<Record<string, number>> {
  const results = await evaluate({}, () => {
    const { loss: total, metrics } = loss(toWindows(windows));
    return { loss: total, ...metrics };
  });
  return Object.fromEntries(Object.entries(results).map(([name, [value]]) => [name, value!]));
}
