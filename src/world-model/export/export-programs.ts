import { constants } from '../../engine/parameters.ts';
import type { Program, TensorSpec, Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { latentSize, type ModelConfig, pictureShape } from '../config.ts';
import type { StoredModel } from '../decode-model.ts';
import { proprioceptionInput } from '../proprioception.ts';
import { bindWorldModel, slotCount, type WorldModel } from '../world-model.ts';

export interface ExportShape {
  /** R: frames, latents or futures in one call. */
  readonly rows: number;
  /** N: slots of a latent. */
  readonly slots: number;
  /** H: predictor steps of a rollout. */
  readonly horizon: number;
}

/** One graph of an exported model, with what its tensors mean. */
export interface ExportProgram {
  readonly program: Program;
  readonly describe: string;
  /** Tensor -> meaning and unit; outputs that this model does not have are left out of the card. */
  readonly meanings: Readonly<Record<string, string>>;
}

const meanings = {
  frames:
    'RGB bytes as floats, 0 ... 255, row-major [rows, height, width, channels]; of several frames, the oldest one’s channels first; normalised inside',
  proprioception:
    "what the pusher's own body tells: x, y in table widths, velocity x, y in table widths a control step, [rows, 4]",
  latent: 'a latent a slot, [rows, slots, size]',
  action: 'one action a row, [rows, action], held for actionRepeat control steps',
  actions: 'actions of the steps ahead, [rows, horizon, action]',
  next: 'the latent after the action, [rows, slots, size]',
  latents: 'latents, [rows, slots, size]; of a rollout [rows, horizon + 1, slots, size], the present first',
  positions: 'where each slot is, table widths, origin top left, y down, [..., slots, 2]',
  headings: 'cos a, sin a, cos 2a, sin 2a up to a factor, a clockwise, [..., slots, 4]',
  mass: 'pixels that a slot covers, [rows, slots]; a colour that is absent covers none',
  radius: 'of the circle around the centre that holds the thing, table widths, [rows, slots]',
} as const;

/** The graphs that make up a model elsewhere: pictures to latents, one step, many steps, latents to quantities. */
export function exportPrograms(model: StoredModel, { rows, slots, horizon }: ExportShape): ExportProgram[] {
  const { config, layout, parameters } = model;
  const size = latentSize(config);
  const actionSize = config.action.low.length;
  const bind = (): WorldModel => bindWorldModel(config, constants(parameters, layout));
  const define = (
    name: string,
    describe: string,
    inputs: Readonly<Record<string, TensorSpec>>,
    run: (model: WorldModel, inputs: Tensors) => Tensors,
  ): ExportProgram => ({ program: { name, inputs, run: (given) => run(bind(), given) }, describe, meanings });

  const latent = { shape: [rows, slots, size] };
  const quantities = (model: WorldModel, of: Tensor): Tensors => {
    const { position, heading } = model.probe(of);
    return { positions: position, ...(heading === null ? {} : { headings: heading }) };
  };
  return [
    define(
      'encoder',
      'Pictures to latents, and what is read of them.',
      { frames: { shape: [rows, ...pictureShape(config)] }, ...proprioceptionInput(config, rows) },
      (model, { frames, proprioception }) => {
        const latents = model.encode(frames!, proprioception);
        return { latents, ...quantities(model, latents), ...model.measure(frames!) };
      },
    ),
    define(
      'predictor',
      'One predictor step that begins with nothing remembered.',
      { latent, action: { shape: [rows, actionSize] } },
      (model, { latent, action }) => ({ next: model.predict(latent!, action!) }),
    ),
    define(
      'rollout',
      'Steps ahead in one call, with what predictors remember on the way.',
      { latent, actions: { shape: [rows, horizon, actionSize] } },
      (model, { latent, actions }) => {
        const steps = Array.from({ length: horizon }, (_, t) =>
          tf.reshape(tf.slice(actions!, [0, t, 0], [-1, 1, -1]), [rows, actionSize]),
        );
        const latents = tf.stack([...model.imagine(latent!, steps).latents], 1);
        const flat = tf.reshape(latents, [rows * (horizon + 1), slots, size]);
        const read = Object.entries(quantities(model, flat)).map(([name, value]) => [
          name,
          tf.reshape(value, [rows, horizon + 1, slots, value.shape.at(-1)!]),
        ]);
        return { latents, ...Object.fromEntries(read) };
      },
    ),
    define('probe', 'Latents to quantities.', { latent }, (model, { latent }) => quantities(model, latent!)),
  ];
}

/** All slots of the encoder, one row, and the horizon that the model is planned with. */
export function defaultExportShape(config: ModelConfig): ExportShape {
  const { horizon } = config.planner.options;
  return { rows: 1, slots: slotCount(config), horizon: typeof horizon === 'number' ? horizon : 8 };
}
