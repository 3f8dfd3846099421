import { createRng } from '../../../src/core/rng.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import { defaultObjective, objectiveNames } from '../../../src/world-model/objectives/config.ts';
import { createObjective } from '../../../src/world-model/objectives/create-objective.ts';
import type { LatentWindows } from '../../../src/world-model/objectives/objective.ts';
import { operand } from '../../support/kernel-cases/kernel-case.ts';
import { checkLayer } from '../../support/layer-case.ts';
import { draw, judge, type WindowArrays } from './cases.ts';

const [batch, frames, slots, size] = [5, 3, 2, 4] as const;

/** Windows drawn at random. Less spread than objectives ask for: away from the kink of their hinges. */
function drawWindows(seed: number, n: number = slots): WindowArrays {
  const rng = createRng(seed, 'windows');
  const latents = (...shape: number[]) => draw(shape, rng, (r) => 0.4 * r.normal());
  return {
    encoded: latents(batch, frames, n, size),
    imagined: Array.from({ length: frames - 1 }, () => latents(batch, n, size)),
    teacher: latents(batch, frames, n, size),
    noise: { directions: draw([size, 6], rng) },
  };
}

/** Slots of a later call stand behind those of an earlier one. */
function besideEachOther(a: WindowArrays, b: WindowArrays): WindowArrays {
  const join = (x: { shape: readonly number[]; values: Float32Array }, y: typeof x) => {
    const outer = x.shape.slice(0, -2);
    const [p, q] = [x.shape.at(-2)! * size, y.shape.at(-2)! * size];
    const rows = outer.reduce((product, length) => product * length, 1);
    const values = new Float32Array(rows * (p + q));
    for (let row = 0; row < rows; row++) {
      values.set(x.values.subarray(row * p, (row + 1) * p), row * (p + q));
      values.set(y.values.subarray(row * q, (row + 1) * q), row * (p + q) + p);
    }
    return { shape: [...outer, (p + q) / size, size], values };
  };
  return {
    encoded: join(a.encoded, b.encoded),
    imagined: a.imagined.map((latent, i) => join(latent, b.imagined[i]!)),
    teacher: join(a.teacher!, b.teacher!),
    noise: a.noise!,
  };
}

const ones = (n: number, value: (slot: number) => number) => ({
  shape: [batch, n],
  values: Float32Array.from({ length: batch * n }, (_, i) => value(i % n)),
});

describe.each(objectiveNames)('%s', (name) => {
  const objective = createObjective(defaultObjective(name));

  test('is compiled to what it is eagerly, and its gradient in encoded and imagined latents is its slope', async () => {
    const presence = [1, 0, 1, 1, 0, 1, 1, 1, 1, 0];
    const rng = createRng(1, 'fixed');
    const target = draw([batch, frames, slots, size], rng, (r) => 0.4 * r.normal());
    const directions = draw([size, 6], rng);
    // Stop-gradient objectives have no slope in what they take as given.
    const fixedTargets = name === 'simsiam' || name === 'ema-teacher';
    await checkLayer({
      specs: {},
      inputs: (r) => [
        operand([batch, frames, slots, size], r, (s) => 0.4 * s.normal()),
        ...Array.from({ length: frames - 1 }, () => operand([batch, slots, size], r, (s) => 0.4 * s.normal())),
      ],
      run: (_, encoded, ...imagined) => {
        const constant = tf.tensor(target.values, [...target.shape]);
        const windows: LatentWindows = {
          encoded: fixedTargets ? constant : encoded!,
          imagined,
          teacher: constant,
          presence: tf.tensor(presence, [batch, slots]),
          noise: { directions: tf.tensor(directions.values, [...directions.shape]) },
        };
        const { loss } = objective.loss(windows);
        return fixedTargets ? tf.add(loss, tf.mul(tf.sum(encoded!), 0)) : loss;
      },
    });
  });

  test('slots that are not filled change nothing', async () => {
    for (const seed of [1, 2, 3]) {
      const windows = drawWindows(seed);
      const plain = await judge(objective.loss, windows);
      const allFilled = await judge(objective.loss, { ...windows, presence: ones(slots, () => 1) });
      const withEmpty = await judge(objective.loss, {
        ...besideEachOther(windows, drawWindows(seed + 100, 1)),
        presence: ones(slots + 1, (slot) => (slot < slots ? 1 : 0)),
      });
      expect(allFilled.loss!).toBeCloseTo(plain.loss!, 4);
      expect(withEmpty.loss!).toBeCloseTo(plain.loss!, 4);
    }
  });

  test('a batch without any filled slot is no error', async () => {
    const { loss } = await judge(objective.loss, { ...drawWindows(4), presence: ones(slots, () => 0) });
    expect(Number.isFinite(loss)).toBe(true);
  });
});

/** Every objective's loss of latents of standard deviation `std` around 0.3, perfectly foretold. */
async function lossAt(name: (typeof objectiveNames)[number], std: number): Promise<number> {
  const rng = createRng(9, 'collapse');
  const encoded = draw([64, frames, 1, size], rng, (r) => 0.3 + std * r.normal());
  const foretold = (t: number) => ({
    shape: [64, 1, size],
    values: Float32Array.from({ length: 64 * size }, (_, i) => {
      const [b, d] = [Math.floor(i / size), i % size];
      return encoded.values[(b * frames + t) * size + d]!;
    }),
  });
  const { loss } = await judge(createObjective(defaultObjective(name)).loss, {
    encoded,
    imagined: [foretold(1), foretold(2)],
    teacher: encoded,
    noise: { directions: draw([size, 16], rng) },
  });
  return loss!;
}

test.each(['vicreg', 'barlow-twins', 'sigreg', 'info-nce'] as const)('%s prefers latents that vary', async (name) => {
  expect(await lossAt(name, 0)).toBeGreaterThan(1.5 * (await lossAt(name, 1)));
});

test.each(['ema-teacher', 'simsiam', 'prediction-only'] as const)(
  '%s has nothing against latents that do not',
  async (name) => {
    expect(await lossAt(name, 0)).toBe(0);
  },
);

test('simsiam and the teacher take their targets as given', async () => {
  const windows = drawWindows(6);
  for (const name of ['simsiam', 'ema-teacher'] as const) {
    const { loss } = createObjective(defaultObjective(name));
    const gradient = await judge((tensors) => {
      const [slope] = tf.grads((encoded: Tensor) =>
        tf.add(loss({ ...tensors, encoded }).loss, tf.mul(tf.sum(encoded), 0)),
      )([tensors.encoded]) as [Tensor];
      return { loss: tf.max(tf.abs(slope)), metrics: {} };
    }, windows);
    expect(gradient.loss).toBe(0);
  }
});

test('only the teacher objective has a teacher, and it refuses to go without', async () => {
  for (const name of objectiveNames) {
    const { teacherDecay } = createObjective(defaultObjective(name));
    expect(teacherDecay).toBe(name === 'ema-teacher' ? 0.99 : null);
  }
  const { teacher: _, ...withoutTeacher } = drawWindows(1);
  const { loss } = createObjective(defaultObjective('ema-teacher'));
  await expect(judge(loss, withoutTeacher)).rejects.toThrow(/needs the teacher/);
});
