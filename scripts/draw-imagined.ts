/**
 * What generative models imagine, as a picture: node dist/scripts/draw-imagined.js [--models A,B] [--windows N]
 * [--out FILE.png]. A block a window of held-out play: above the true frames now and 1, 4 and 8 predictor steps later,
 * below what the model draws of the latents that it imagines from the first of them by the actions alone.
 */
import { parseArgs } from 'node:util';
import { generativeModelDirectory } from '../src/agent/create-agent.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { RunError } from '../src/core/errors.ts';
import { encodePng } from '../src/data/encode-png.ts';
import { compile } from '../src/engine/compile.ts';
import { constants } from '../src/engine/parameters.ts';
import { tf } from '../src/engine/tf.ts';
import type { BatchSource } from '../src/training/batch-source.ts';
import { createPictureBatches } from '../src/training/picture-batches.ts';
import { collectPictureEpisodes } from '../src/training/picture-episodes.ts';
import { recipeByName } from '../src/training/recipes.ts';
import { createTwoRoomsBatches, playTrajectories } from '../src/training/two-rooms-windows.ts';
import { pictureShape } from '../src/world-model/decoders/create-decoder.ts';
import { loadModel, type StoredModel } from '../src/world-model/model-store.ts';
import { bindWorldModel } from '../src/world-model/world-model.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    models: {
      type: 'string',
      default: ['tabletop', 'two-rooms'].map((world) => generativeModelDirectory(world as 'tabletop')).join(),
    },
    windows: { type: 'string', default: '4' },
    seed: { type: 'string', default: '0' },
    out: { type: 'string', default: 'runs/imagined.png' },
  },
});
const windows = wholeNumber('windows', values.windows, 1);
const seed = Number(values.seed);

const offsets = [0, 1, 4, 8];
/** Pixels a side of a picture, and between pictures, in the file. */
const [cell, gap] = [96, 4];

/** Windows of play that no model was trained on. */
function windowsOf({ config }: StoredModel): BatchSource {
  const common = { batch: windows, offsets, seed, stream: 'drawn' };
  if (config.world === 'two-rooms') {
    const trajectories = playTrajectories(4 * windows, 91, config.actionRepeat, seed, 'held-out');
    const sources = [{ trajectories, share: 1 }];
    return createTwoRoomsBatches({ ...common, sources, blockLength: config.actionRepeat, frame: config.frame });
  }
  const { data } = recipeByName('tabletop-pixels');
  if (data.kind !== 'tabletop-play' || config.things === undefined) throw new RunError('this model probes no things');
  const episodes = collectPictureEpisodes({
    ...{ data, seed, split: 'held-out', count: 8 * windows, things: config.things, frame: config.frame },
  });
  return createPictureBatches({ ...common, episodes, movingShare: 1, symmetries: false });
}

/** [windows, 4] true pictures and drawn ones, in the units of what the model draws. */
async function imagine(model: StoredModel): Promise<{ readonly seen: Float32Array; readonly drawn: Float32Array }> {
  const source = windowsOf(model);
  const { frames, actions } = source.batchAt(0) as Record<'frames' | 'actions', Float32Array>;
  const { config, layout, parameters } = model;
  const executable = await compile({
    name: 'draw-imagined',
    inputs: { frames: source.inputs.frames!, actions: source.inputs.actions! },
    run: ({ frames: given, actions: taken }) => {
      const bound = bindWorldModel(config, constants(parameters, layout));
      if (bound.drawing === null) throw new RunError(`the model in '${model.directory}' draws nothing`);
      const all = tf.reshape(given!, [windows * offsets.length, ...config.frame]);
      const first = tf.reshape(tf.slice(given!, [0, 0, 0, 0, 0], [-1, 1, -1, -1, -1]), [windows, ...config.frame]);
      const steps = tf.unstack(taken!, 1);
      const { latents } = bound.imagine(bound.encode(first), steps);
      return {
        seen: bound.drawing.read(all),
        drawn: tf.stack(
          offsets.map((offset) => bound.drawing!.draw(latents[offset]!)),
          1,
        ),
      };
    },
  });
  const { seen, drawn } = await executable.run({ frames, actions });
  return { seen: seen as Float32Array, drawn: drawn as Float32Array };
}

/** A pixel as it is shown. Of Two-Rooms the dot's channel is blue, the walls' dark. */
function shown(model: StoredModel, pixel: Float32Array): number[] {
  const { encoder } = model.config;
  if (encoder.kind === 'colour-slots') throw new RunError('slots are not drawn');
  const shares = [...pixel].map((value, c) => value / encoder.channelScale[c]! + encoder.channelMean[c]!);
  const clipped = shares.map((value) => Math.min(1, Math.max(0, value)));
  if (clipped.length === 3) return clipped.map((value) => 255 * value);
  const [dot, wall] = clipped as [number, number];
  const floor = [243, 240, 233].map((value, c) => value + ([72, 78, 92][c]! - value) * wall);
  return floor.map((value, c) => value + ([30, 98, 224][c]! - value) * dot);
}

const models = await Promise.all(values.models.split(',').map((directory) => loadModel(directory)));
const block = offsets.length * (cell + gap) + 3 * gap;
const [width, height] = [windows * block, models.length * (2 * (cell + gap) + 3 * gap)];
const picture = new Uint8Array(width * height * 3).fill(255);
for (const [m, model] of models.entries()) {
  const { seen, drawn } = await imagine(model);
  const [side, , channels] = pictureShape(model.config)!;
  const size = side * side * channels;
  for (let window = 0; window < windows; window++)
    for (const [row, from] of [seen, drawn].entries())
      for (let t = 0; t < offsets.length; t++) {
        const [left, top] = [window * block + t * (cell + gap), m * (2 * (cell + gap) + 3 * gap) + row * (cell + gap)];
        const at = (window * offsets.length + t) * size;
        for (let y = 0; y < cell; y++)
          for (let x = 0; x < cell; x++) {
            const source = at + (Math.floor((y * side) / cell) * side + Math.floor((x * side) / cell)) * channels;
            picture.set(shown(model, from.subarray(source, source + channels)), ((top + y) * width + left + x) * 3);
          }
      }
}
await writeFileAtomic(values.out, encodePng(picture, width, height));
process.stdout.write(`${values.out}: ${windows} windows of each of ${models.length} models\n`);
