import type { CustomTerm } from 'amitable';

/** How far an object is from a circle around a place: max(0, | |p - place| - radius | - tolerance). */
export default {
  name: 'at-distance',
  parameters: { of: 'entity', from: 'place', radius: 'number', tolerance: 'number' },
  residual({ of, from, radius, tolerance }, { tf }) {
    const offset = tf.sub(of.position, from);
    const distance = tf.sqrt(tf.add(tf.sum(tf.square(offset), -1), 1e-12));
    return tf.relu(tf.sub(tf.abs(tf.sub(distance, radius)), tolerance));
  },
  about: {
    entity: 'of',
    left({ of: { position }, from, radius, tolerance }) {
      const distance = Math.hypot(position[0] - from[0], position[1] - from[1]);
      return Math.max(0, Math.abs(distance - radius) - tolerance);
    },
  },
} satisfies CustomTerm<{ of: 'entity'; from: 'place'; radius: 'number'; tolerance: 'number' }>;
