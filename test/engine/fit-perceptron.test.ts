import { createRng } from '../../src/core/rng.ts';
import { compile } from '../../src/engine/compile.ts';
import { fitPerceptron } from '../../src/engine/fit-perceptron.ts';

const target = ([x, y]: readonly number[]): [number, number] => [x! * y!, Math.sin(3 * x!)];

/** What it says of each point, after so many steps on points of the square [-1, 1]^2. */
async function fitted(steps: number, points: readonly (readonly number[])[]): Promise<number[][]> {
  const perceptron = await fitPerceptron({
    name: 'test',
    features: 2,
    targets: 2,
    steps,
    peak: 2e-3,
    rngFor: (purpose) => createRng(3, 'fit-perceptron', purpose),
    draw(rng, features, targets) {
      features.set([rng.between(-1, 1), rng.between(-1, 1)]);
      targets.set(target([...features]));
    },
    threads: 1,
  });
  const program = await compile(
    {
      name: 'said',
      inputs: { points: { shape: [points.length, 2] } },
      run: (inputs) => ({ said: perceptron(inputs.points!) }),
    },
    { threads: 1 },
  );
  const { said } = await program.run({ points: Float32Array.from(points.flat()) });
  await program.dispose();
  return points.map((_, i) => [...(said as Float32Array).slice(2 * i, 2 * i + 2)]);
}

const grid = [-0.8, -0.3, 0.2, 0.7].flatMap((x) => [-0.6, 0.1, 0.9].map((y) => [x, y]));

test('learns a function from draws of it', async () => {
  const rms = async (steps: number): Promise<number> => {
    const said = await fitted(steps, grid);
    const errors = grid.flatMap((point, i) => target(point).map((wanted, k) => (said[i]![k]! - wanted) ** 2));
    return Math.sqrt(errors.reduce((sum, each) => sum + each, 0) / errors.length);
  };
  // What is asked for varies by 0.57 (root mean square over the grid).
  expect(await rms(300)).toBeLessThan(0.15);
});

test('the same generators give the same perceptron, to the bit', async () => {
  expect(await fitted(100, [[0.5, 0.5]])).toEqual(await fitted(100, [[0.5, 0.5]]));
});
