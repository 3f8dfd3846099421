import { createRng } from '../../../src/core/rng.ts';
import { differentiate } from '../../../src/engine/differentiate.ts';
import { adamW } from '../../../src/engine/optimiser.ts';
import { constants, initialise, layoutOf, unpack } from '../../../src/engine/parameters.ts';
import type { Tensors } from '../../../src/engine/program.ts';
import { runEager } from '../../../src/engine/run-eager.ts';
import { type Tensor, tf } from '../../../src/engine/tf.ts';
import { createTrainer } from '../../../src/engine/trainer.ts';
import { createTrainingStep } from '../../../src/engine/training-step.ts';
import { criticSpecs, remainingSteps } from '../../../src/world-model/critic/critic.ts';
import { criticLoss, neverSeen } from '../../../src/world-model/critic/critic-loss.ts';

/** A critic that says 10 softplus(bias) of everything. */
function constantCritic(layout: ReturnType<typeof layoutOf>, bias: number): Float32Array {
  const parameters = new Float32Array(layout.size);
  parameters[layout.entries.find(({ name }) => name === 'critic.2.bias')!.offset] = bias;
  return parameters;
}

const size = 3;
const layout = layoutOf(criticSpecs(size, [24, 24]));

test('what it wants is the least of what was seen and of a step more than the best that was tried', async () => {
  const { loss, told, wanted } = await runEager(
    {
      name: 'loss',
      inputs: {},
      run() {
        const [critic, teacher] = [constantCritic(layout, 0), constantCritic(layout, -1)];
        const { loss, metrics } = criticLoss(
          constants(critic, layout),
          constants(teacher, layout),
          (latent, action) => tf.add(latent, action),
          {
            latent: tf.zeros([2, size]),
            goal: tf.ones([2, size]),
            seen: tf.tensor1d([2, neverSeen]),
            actions: tf.ones([2, 4, size]),
          },
        );
        return { loss, told: metrics.told!, wanted: metrics.wanted! };
      },
    },
    {},
  );
  // told = 10 ln 2 = 6.9315; the teacher says 10 ln(1 + 1/e) = 3.1326, so wanted = (2 + 4.1326) / 2;
  // loss = mean of ((6.9315 - 2) / 10)^2 and ((6.9315 - 4.1326) / 10)^2.
  expect(told![0]).toBeCloseTo(6.9315, 3);
  expect(wanted![0]).toBeCloseTo(3.0663, 3);
  expect(loss![0]).toBeCloseTo((0.49315 ** 2 + 0.27989 ** 2) / 2, 4);
});

test('its gradient is the slope of the squared error with what is wanted held still', async () => {
  const rng = createRng(1, 'critic');
  const draw = (length: number) => Float32Array.from({ length }, () => rng.normal());
  const at = initialise(layout, createRng(2, 'critic'));
  const [latent, goal, actions] = [draw(4 * size), draw(4 * size), draw(4 * 2 * size)];
  const lossOf = (parameters: Tensors, teacher: Tensors): Tensor =>
    criticLoss(parameters, teacher, (z, a) => tf.add(z, a), {
      latent: tf.tensor(latent, [4, size]),
      goal: tf.tensor(goal, [4, size]),
      seen: tf.fill([4], neverSeen),
      actions: tf.tensor(actions, [4, 2, size]),
    }).loss;
  const slope = async (parameters: Float32Array) => {
    const { value, ...gradients } = await runEager(
      {
        name: 'slope',
        inputs: { parameters: { shape: [layout.size] } },
        run({ parameters: flat }) {
          const bound = unpack(flat!, layout);
          const names = Object.keys(bound);
          const { value, gradients } = differentiate(
            () => ({ value: lossOf(bound, constants(at, layout)), beside: {} }),
            Object.values(bound),
          );
          return { value, ...Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) };
        },
      },
      { parameters },
      { backend: 'cpu' },
    );
    return { value: value![0]!, gradient: layout.entries.flatMap(({ name }) => [...gradients[name]!]) };
  };
  const { gradient } = await slope(at);
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0));
  const direction = gradient.map((value) => value / norm);
  const step = 1e-2;
  const [above, below] = [1, -1].map((sign) => at.map((value, i) => value + sign * step * direction[i]!));
  const measured = ((await slope(above!)).value - (await slope(below!)).value) / (2 * step);
  expect(measured).toBeGreaterThan(1e-3);
  expect(Math.abs(measured / norm - 1)).toBeLessThan(0.01);
});

