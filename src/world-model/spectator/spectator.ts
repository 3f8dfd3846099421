import { detach } from '../../engine/detach.ts';
import { bilinearCrop } from '../../engine/nn/bilinear-crop.ts';
import { gruCell, gruCellSpecs } from '../../engine/nn/gru-cell.ts';
import { linear, linearSpecs } from '../../engine/nn/linear.ts';
import { mlp, mlpSpecs } from '../../engine/nn/mlp.ts';
import { normalise } from '../../engine/nn/normalise.ts';
import type { ParameterSpecs } from '../../engine/parameters.ts';
import type { Tensors } from '../../engine/program.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { placeSize } from '../config.ts';
import { colourSlots, encodeSlots, placeScale } from '../encoders/colour-slots.ts';
import { window } from '../losses/steps.ts';
import { mapCount, type SpectatorConfig, seenSize, spectatorLatentSize } from './config.ts';
import type { Watched } from './watch-frames.ts';

/** So many covered pixels may be mixtures of other colours along an edge: less is taken for nothing. */
const strayPixels = 5;
/** Covered pixels of a thing of normal size, roughly. */
const usualPixels = 30;
/** With so many of them a thing counts as seen. */
const enoughPixels = 10;

/** Shapes and initial values of every parameter. */
export function spectatorSpecs(config: SpectatorConfig): ParameterSpecs {
  const { encoder, aroundSize, aroundHidden, memorySize } = config;
  const size = spectatorLatentSize(config);
  return {
    ...colourSlots(encoder).specs,
    ...mlpSpecs('predictor.around', [aroundSize * aroundSize * mapCount, ...aroundHidden]),
    // What it believes of the thing, how it last moved, whether it is seen, and what is around.
    ...gruCellSpecs('predictor.cell', size + placeSize + 1 + aroundHidden.at(-1)!, memorySize),
    ...linearSpecs('predictor.change', memorySize, size, { zero: true }),
    ...linearSpecs('predictor.keep', memorySize, 2, { zero: true }),
    ...linearSpecs('predictor.momentum', memorySize, placeSize, { zero: true }),
  };
}

/**
 * Latents [R, N, 3 + what] of things: the place and how much of it is seen, measured, and what it looks like, learned
 * as the table's slots learn it.
 */
export function encodeThings(
  config: SpectatorConfig,
  parameters: Tensors,
  { centroid, crop, mass }: Pick<Watched, 'centroid' | 'crop' | 'mass'>,
): Tensor {
  const { encoder } = config;
  const encoded = encodeSlots(parameters, { centroid, crop }, encoder);
  const [place, what] = tf.split(encoded, [placeSize, encoder.whatSize], 2) as [Tensor, Tensor];
  const cover = tf.div(tf.relu(tf.sub(mass, strayPixels)), usualPixels);
  return tf.concat([place, tf.expandDims(cover, 2), what], 2);
}

/** The same of windows: features [B, T, N, ...] -> [B, T, N, D]. */
export function encodeWindows(config: SpectatorConfig, parameters: Tensors, features: Tensors): Tensor {
  const { centroid, crop, mass } = features as Record<'centroid' | 'crop' | 'mass', Tensor>;
  const [batch, frames, things] = mass.shape as [number, number, number];
  const side = config.encoder.cropSize;
  const latents = encodeThings(config, parameters, {
    centroid: tf.reshape(centroid, [batch * frames, things, placeSize]),
    crop: tf.reshape(crop, [batch * frames, things, side, side]),
    mass: tf.reshape(mass, [batch * frames, things]),
  });
  return tf.reshape(latents, [batch, frames, things, spectatorLatentSize(config)]);
}

/** How far each thing counts as seen, [..., 1] in [0, 1], from its cover [..., 1]. */
export function seenShare(cover: Tensor): Tensor {
  return tf.minimum(tf.mul(cover, usualPixels / enoughPixels), 1);
}

/** Place, cover and what of latents [..., D]. */
export function partsOf(latents: Tensor): readonly [place: Tensor, cover: Tensor, what: Tensor] {
  const size = latents.shape.at(-1)!;
  return tf.split(latents, [placeSize, 1, size - seenSize], -1) as unknown as [Tensor, Tensor, Tensor];
}

/**
 * What is expected to be seen next, after each frame but the last: T - 1 times [B, N, D], from latents [B, T, N, D] and
 * maps [B, T, map, map, 3].
 *
 * For each thing, with weights shared, a recurrent memory (GRU; Cho et al., 2014) reads its latent and what the maps
 * show around it, and says what changes and how much of the last movement goes on. While a thing isn't seen, what was
 * expected of it stands in for what would be. That things go on moving, are still somewhere when nothing is seen of
 * them and look as they did has to be learned: how much is kept of any of it is the memory's answer, and nothing at
 * first.
 */
