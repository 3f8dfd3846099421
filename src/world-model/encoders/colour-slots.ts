import { bilinearCrop } from '../../engine/nn/bilinear-crop.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { type ColourSlotsConfig, latentParts, placeSize } from '../config.ts';
import type { Encoder, SlotMeasures } from './encoder.ts';
import { complexMoments, rawMomentCount, rawMoments } from './shape-moments.ts';

/**
 * What is measured of each slot before learning starts. All from pixels:
 * `centroid` [R, K, 2] in frame widths; `crop` [R, K, crop, crop], the slot's own coverage around its centroid;
 * `mass` [R, K], covered area in pixels (0 where the colour is absent).
 */
export interface SlotFeatures {
  readonly centroid: Tensor;
  readonly crop: Tensor;
  readonly mass: Tensor;
}

/** One frame width in the units of a latent's place: places are then of variance about one, as all else is. */
export const placeScale = 4;

/** One latent a colour: its place and moments, measured, then what its thing looks like there, learned with shared weights. */
export function colourSlots(config: ColourSlotsConfig): Encoder {
  return {
    slots: config.prototypes.length,
    placed: true,
    specs: colourSlotsSpecs(config),
    encode: (parameters, frames) => encodeSlots(parameters, perceiveSlots(frames, config), config),
    measure: (frames) => measureSlots(frames, config),
  };
}

function colourSlotsSpecs(config: ColourSlotsConfig): ParameterSpecs {
  const crop = config.cropSize * config.cropSize;
  const seen = rawMomentCount + (looksAtCrop(config) ? config.cropHidden.at(-1)! : 0);
  return {
    ...(looksAtCrop(config) ? mlpSpecs('encoder.crop', [crop, ...config.cropHidden]) : {}),
    ...mlpSpecs('encoder.what', [seen, config.hidden, config.whatSize]),
    ...linearSpecs('encoder.skip', rawMomentCount, config.whatSize),
  };
}

function looksAtCrop({ crop = true }: ColourSlotsConfig): boolean {
  return crop;
}

/** [R, height, width, 3] bytes -> features of every prototype. Nothing here is learned by gradient. */
export function perceiveSlots(frames: Tensor, config: ColourSlotsConfig): SlotFeatures {
  const [rows, height, width] = frames.shape as [number, number, number, number];
  const count = config.prototypes.length;
  const coverage = unmixColours(tf.reshape(frames, [rows, height * width, 3]), config);
  const mass = tf.sum(coverage, 1);
  const coordinates = tf.tensor2d(pixelCentres(height, width), [height * width, 2]);
  const weighted = tf.matMul(coverage, tf.tile(tf.expandDims(coordinates, 0), [rows, 1, 1]), true, false);
  const centroid = tf.div(weighted, tf.expandDims(tf.maximum(mass, 1e-3), 2));
  const planes = tf.reshape(tf.transpose(coverage, [0, 2, 1]), [rows * count, height, width, 1]);
  const centres = tf.sub(tf.mul(tf.reshape(centroid, [rows * count, 1, 2]), tf.tensor1d([width, height])), 0.5);
  const crop = bilinearCrop(planes, centres, { size: config.cropSize });
  return { centroid, crop: tf.reshape(crop, [rows, count, config.cropSize, config.cropSize]), mass };
}

/**
 * Share of each pixel that each prototype covers, [R, P, K] in [0, 1].
 *
 * An edge pixel is a mixture a c_k + (1 - a) b of one thing and the background, so it lies on the line from b to
 * c_k: `a` is its projection on that line, and the line is the one it is nearest to (softmax over the squared
 * distances, bandwidth 6 grey levels).
 */
