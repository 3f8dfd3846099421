import { createRng, type Rng } from '../../../src/core/rng.ts';
import { initialise, layoutOf, unpack } from '../../../src/engine/parameters.ts';
import type { Tensors } from '../../../src/engine/program.ts';
import { runEager } from '../../../src/engine/run-eager.ts';
import { tf } from '../../../src/engine/tf.ts';
import type { ModelConfig } from '../../../src/world-model/config.ts';
import { parseModelConfig } from '../../../src/world-model/config.ts';
import type { SlotWindows } from '../../../src/world-model/losses/slot-window-loss.ts';
import type { Windows } from '../../../src/world-model/losses/window-loss.ts';
import { bindWorldModel, type WorldModel, worldModelSpecs } from '../../../src/world-model/world-model.ts';

const common = {
  format: 'amitable.model/1',
  action: { low: [-1, -1], high: [1, 1] },
  actionRepeat: 1,
  inverseHidden: [6],
  probeHidden: [5],
  planner: { name: 'cem', options: {} },
};

const flatConfig: ModelConfig = parseModelConfig(
  {
    ...common,
    world: 'two-rooms',
    frame: [8, 8, 2],
    encoder: {
      kind: 'strided-convolution',
      inputSize: 8,
      channelMean: [0, 0],
      channelScale: [1, 1],
      channels: [2],
      latentSize: 8,
    },
    predictor: { kind: 'residual-mlp', hidden: [7] },
  },
  'fixture',
);

const slotConfig: ModelConfig = parseModelConfig(
  {
    ...common,
    world: 'tabletop',
    frame: [8, 8, 3],
    encoder: {
      kind: 'colour-slots',
      background: [0, 0, 0],
      prototypes: [
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
      ],
      cropSize: 4,
      cropHidden: [4],
      hidden: 4,
      whatSize: 6,
    },
    predictor: { kind: 'interaction', pusherHidden: [5], width: 7, messageWidth: 4 },
  },
  'fixture',
);

const windows = 4;
const normals = (rng: Rng, ...shape: number[]) =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.normal()),
    shape,
  );

/** Latents, actions and labels drawn from a fixed seed: what a loss is given, whatever encoded it. */
export const flatOffsets = [0, 1, 2, 3];
export function flatBatch(): Windows {
  const rng = createRng(7, 'flat-windows');
  return {
    teacher: null,
    noise: {},
    encoded: normals(rng, windows, flatOffsets.length, 1, 8),
    actions: normals(rng, windows, 3, 2),
    labels: normals(rng, windows, flatOffsets.length, 1, 2),
  };
}

export const slotOffsets = [0, 1, 2, 4];
export function slotBatch(): SlotWindows {
  const rng = createRng(7, 'slot-windows');
  return {
    teacher: null,
    noise: {},
    encoded: normals(rng, windows, slotOffsets.length, 3, 8),
    actions: normals(rng, windows, 4, 2),
    labels: normals(rng, windows, slotOffsets.length, 3, 2),
    headings: normals(rng, windows, slotOffsets.length, 3, 4),
    headingMask: tf.step(normals(rng, windows, slotOffsets.length, 3, 4)),
    presence: tf.tensor([1, 0, 1, 1, 0, 1, 1, 1], [windows, 2]),
  };
}

/** A loss on a model of fixed random parameters, eagerly: every scalar by name. */
export async function evaluateLoss(
  kind: 'flat' | 'slot',
  loss: (model: WorldModel) => { readonly loss: tf.Tensor; readonly metrics: Tensors },
): Promise<Record<string, number>> {
  const config = kind === 'flat' ? flatConfig : slotConfig;
  const layout = layoutOf(worldModelSpecs(config));
  const rng = createRng(7, 'parameters');
  const values = initialise(layout, rng).map(() => 0.5 * rng.normal());
  const result = await runEager(
    {
      name: 'loss',
      inputs: { parameters: { shape: [layout.size] } },
      run({ parameters }) {
        const { loss: total, metrics } = loss(bindWorldModel(config, unpack(parameters!, layout)));
        return { loss: total, ...metrics };
      },
    },
    { parameters: values },
    { backend: 'cpu' },
  );
  return Object.fromEntries(Object.entries(result).map(([name, [value]]) => [name, value!]));
}
