import { createRng } from '../../../src/core/rng.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import { slotWindowLoss } from '../../../src/world-model/losses/slot-window-loss.ts';
import { windowLoss } from '../../../src/world-model/losses/window-loss.ts';
import { defaultObjective, type ObjectiveConfig, objectiveNames } from '../../../src/world-model/objectives/config.ts';
import { draw } from './cases.ts';
import { evaluateLoss, flatBatch, flatOffsets, slotBatch, slotOffsets } from './window-fixtures.ts';

const normals = (shape: readonly number[]): Tensor => {
  const { values } = draw(shape, createRng(11, 'normals'));
  return tf.tensor(values, [...shape]);
};
/** As a teacher and an objective would give them. */
const given = (encoded: Tensor, size: number) => ({
  teacher: normals(encoded.shape),
  noise: { directions: normals([size, 5]) },
});

const flatLoss = (config: ObjectiveConfig) =>
  evaluateLoss('flat', (model) => {
    const batch = flatBatch();
    return windowLoss(model, { ...batch, ...given(batch.encoded, 8) }, flatOffsets, config);
  });
const slotLoss = (config: ObjectiveConfig) =>
  evaluateLoss('slot', (model) => {
    const batch = slotBatch();
    return slotWindowLoss(model, { ...batch, ...given(batch.encoded, 6) }, slotOffsets, {
      objective: config,
      place: 20,
    });
  });

test.each(objectiveNames)('%s serves flat latents and slots, and shows the same measures', async (name) => {
  const vicreg = { ...defaultObjective('vicreg'), variance: 0, covariance: 0 } as ObjectiveConfig;
  for (const loss of [flatLoss, slotLoss]) {
    const [metrics, base] = [await loss(defaultObjective(name)), await loss(vicreg)];
    expect(Object.values(metrics).filter((value) => !Number.isFinite(value))).toEqual([]);
    // How far the rollout is off, what the heads can read: not the objective's to say.
    for (const measure of ['rollout', 'similarity', 'inverse', 'std']) expect(metrics[measure]).toBe(base[measure]);
  }
});

test('auxiliaries weigh in by their weights, and are shown when they do', async () => {
  for (const loss of [flatLoss, slotLoss]) {
    const plain = { ...defaultObjective('sigreg'), similarity: 0, inverse: 1 };
    const without = await loss(plain);
    expect(without.curvature).toBeUndefined();
    expect(without.temporalVariance).toBeUndefined();
    const joined = await loss({ ...plain, similarity: 3, straightening: 5, temporalVariance: 7, inverse: 2 });
    const added = 3 * joined.similarity! + 5 * joined.curvature! + 7 * joined.temporalVariance! + 1 * joined.inverse!;
    expect(joined.loss! - without.loss!).toBeCloseTo(added, 2);
  }
});

test('without a weight the inverse head still learns, on latents that do not feel it', async () => {
  const slope = async (inverse: number): Promise<number> => {
    const { size } = await evaluateLoss('flat', (model) => {
      const batch = { ...flatBatch(), teacher: null, noise: {} };
      const inverseError = (encoded: Tensor): Tensor =>
        windowLoss(model, { ...batch, encoded }, flatOffsets, {
          ...(defaultObjective('vicreg') as Extract<ObjectiveConfig, { name: 'vicreg' }>),
          inverse,
        }).metrics.inverse!;
      const [gradient] = tf.grads((x: Tensor) => tf.add(inverseError(x), tf.mul(tf.sum(x), 0)))([batch.encoded]);
      return { loss: tf.scalar(0), metrics: { size: tf.max(tf.abs(gradient!)) } };
    });
    return size!;
  };
  expect(await slope(2)).toBeGreaterThan(0.01);
  expect(await slope(0)).toBe(0);
  const free = await flatLoss({ ...defaultObjective('vicreg'), inverse: 0 });
  const bound = await flatLoss({ ...defaultObjective('vicreg'), inverse: 1 });
  expect(free.loss!).toBeCloseTo(bound.loss!, 4);
});
