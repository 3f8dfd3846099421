import { conv, convSpecs } from '../../engine/nn/conv.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { mean, window } from '../losses/steps.ts';
import type { PainterConfig } from './config.ts';

/** Shapes and initial values of every parameter. */
export function painterSpecs({ frame, patch, readSize, memorySize, paintSize }: PainterConfig): ParameterSpecs {
  const pixels = patch * patch * frame[2];
  return {
    ...linearSpecs('painter.read', pixels, readSize),
    ...convSpecs('painter.input', readSize, 3 * memorySize, { kernel }),
    ...convSpecs('painter.hidden', memorySize, 3 * memorySize, { kernel }),
    ...convSpecs('painter.mix', memorySize, paintSize, { kernel }),
    ...linearSpecs('painter.paint', paintSize, pixels, { zero: true }),
  };
}

/** Cells that see each other: next neighbours. */
const kernel = 3;

/** Frames [B, T, height, width, channels] of values 0 ... 1 as cells [B, T, rows, columns, patch^2 channels]. */
export function cellsOf({ frame: [height, width, channels], patch }: PainterConfig, frames: Tensor): Tensor {
  const [batch, count] = frames.shape as [number, number];
  const [rows, columns] = [height / patch, width / patch];
  // [B T rows, patch, columns, patch channels] -> the row of pixels behind the column of cells.
  const strips = tf.reshape(frames, [batch * count * rows, patch, columns, patch * channels]);
  return tf.reshape(tf.transpose(strips, [0, 2, 1, 3]), [batch, count, rows, columns, patch * patch * channels]);
}

/**
 * What is expected to be seen next, after each frame but the last: T - 1 times [B, rows, columns, pixels], from cells
 * [B, T, rows, columns, pixels].
 *
 * A convolutional GRU (Ballas et al., 2016) reads each frame and paints how the next differs from it. Generative: it
 * is trained and judged on the pixels themselves, with no latent that could leave anything out.
 */
export function paintNext(config: PainterConfig, parameters: Tensors, cells: Tensor): Tensor[] {
  const [batch, frames, rows, columns, pixels] = cells.shape as [number, number, number, number, number];
  const { memorySize, readSize, paintSize } = config;
  const places = batch * rows * columns;
  let memory = tf.zeros([batch, rows, columns, memorySize]);
  const thirds = (gates: Tensor) => tf.split(gates, 3, -1) as [Tensor, Tensor, Tensor];
  return Array.from({ length: frames - 1 }, (_, t) => {
    const now = window(cells, t);
    const read = tf.relu(linear(parameters, 'painter.read', tf.reshape(tf.sub(now, grey), [places, pixels])));
    const seen = tf.reshape(read, [batch, rows, columns, readSize]);
    const [resetSeen, updateSeen, nextSeen] = thirds(conv(parameters, 'painter.input', seen, { pad: 1 }));
    const [resetKnown, updateKnown, nextKnown] = thirds(conv(parameters, 'painter.hidden', memory, { pad: 1 }));
    const reset = tf.sigmoid(tf.add(resetSeen, resetKnown));
    const update = tf.sigmoid(tf.add(updateSeen, updateKnown));
    const candidate = tf.tanh(tf.add(nextSeen, tf.mul(reset, nextKnown)));
    memory = tf.add(candidate, tf.mul(update, tf.sub(memory, candidate)));
    const mixed = tf.relu(conv(parameters, 'painter.mix', memory, { pad: 1 }));
    const change = linear(parameters, 'painter.paint', tf.reshape(mixed, [places, paintSize]));
    return tf.add(now, tf.reshape(change, [batch, rows, columns, pixels]));
  });
}

/** Middle of the range of values. */
const grey = 0.5;

/** Mean squared error of pixels, of each row [B]. */
export function paintError(painted: Tensor, actual: Tensor): Tensor {
  return tf.mean(tf.squaredDifference(painted, actual), [1, 2, 3]);
}

/** Frames before what is painted counts: from one, nobody knows how things move. As for a spectator. */
const firstFrames = 2;

/** The loss of painting: the next frame's pixels, after each frame of a window and those before it. */
export function painterLoss(
  config: PainterConfig,
  parameters: Tensors,
  frames: Tensor,
): { readonly loss: Tensor; readonly metrics: Tensors } {
  const cells = cellsOf(config, frames);
  const painted = paintNext(config, parameters, cells);
  const judged = painted.slice(firstFrames - 1);
  const errors = judged.map((each, i) => tf.mean(paintError(each, window(cells, i + firstFrames))));
  const still = judged.map((_, i) => {
    const at = i + firstFrames;
    return tf.mean(paintError(window(cells, at - 1), window(cells, at)));
  });
  const loss = mean(errors);
  /** Of what repeating the present frame would be wrong by. */
  const ofStill = tf.div(loss, tf.maximum(mean(still), 1e-9));
  return { loss: tf.mul(loss, lossScale), metrics: { surprise: loss, ofStill } };
}

/** Brings squared errors of values 0 ... 1 to order one: most pixels are air. */
const lossScale = 100;
