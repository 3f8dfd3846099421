import fc from 'fast-check';
import { adamW, clipByGlobalNorm } from '../../src/engine/optimiser.ts';
import type { Program, Values } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { cosineSchedule } from '../../src/engine/schedule.ts';

/** AdamW as its paper writes it (algorithm 2), one scalar at a time, in double precision. */
function reference(gradients: readonly number[], start: number, learningRate: number, weightDecay: number): number {
  const [beta1, beta2, epsilon] = [0.9, 0.99, 1e-8];
  let [x, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const mHat = m / (1 - beta1 ** (i + 1));
    const vHat = v / (1 - beta2 ** (i + 1));
    x -= learningRate * (mHat / (Math.sqrt(vHat) + epsilon) + weightDecay * x);
  });
  return x;
}

async function descend(
  gradients: readonly number[],
  start: number,
  learningRate: number,
  weightDecay: number,
): Promise<number> {
  const optimiser = adamW({ beta1: 0.9, beta2: 0.99, weightDecay });
  const scalar = { shape: [] };
  const vector = { shape: [1] };
  const program: Program = {
    name: 'adamW',
    inputs: { g: vector, x: vector, m: vector, v: vector, stepScale: scalar, epsilon: scalar, learningRate: scalar },
    run({ g, x, m, v, stepScale, epsilon, learningRate }) {
      const next = optimiser.update({
        gradient: g!,
        parameters: x!,
        state: { m: m!, v: v! },
        scalars: { stepScale: stepScale!, epsilon: epsilon! },
        learningRate: learningRate!,
      });
      return { x: next.parameters, ...next.state };
    },
  };
  let state: Record<string, Values> = { x: Float32Array.of(start), ...optimiser.init(1) };
  for (const [i, gradient] of gradients.entries()) {
    const { stepScale, epsilon } = optimiser.scalars(i + 1);
    state = await runEager(program, {
      ...state,
      g: Float32Array.of(gradient),
      stepScale: Float32Array.of(stepScale!),
      epsilon: Float32Array.of(epsilon!),
      learningRate: Float32Array.of(learningRate),
    });
  }
  return state.x![0]!;
}

const value = (max: number) => fc.double({ min: -max, max, noNaN: true, noDefaultInfinity: true });

/** 0, or of either sign and of a size from 0.001 to 10. */
const gradientOfAnySize = fc
  .tuple(fc.constantFrom(-1, 0, 1), fc.double({ min: -3, max: 1, noNaN: true }))
  .map(([sign, exponent]) => sign * 10 ** exponent);

describe('adamW', () => {
  test('moves as the published algorithm does, from the first step on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(gradientOfAnySize, { minLength: 1, maxLength: 6 }),
        value(3),
        fc.constantFrom(1e-3, 0.1),
        fc.constantFrom(0, 0.05),
        async (gradients, start, learningRate, weightDecay) => {
          const moved = await descend(gradients, start, learningRate, weightDecay);
          expect(Math.abs(moved - reference(gradients, start, learningRate, weightDecay))).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('steps by the learning rate against the sign of a constant gradient, whatever its size', async () => {
    for (const gradient of [1e-3, 5, -700]) {
      const moved = await descend([gradient, gradient, gradient], 0, 0.01, 0);
      expect(moved).toBeCloseTo(-0.03 * Math.sign(gradient), 5);
    }
  });

  test('decays weights apart from the gradient', async () => {
    expect(await descend([0, 0], 2, 0.1, 0.5)).toBeCloseTo(2 * (1 - 0.05) ** 2, 6);
  });
});

describe('clipByGlobalNorm', () => {
  const clip = async (gradient: readonly number[], maxNorm: number) => {
    const program: Program = {
      name: 'clip',
      inputs: { gradient: { shape: [gradient.length] } },
      run: ({ gradient }) => ({ ...clipByGlobalNorm(gradient!, maxNorm) }),
    };
    const { clipped, norm } = await runEager(program, { gradient: Float32Array.from(gradient) });
    return { clipped: [...clipped!], norm: norm![0]! };
  };

  test('keeps the direction and limits the length; shorter gradients pass unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(value(100), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0.1, max: 50, noNaN: true }),
        async (gradient, maxNorm) => {
          const { clipped, norm } = await clip(gradient, maxNorm);
          const length = Math.hypot(...gradient);
          expect(norm).toBeCloseTo(length, 3);
          expect(Math.hypot(...clipped)).toBeLessThanOrEqual(maxNorm * (1 + 1e-5));
          const factor = Math.min(1, maxNorm / (length + 1e-6));
          clipped.forEach((x, i) => {
            expect(Math.abs(x - factor * gradient[i]!)).toBeLessThan(1e-4);
          });
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('cosineSchedule', () => {
  const rate = cosineSchedule({ peak: 2, warmupSteps: 4, steps: 12 });

  test('rises in a line, peaks, and falls to nothing', () => {
    expect([0, 1, 2, 3].map(rate)).toEqual([0.5, 1, 1.5, 2]);
    expect(rate(4)).toBe(2);
    expect(rate(8)).toBeCloseTo(1, 12); // halfway through the cosine
    expect(rate(11)).toBeCloseTo(1 + Math.cos((7 / 8) * Math.PI), 12);
    expect(rate(12)).toBe(0);
    expect(rate(100)).toBe(0);
  });

  test('never rises after the warm-up', () => {
    for (let step = 4; step < 12; step++) expect(rate(step + 1)).toBeLessThan(rate(step));
  });

  test('works without a warm-up and refuses one that is longer than the run', () => {
    expect(cosineSchedule({ peak: 1, warmupSteps: 0, steps: 2 })(0)).toBe(1);
    expect(() => cosineSchedule({ peak: 1, warmupSteps: 3, steps: 2 })).toThrow("can't warm up for 3");
  });
});
