import type { Frame } from '../../core/contracts.ts';
import { compile } from '../../engine/compile.ts';
import { constants, type ParameterLayout } from '../../engine/parameters.ts';
import type { CompileOptions } from '../../engine/program.ts';
import type { ModelConfig } from '../../world-model/config.ts';
import { latentSize } from '../../world-model/config.ts';
import { bindWorldModel, slotCount } from '../../world-model/world-model.ts';

/** A film as a world model sees it: latents of its things, frame by frame. */
export interface SeenFilm {
  /** [T, N, D] of the things that are there, the pusher first. */
  readonly latents: Float32Array;
  readonly frames: number;
}

/** How wrong a world model was about each step of a film, given what was done in it. */
export interface StepExpectations {
  /** Encodes a film of `frames` frames; its things are those that its first frame shows. */
  see(frames: readonly Frame[]): Promise<SeenFilm>;
  /**
   * Mean squared error of the latents expected one step ahead, of each thing: [T - 1][N].
   * @param actions One a step.
   */
  surprise(film: SeenFilm, actions: readonly ArrayLike<number>[]): Promise<number[][]>;
  dispose(): Promise<void>;
}

export interface StepExpectationsOptions extends CompileOptions {
  readonly config: ModelConfig;
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array;
  /** Frames of a film. */
  readonly frames: number;
  /** Things that a film shows, the pusher among them. */
  readonly things: number;
}

/**
 * Surprise given actions: a model that plans imagines one step from each frame of a film under the action that was
 * taken there, and is compared with what the next frame shows, in latent space. One frame is its whole context: on the
 * table all is at rest between steps.
 */
export async function createStepExpectations({
  config,
  layout,
  parameters,
  frames: count,
  things,
  ...options
}: StepExpectationsOptions): Promise<StepExpectations> {
  const size = latentSize(config);
  const slots = slotCount(config);
  const bind = () => bindWorldModel(config, constants(parameters, layout));
  const encoder = await compile(
    {
      name: 'see-film',
      inputs: { frames: { shape: [count, ...config.frame] } },
      run({ frames }) {
        const model = bind();
        return { latents: model.encode(frames!), mass: model.measure(frames!)!.mass };
      },
    },
    options,
  );
  const steps = count - 1;
  const imagination = await compile(
    {
      name: 'expect-steps',
      inputs: {
        latents: { shape: [steps, things, size] },
        actions: { shape: [steps, config.action.low.length] },
      },
      run: ({ latents, actions }) => ({ expected: bind().predict(latents!, actions!) }),
    },
    options,
  );
  const pixels = new Float32Array(count * config.frame.reduce((product, length) => product * length, 1));
  return {
    async see(frames) {
      frames.forEach(({ data }, i) => {
        pixels.set(data, i * data.length);
      });
      const { latents, mass } = (await encoder.run({ frames: pixels })) as Record<string, Float32Array>;
      // The pusher's slot is the first; the others are those that cover most.
      const objects = Array.from({ length: slots - 1 }, (_, k) => k + 1)
        .sort((a, b) => mass![b]! - mass![a]! || a - b)
        .slice(0, things - 1)
        .sort((a, b) => a - b);
      const kept = new Float32Array(count * things * size);
      for (let t = 0; t < count; t++) {
        for (const [n, slot] of [0, ...objects].entries()) {
          const from = (t * slots + slot) * size;
          kept.set(latents!.subarray(from, from + size), (t * things + n) * size);
        }
      }
      return { latents: kept, frames: count };
    },
    async surprise({ latents }, actions) {
      const perFrame = things * size;
      const { expected } = (await imagination.run({
        latents: latents.subarray(0, steps * perFrame),
        actions: Float32Array.from(actions.flatMap((action) => Array.from(action))),
      })) as Record<string, Float32Array>;
      return Array.from({ length: steps }, (_, t) =>
        Array.from({ length: things }, (_, n) => {
          let sum = 0;
          for (let i = 0; i < size; i++) {
            const at = t * perFrame + n * size + i;
            sum += (expected![at]! - latents[at + perFrame]!) ** 2;
          }
          return sum / size;
        }),
      );
    },
    async dispose() {
      await encoder.dispose();
      await imagination.dispose();
    },
  };
}