export function unmixColours(pixels: Tensor, config: ColourSlotsConfig): Tensor {
  const background = tf.tensor1d([...config.background]);
  const directions = config.prototypes.map((c) => c.map((value, i) => value - config.background[i]!));
  const lengths = directions.map((d) => d.reduce((sum, value) => sum + value * value, 0));
  const lines = tf.transpose(tf.tensor2d(directions));
  const offset = tf.sub(pixels, background);
  const [rows, count] = pixels.shape as [number, number, number];
  const along = tf.reshape(tf.matMul(tf.reshape(offset, [rows * count, 3]), lines), [rows, count, lengths.length]);
  const share = tf.minimum(tf.relu(tf.div(along, tf.tensor1d(lengths))), 1);
  const squared = tf.sum(tf.square(offset), 2, true);
  // |x - t u|^2 = |x|^2 - 2 t x.u + t^2 |u|^2
  const residual = tf.add(
    tf.sub(squared, tf.mul(tf.mul(share, along), 2)),
    tf.mul(tf.square(share), tf.tensor1d(lengths)),
  );
  const owner = tf.softmax(tf.div(tf.neg(residual), 2 * 6 * 6), 2);
  return tf.mul(owner, share);
}

/** Covered area in pixels, and the distance from the centroid to the farthest covered pixel in frame widths: [R, K]. */
export function measureSlots(frames: Tensor, config: ColourSlotsConfig): SlotMeasures {
  const { crop, mass } = perceiveSlots(frames, config);
  const side = config.cropSize;
  const middle = (side - 1) / 2;
  const distances = Float32Array.from({ length: side * side }, (_, i) =>
    Math.hypot((i % side) - middle, Math.floor(i / side) - middle),
  );
  // A pixel counts as far as it is covered; its own half width is added.
  const covered = tf.mul(tf.step(tf.sub(crop, 0.25)), tf.tensor(distances, [1, 1, side, side]));
  const width = frames.shape[2]!;
  return { mass, radius: tf.div(tf.add(tf.max(covered, [2, 3]), 0.5), width) };
}

/**
 * Features -> latents [R, K, 2 + moments + what]: the place, how the shape lies, and what is learned of the centred
 * crop. What a thing is and how it is turned is thus encoded independently of where it is, and nothing can be gained
 * by forgetting the place.
 */
export function encodeSlots(
  parameters: Tensors,
  features: Pick<SlotFeatures, 'centroid' | 'crop'>,
  config: ColourSlotsConfig,
): Tensor {
  const [rows, count] = features.centroid.shape as [number, number, number];
  const flat = tf.reshape(features.crop, [rows * count, config.cropSize * config.cropSize]);
  const moments = rawMoments(flat, config.cropSize);
  const looked = looksAtCrop(config) ? [mlp(parameters, 'encoder.crop', flat, { activation: 'silu' })] : [];
  const seen = tf.concat([moments, ...looked], 1);
  const what = normalise(
    tf.add(mlp(parameters, 'encoder.what', seen, { activation: 'silu' }), linear(parameters, 'encoder.skip', moments)),
  );
  const place = tf.mul(tf.sub(features.centroid, 0.5), placeScale);
  const learned = tf.reshape(what, [rows, count, config.whatSize]);
  const { moments: size } = latentParts({ encoder: config });
  if (size === 0) return tf.concat([place, learned], 2);
  return tf.concat([place, tf.reshape(complexMoments(moments), [rows, count, size]), learned], 2);
}

/** The places in latents [..., D], in frame widths: [..., 2]. */
export function placeOf(latents: Tensor): Tensor {
  const [place] = tf.split(latents, [placeSize, latents.shape.at(-1)! - placeSize], -1) as [Tensor, Tensor];
  return tf.add(tf.div(place, placeScale), 0.5);
}

/** Pixel centres in frame widths and heights, [height x width, 2]. */
function pixelCentres(height: number, width: number): Float32Array {
  const centres = new Float32Array(height * width * 2);
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) centres.set([(j + 0.5) / width, (i + 0.5) / height], (i * width + j) * 2);
  }
  return centres;
}