/** Places on a line, with a wall between the fourth and the fifth: the way around it goes from the third to the seventh. */
const places = 9;
/** Where each of three actions leads: on, back, and from place 2 alone over to place 6. */
const leads = [
  (place: number) => Math.min(places - 1, place === 3 ? 3 : place + 1),
  (place: number) => Math.max(0, place === 4 ? 4 : place - 1),
  (place: number) => (place === 2 ? 6 : place === 6 ? 2 : place),
] as const;

/** Fewest steps from place to place, by breadth-first search. */
function trueSteps(from: number, to: number): number {
  let reached = new Set([from]);
  for (let steps = 0; ; steps++) {
    if (reached.has(to)) return steps;
    reached = new Set([...reached].flatMap((place) => [place, ...leads.map((lead) => lead(place))]));
  }
}

test('in a small world with a wall it comes to tell the true number of steps, detours among them, of unseen ways', async () => {
  const pairs = places * places;
  const layoutOfWorld = layoutOf(criticSpecs(places, [48, 48]));
  const moves = leads.map((lead) =>
    Array.from({ length: places }, (_, from) => Array.from({ length: places }, (_, to) => Number(lead(from) === to))),
  );
  const predict = (latent: Tensor, action: Tensor): Tensor =>
    tf.addN(
      moves.map((move, i) =>
        tf.mul(tf.matMul(latent, tf.tensor2d(move)), tf.slice(action, [0, i], [action.shape[0]!, 1])),
      ),
    );
  const oneHot = (of: (pair: number) => number) =>
    tf.tensor2d(
      Array.from({ length: pairs }, (_, pair) => Array.from({ length: places }, (_, i) => Number(i === of(pair)))),
    );
  const latent = () => oneHot((pair) => Math.floor(pair / places));
  const goal = () => oneHot((pair) => pair % places);
  const trainer = await createTrainer({
    step: createTrainingStep({
      name: 'small-world',
      layout: layoutOfWorld,
      inputs: {},
      loss: (critic, _, teacher) =>
        criticLoss(critic, teacher, predict, {
          latent: latent(),
          goal: goal(),
          // Nothing was ever seen but standing still.
          seen: tf.tensor1d(
            Array.from({ length: pairs }, (_, pair) => (Math.floor(pair / places) === pair % places ? 0 : neverSeen)),
          ),
          actions: tf.tile(tf.expandDims(tf.eye(leads.length), 0), [pairs, 1, 1]),
        }),
      optimiser: adamW({ weightDecay: 0 }),
      clipNorm: 1,
      teacherDecay: 0.9,
    }),
    parameters: initialise(layoutOfWorld, createRng(3, 'small-world')),
  });
  for (let step = 0; step < 700; step++) await trainer.step({}, step < 500 ? 4e-3 : 1e-3);
  const { parameters } = trainer.state();
  await trainer.dispose();
  const { told } = await runEager(
    {
      name: 'told',
      inputs: {},
      run: () => ({ told: remainingSteps(constants(parameters, layoutOfWorld), latent(), goal()) }),
    },
    {},
  );
  const wanted = Array.from({ length: pairs }, (_, pair) => trueSteps(Math.floor(pair / places), pair % places));
  // From 3 to 4, neighbours with a wall between: back to 2, over to 6, back to 5, to 4.
  expect(wanted[3 * places + 4]).toBe(4);
  const errors = wanted.map((steps, pair) => Math.abs(told![pair]! - steps));
  expect(Math.max(...errors)).toBeLessThan(0.5);
});
