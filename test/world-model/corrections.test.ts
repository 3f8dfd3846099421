import fc from 'fast-check';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { correctionBy, type KernelWidths } from '../../src/world-model/corrections.ts';

type Rows = readonly (readonly number[])[];

interface Past {
  readonly latents: Rows;
  readonly actions: Rows;
  readonly residuals: Rows;
  readonly known: readonly number[];
}

const widths: KernelWidths = { latent: 0.5, action: 2 };
const none = [0, 0, 0];

/** Zero predictions of latents [R, 3] under actions [R, 2], corrected: what is added, row by row. */
async function added(past: Past, latents: Rows, actions: Rows, kernel = widths): Promise<number[][]> {
  const matrix = (rows: Rows) => tf.tensor(rows.flat(), [rows.length, rows[0]!.length]);
  const { corrected } = await runEager(
    {
      name: 'correct',
      inputs: {},
      run: () => {
        const correct = correctionBy(
          {
            latents: matrix(past.latents),
            actions: matrix(past.actions),
            residuals: matrix(past.residuals),
            known: tf.tensor([...past.known]),
          },
          kernel,
        );
        const before = tf.tensor(latents.flat(), [latents.length, 1, 3]);
        return { corrected: correct(before, matrix(actions), tf.zerosLike(before)) };
      },
    },
    {},
  );
  return latents.map((_, row) => [...corrected!.slice(3 * row, 3 * row + 3)]);
}

const there = [1, 2, 3];
const push = [1, 0];
const missing = [0.1, -0.2, 0.3];
const once: Past = { latents: [there, none], actions: [push, [0, 0]], residuals: [missing, [9, 9, 9]], known: [1, 0] };

const expectNear = (found: readonly number[], wanted: readonly number[]) => {
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5);
};

test('what was missing at the very place is added whole, and nothing far from it; what is not known counts nowhere', async () => {
  const [same, elsewhere, otherwise, atUnknown] = await added(
    once,
    [there, [1, 2, 9], there, none],
    [push, push, [-15, 0], [0, 0]],
  );
  expectNear(same!, missing);
  for (const found of [elsewhere!, otherwise!, atUnknown!]) expectNear(found, none);
});

test('one kernel width away it counts exp(-1/2), in latents and in actions alike', async () => {
  const [latent, action] = await added(once, [[1.5, 2, 3], there], [push, [1, 2]]);
  for (const found of [latent!, action!])
    expectNear(
      found,
      missing.map((value) => Math.exp(-0.5) * value),
    );
});

test('of the same place seen again and again the mean is added, not the sum', async () => {
  const past: Past = {
    latents: [there, there, there],
    actions: [push, push, push],
    residuals: [[0.3, 0, 0], [0.6, 0, 0], none],
    known: [1, 1, 1],
  };
  const [found] = await added(past, [there], [push]);
  expectNear(found!, [0.3, 0, 0]);
});

test('it is the formula, at any widths', async () => {
  const vector = (length: number) =>
    fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: length, maxLength: length });
  const prediction = fc.record({ z: vector(3), a: vector(2), r: vector(3), known: fc.constantFrom(0, 1) });
  const width = fc.double({ min: 0.3, max: 3, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      fc.array(prediction, { minLength: 1, maxLength: 6 }),
      ...([vector(3), vector(2), width, width] as const),
      async (all, z, a, latent, action) => {
        const past = {
          latents: all.map((each) => each.z),
          actions: all.map((each) => each.a),
          residuals: all.map((each) => each.r),
          known: all.map((each) => each.known),
        };
        const square = (u: readonly number[], v: readonly number[]) =>
          u.reduce((sum, x, i) => sum + (x - v[i]!) ** 2, 0);
        const kernels = all.map(
          (each) =>
            each.known * Math.exp(-square(z, each.z) / (2 * latent ** 2) - square(a, each.a) / (2 * action ** 2)),
        );
        const total = Math.max(
          1,
          kernels.reduce((sum, k) => sum + k, 0),
        );
        const wanted = [0, 1, 2].map((d) => all.reduce((sum, each, i) => sum + (kernels[i]! * each.r[d]!) / total, 0));
        const [found] = await added(past, [z], [a], { latent, action });
        for (const [d, value] of wanted.entries()) expect(Math.abs(found![d]! - value)).toBeLessThan(1e-4);
      },
    ),
    { numRuns: 30 },
  );
});
