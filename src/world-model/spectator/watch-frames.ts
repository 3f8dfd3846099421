import { bilinearCrop } from '../../engine/nn/bilinear-crop.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { unmixColours } from '../encoders/colour-slots.ts';
import { mapCount, type SpectatorConfig, sceneryColours, thingCount } from './config.ts';

/** What is measured of frames before learning begins. R frames, K colours of things. */
export interface Watched {
  /** [R, K, 2], frame widths. */
  readonly centroid: Tensor;
  /** [R, K, crop, crop], each thing's own coverage around its centroid. */
  readonly crop: Tensor;
  /** [R, K], pixels covered. */
  readonly mass: Tensor;
  /** [R, map, map, 3], share of each cell that scenery, screens and things cover. */
  readonly maps: Tensor;
}

/**
 * What differs from the background by less, in grey levels, is background: camera noise over thousands of pixels would
 * otherwise add up to things that are nowhere.
 */
const faint = 12;

/** [R, height, width, 3] bytes -> what is measured. */
export function watchFrames(frames: Tensor, config: SpectatorConfig): Watched {
  const [rows, height, width] = frames.shape as [number, number, number, number];
  const { encoder, mapSize } = config;
  const things = thingCount(config);
  const background = tf.tensor1d([...encoder.background]);
  const offset = tf.sub(tf.reshape(frames, [rows, height * width, 3]), background);
  const clear = tf.step(tf.sub(tf.sum(tf.square(offset), 2, true), faint * faint));
  const coverage = unmixColours(tf.add(tf.mul(offset, clear), background), encoder);
  const [scenery, others] = tf.split(coverage, [sceneryColours, things], 2) as [Tensor, Tensor];

  const mass = tf.sum(others, 1);
  const coordinates = tf.tile(tf.expandDims(pixelCentres(height, width), 0), [rows, 1, 1]);
  const weighted = tf.matMul(others, coordinates, true, false);
  const centroid = tf.div(weighted, tf.expandDims(tf.maximum(mass, 1e-3), 2));
  const side = encoder.cropSize;
  const planes = tf.reshape(tf.transpose(others, [0, 2, 1]), [rows * things, height, width, 1]);
  const centres = tf.sub(tf.mul(tf.reshape(centroid, [rows * things, 1, 2]), tf.tensor1d([width, height])), 0.5);
  const crop = tf.reshape(bilinearCrop(planes, centres, { size: side }), [rows, things, side, side]);

  const layers = tf.concat([scenery, tf.sum(others, 2, true)], 2);
  const [tall, wide] = [height / mapSize, width / mapSize];
  const rowsOfCells = tf.mean(tf.reshape(layers, [rows, mapSize, tall, width * mapCount]), 2);
  const maps = tf.mean(tf.reshape(rowsOfCells, [rows, mapSize, mapSize, wide, mapCount]), 3);
  return { centroid, crop, mass, maps };
}

/** Pixel centres in frame widths and heights, [height x width, 2]. */
function pixelCentres(height: number, width: number): Tensor {
  const centres = Float32Array.from({ length: height * width * 2 }, (_, i) => {
    const pixel = i >> 1;
    return i % 2 === 0 ? ((pixel % width) + 0.5) / width : (Math.floor(pixel / width) + 0.5) / height;
  });
  return tf.tensor2d(centres, [height * width, 2]);
}