export function foresee(config: SpectatorConfig, parameters: Tensors, latents: Tensor, maps: Tensor): Tensor[] {
  const [batch, frames, things, size] = latents.shape as [number, number, number, number];
  const rows = batch * things;
  const { memorySize, aroundSize, mapSize } = config;
  let memory = tf.zeros([rows, memorySize]);
  let place = tf.zeros([batch, things, placeSize]);
  let what = tf.zeros([batch, things, size - seenSize]);
  let keep = tf.zeros([batch, things, 2]);
  let before = place;
  let known = tf.zeros([batch, things, 1]);
  const expected: Tensor[] = [];
  for (let t = 0; t < frames - 1; t++) {
    const [placeSeen, cover, whatSeen] = partsOf(window(latents, t));
    const seen = seenShare(cover);
    const unseen = tf.sub(1, seen);
    const [keepPlace, keepWhat] = tf.split(keep, 2, 2) as [Tensor, Tensor];
    place = tf.add(tf.mul(seen, placeSeen), tf.mul(tf.mul(unseen, keepPlace), place));
    what = tf.add(tf.mul(seen, whatSeen), tf.mul(tf.mul(unseen, keepWhat), what));
    // A thing that was nowhere before has not come from anywhere.
    const moved = tf.mul(known, tf.sub(place, before));
    before = place;
    known = tf.add(seen, tf.mul(tf.mul(unseen, keepPlace), known));

    const cells = tf.sub(tf.mul(tf.add(tf.div(detach(place), placeScale), 0.5), mapSize), 0.5);
    const around = bilinearCrop(window(maps, t), cells, { size: aroundSize });
    const flat = tf.reshape(around, [rows, aroundSize * aroundSize * mapCount]);
    const surroundings = tf.relu(mlp(parameters, 'predictor.around', flat, { activation: 'relu' }));
    const told = tf.concat([place, cover, what, tf.mul(moved, movementScale), seen], 2);
    const input = tf.concat([tf.reshape(told, [rows, size + placeSize + 1]), surroundings], 1);
    memory = gruCell(parameters, 'predictor.cell', input, memory);

    const change = tf.reshape(linear(parameters, 'predictor.change', memory), [batch, things, size]);
    const [shift, more, other] = partsOf(change);
    const momentum = tf.reshape(linear(parameters, 'predictor.momentum', memory), [batch, things, placeSize]);
    keep = tf.tanh(tf.mul(tf.reshape(linear(parameters, 'predictor.keep', memory), [batch, things, 2]), keepSlope));
    place = tf.add(place, tf.add(shift, tf.mul(momentum, moved)));
    what = normalise(tf.add(what, other));
    expected.push(tf.concat([place, tf.add(cover, more), what], 2));
  }
  return expected;
}

/** Movements are told larger than they are: a fast thing moves 0.15 frame widths a frame. */
const movementScale = 4;
/** Lets what is kept come near to all. */
const keepSlope = 4;

/**
 * How wrong an expectation was, each thing by itself, [B, N]:
 *
 *     seen (a ln(1 + |place error|^2 / 0.01^2) + b mean (what error)^2) + c (cover error)^2
 *
 * in frame widths. Place and look of a thing count as far as it is seen, how much of it is seen always. The logarithm
 * (a Cauchy likelihood) keeps what nobody can foresee, as where a thing enters the picture, from outweighing all else.
 */
export function expectationError({ weights }: SpectatorConfig, expected: Tensor, actual: Tensor): Tensor {
  const [place, cover, what] = partsOf(expected);
  const [placeSeen, coverSeen, whatSeen] = partsOf(actual);
  const squared = tf.sum(tf.squaredDifference(place, placeSeen), 2, true);
  const ofPlace = tf.log(tf.add(tf.div(squared, placeTolerance ** 2), 1));
  const ofSeen = tf.add(
    tf.mul(ofPlace, weights.place),
    tf.mul(tf.mean(tf.squaredDifference(what, whatSeen), 2, true), weights.what),
  );
  const ofCover = tf.mul(tf.squaredDifference(cover, coverSeen), weights.cover);
  return tf.squeeze(tf.add(tf.mul(seenShare(coverSeen), ofSeen), ofCover), [2]);
}

/** A hundredth of a frame width, in units of latents' places. */
const placeTolerance = 0.01 * placeScale;
