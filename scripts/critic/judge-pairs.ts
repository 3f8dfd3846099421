import { RunError } from '../../src/core/errors.ts';
import { createRng } from '../../src/core/rng.ts';
import { compile } from '../../src/engine/compile.ts';
import { constants } from '../../src/engine/parameters.ts';
import type { CompileOptions } from '../../src/engine/program.ts';
import { encodeTrajectories } from '../../src/training/latent-windows.ts';
import { emptyTrajectories } from '../../src/training/two-rooms-windows.ts';
import { latentSize } from '../../src/world-model/config.ts';
import { remainingSteps } from '../../src/world-model/critic/critic.ts';
import type { StoredModel } from '../../src/world-model/decode-model.ts';
import { drawPair, type Pair } from './true-steps.ts';

/** A pair of places as it looks to a model. */
export interface JudgedPair extends Pair {
  /** Predictor steps, says the critic. */
  readonly told: number;
  /** Root mean square over dimensions. */
  readonly latentDistance: number;
}

/** Pairs of places from a stream of their own, seen through the encoder; what its critic says of them. */
export async function judgePairs(
  model: StoredModel,
  count: number,
  seed: number,
  options: CompileOptions,
): Promise<JudgedPair[]> {
  const { config, critic } = model;
  if (critic === undefined) throw new RunError(`the model in '${model.directory}' has no critic`);
  const rng = createRng(seed, 'critic', 'pairs');
  const pairs = Array.from({ length: count }, () => drawPair(rng));
  const frames = config.actionRepeat + 1;
  const both = emptyTrajectories(count, frames);
  for (const [i, { layout, from, to }] of pairs.entries()) {
    both.wallX[i] = layout.wallX;
    both.doorY[i] = layout.doorY;
    both.positions.set(from, 2 * i * frames);
    both.positions.set(to, 2 * (i * frames + frames - 1));
  }
  const { latents } = await encodeTrajectories(model, both, options);
  const size = latentSize(config);
  const row = (i: number): Float32Array => latents.subarray(i * size, (i + 1) * size);
  const [from, to] = [0, 1].map((side) => Float32Array.from(pairs.flatMap((_, i) => [...row(2 * i + side)])));
  const asked = await compile(
    {
      name: 'critic',
      inputs: { from: { shape: [count, size] }, to: { shape: [count, size] } },
      run: ({ from: latent, to: goal }) => ({
        told: remainingSteps(constants(critic.parameters, critic.layout), latent!, goal!),
      }),
    },
    options,
  );
  const { told } = await asked.run({ from: from!, to: to! });
  await asked.dispose();
  return pairs.map((pair, i): JudgedPair => {
    const squares = row(2 * i).map((value, k) => (value - row(2 * i + 1)[k]!) ** 2);
    const latentDistance = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / size);
    return { ...pair, told: told![i]!, latentDistance };
  });
}
