import { proprioceptionNames } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { compile } from '../engine/compile.ts';
import { constants } from '../engine/parameters.ts';
import type { CompileOptions, Executable } from '../engine/program.ts';
import { tf } from '../engine/tf.ts';
import type { ColourSlotsConfig, ModelConfig } from '../world-model/config.ts';
import { encodeSlots } from '../world-model/encoders/colour-slots.ts';
import { fuseProprioception, proprioceptionInput } from '../world-model/proprioception.ts';
import { bindWorldModel } from '../world-model/world-model.ts';
import { collectSlotEpisodes } from './collect-slot-episodes.ts';
import { conformalQuantile } from './conformal-quantile.ts';
import type { SlotEpisodes } from './slot-episodes.ts';
import type { TabletopData } from './tabletop-play.ts';
import type { ModelSoFar } from './training-data.ts';

export interface CalibrateOptions extends CompileOptions {
  readonly model: ModelSoFar;
  /** Play like that which the model learned from; its `episodes` does not count. */
  readonly data: TabletopData;
  readonly seed: number;
  readonly episodes: number;
  /** Share of errors that a margin must cover: 1 - alpha. */
  readonly quantile: number;
  /** Threads that play: see `collectSlotEpisodes`. @defaultValue 0 */
  readonly workers?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

const bodySize = proprioceptionNames.length;

/** An object counts as in motion once it went, or was predicted to go, further than this, in table widths. */
const movingDistance = 0.015;

/**
 * Split-conformal calibration of where things are predicted to be, 0 ... H predictor steps ahead (H: the planner's
 * horizon), on episodes of a split that nothing is trained on.
 *
 * An error is the distance from the predicted to the true position, perception's own error included. Windows of an
 * episode depend on each other and episodes do not, so each episode contributes one error to each quantile, of a
 * window drawn at random: then the rank ceil((n + 1)(1 - alpha)) of n errors covers a new episode's with a
 * probability of at least 1 - alpha (Vovk, Gammerman, Shafer, 2005; Lei et al., 2018). Objects count in windows in
 * which they are in motion, by truth or by prediction: those that rest are foretold exactly, and would hide the rest.
 */
export async function calibrate({
  model,
  data,
  seed,
  episodes: count,
  quantile,
  workers = 0,
  onProgress,
  ...options
}: CalibrateOptions): Promise<NonNullable<ModelConfig['calibration']>> {
  const { encoder, planner } = model.config;
  if (encoder.kind !== 'colour-slots') throw new RunError('only models with a slot for each thing can be calibrated');
  const horizon = planner.options.horizon as number;
  if (!(horizon <= data.steps))
    throw new RunError(`play of ${data.steps} steps can't calibrate a planner that looks ${horizon} steps ahead`);
  const played = await collectSlotEpisodes({
    ...{ data, seed, split: 'calibration', count, encoder, workers, ...options },
    ...(onProgress && { onProgress }),
  });
  const rollOut = await createRollOut(model, encoder, played, horizon, options);
  const pusher: number[][] = Array.from({ length: horizon + 1 }, () => []);
  const objects: number[][] = Array.from({ length: horizon + 1 }, () => []);
  for (let episode = 0; episode < count; episode++) {
    const windows = await rollOut.run(episode);
    const rng = createRng(seed, 'calibration', episode);
    for (let step = 0; step <= horizon; step++) {
      pusher[step]!.push(errorAt(windows, rng.integer(windows.starts), step, 0));
      const moving = movingObjects(windows, step);
      if (moving.length > 0) {
        const { start, slot } = rng.pick(moving);
        objects[step]!.push(errorAt(windows, start, step, slot));
      }
    }
  }
  await rollOut.dispose();
  const quantileOf = (errors: readonly number[]): number => conformalQuantile(errors, quantile);
  return {
    quantile,
    episodes: count,
    pusherError: pusher.map(quantileOf),
    objectError: objects.map(quantileOf),
  };
}

/** Every window of one episode: [W, H + 1, N, 2] both, and which of the N slots are filled. */
interface Windows {
  readonly starts: number;
  readonly horizon: number;
  readonly slots: number;
  readonly predicted: Float32Array;
  readonly actual: Float32Array;
  readonly filled: (slot: number) => boolean;
}

function indexOf({ horizon, slots }: Windows, start: number, step: number, slot: number): number {
  return 2 * ((start * (horizon + 1) + step) * slots + slot);
}

function errorAt(windows: Windows, start: number, step: number, slot: number): number {
  const at = indexOf(windows, start, step, slot);
  const { predicted, actual } = windows;
  return Math.hypot(predicted[at]! - actual[at]!, predicted[at + 1]! - actual[at + 1]!);
}

/** Windows and objects that are in motion by a step; at step 0, where none has moved yet, all. */
function movingObjects(windows: Windows, step: number): { readonly start: number; readonly slot: number }[] {
  const moving: { start: number; slot: number }[] = [];
  for (let start = 0; start < windows.starts; start++) {
    for (let slot = 1; slot < windows.slots; slot++) {
      if (!windows.filled(slot)) continue;
      const from = indexOf(windows, start, 0, slot);
      const to = indexOf(windows, start, step, slot);
      const travelled = ({ [from]: x, [from + 1]: y, [to]: toX, [to + 1]: toY }: Float32Array): number =>
        Math.hypot(toX! - x!, toY! - y!);
      if (step === 0 || Math.max(travelled(windows.actual), travelled(windows.predicted)) > movingDistance)
        moving.push({ start, slot });
    }
  }
  return moving;
}

interface RollOut {
  run(episode: number): Promise<Windows>;
  dispose(): Promise<void>;
}

/** Imagines every window of an episode from its first frame on, by the actions alone. */
async function createRollOut(
  { config, layout, parameters }: ModelSoFar,
  encoder: ColourSlotsConfig,
  played: SlotEpisodes,
  horizon: number,
  options: CompileOptions,
): Promise<RollOut> {
  const { steps, slots, cropSize } = played;
  const starts = steps + 1 - horizon;
  const area = cropSize * cropSize;
  const executable: Executable = await compile(
    {
      name: 'calibrate',
      inputs: {
        centroid: { shape: [starts, slots, 2] },
        crop: { shape: [starts, slots, cropSize, cropSize] },
        actions: { shape: [starts, horizon, 2] },
        presence: { shape: [starts, slots - 1] },
        ...proprioceptionInput(config, starts),
      },
      run: ({ centroid, crop, actions, presence, proprioception }) => {
        const bound = constants(parameters, layout);
        const model = bindWorldModel(config, bound);
        const pictured = encodeSlots(bound, { centroid: centroid!, crop: crop! }, encoder);
        const seen = fuseProprioception(config, bound, pictured, proprioception);
        const steps = Array.from({ length: horizon }, (_, step) =>
          tf.reshape(tf.slice(actions!, [0, step, 0], [-1, 1, -1]), [starts, 2]),
        );
        const { latents } = model.imagine(seen, steps, { presence: presence! });
        const places = latents.map((latent) => model.probe(latent).position);
        return { positions: tf.stack(places, 1) };
      },
    },
    options,
  );
  return {
    async run(episode) {
      const frame = episode * (steps + 1);
      const crops = played.crop.subarray(frame * slots * area, (frame + starts) * slots * area);
      const presence = played.presence.subarray(episode * (slots - 1), (episode + 1) * (slots - 1));
      const { positions } = await executable.run({
        centroid: played.centroid.subarray(2 * frame * slots, 2 * (frame + starts) * slots),
        crop: Float32Array.from(crops, (value) => value / 255),
        actions: stack(starts, horizon * 2, (start) =>
          played.actions.subarray(2 * (episode * steps + start), 2 * (episode * steps + start + horizon)),
        ),
        presence: stack(starts, slots - 1, () => presence),
        ...(config.proprioception === undefined
          ? {}
          : { proprioception: played.proprioception.subarray(bodySize * frame, bodySize * (frame + starts)) }),
      });
      const actual = stack(starts, (horizon + 1) * slots * 2, (start) =>
        played.labels.subarray(2 * (frame + start) * slots, 2 * (frame + start + horizon + 1) * slots),
      );
      const filled = (slot: number): boolean => presence[slot - 1] === 1;
      return { starts, horizon, slots, predicted: positions as Float32Array, actual, filled };
    },
    dispose: () => executable.dispose(),
  };
}

function stack(rows: number, size: number, rowAt: (row: number) => Float32Array): Float32Array {
  const stacked = new Float32Array(rows * size);
  for (let row = 0; row < rows; row++) stacked.set(rowAt(row), row * size);
  return stacked;
}
