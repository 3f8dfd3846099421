import { type Tensor, tf } from '../../engine/tf.ts';
import { perceiveSlots, unmixColours } from '../encoders/colour-slots.ts';
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

/** [R, height, width, 3] bytes -> what is measured. */
export function watchFrames(frames: Tensor, config: SpectatorConfig): Watched {
  const [rows, height, width] = frames.shape as [number, number, number, number];
  const { encoder, mapSize } = config;
  const things = thingCount(config);
  const ofThings = (x: Tensor): Tensor => {
    const rest = x.shape.slice(2);
    return tf.slice(x, [0, sceneryColours, ...rest.map(() => 0)], [rows, things, ...rest]);
  };
  const { centroid, crop, mass } = perceiveSlots(frames, encoder);
  const coverage = unmixColours(tf.reshape(frames, [rows, height * width, 3]), encoder);
  const [scenery, others] = tf.split(coverage, [sceneryColours, things], 2) as [Tensor, Tensor];
  const layers = tf.concat([scenery, tf.sum(others, 2, true)], 2);
  const cell = [height / mapSize, width / mapSize] as const;
  const cells = tf.reshape(layers, [rows, mapSize, cell[0], mapSize, cell[1] * mapCount]);
  const columns = tf.reshape(tf.mean(cells, 2), [rows, mapSize, mapSize, cell[1], mapCount]);
  return { centroid: ofThings(centroid), crop: ofThings(crop), mass: ofThings(mass), maps: tf.mean(columns, 3) };
}
