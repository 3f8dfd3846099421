import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createPerception, findEntities } from '../../src/agent/perception.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { createRng } from '../../src/core/rng.ts';
import { constants } from '../../src/engine/parameters.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { tf } from '../../src/engine/tf.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { loadModel } from '../../src/world-model/model-store.ts';
import { bindWorldModel } from '../../src/world-model/world-model.ts';
import { encoders, frameSide, modelWith, paintFrames, stirred } from './sample-models.ts';

const models = join(packageRoot(), 'models');
/** Of another make: see test/eval/physics. */
const spectators = ['side-view', 'side-view-pixels'];
const taskOf: Record<string, string> = { tabletop: 'push-to-goal', 'two-rooms': 'two-rooms', 'push-t': 'push-t' };

/** Table widths by which a model may misplace things: those that the agent's are compared with see worse. */
const leeway: Record<string, number> = { 'tabletop-pixels': 0.3, 'two-rooms-pixels': 0.3 };

test('every shipped model loads, and sees where things are', async () => {
  const names = (await readdir(models)).filter((name) => !spectators.includes(name));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const model = await loadModel(join(models, name));
    const perception = await createPerception(model, {});
    const environment = createEnvironment(taskById(taskOf[model.config.world]!));
    for (const seed of [1, 2, 3]) {
      const { observation, instruction, info } = environment.reset({ seed });
      const percept = await perception.perceive(observation);
      findEntities(model, percept, instruction.entities).forEach((slot, i) => {
        const [x, y] = info.truth.positions[instruction.entities[i]!.name]!;
        expect(Math.hypot(percept.positions[2 * slot]! - x, percept.positions[2 * slot + 1]! - y)).toBeLessThan(
          leeway[name] ?? 0.04,
        );
      });
    }
    await perception.dispose();
  }
});

// What shipped models are made of must go on giving what it gave when they were trained. Values: this computation at
// the commit before encoders and predictors were put behind contracts.
test.each([
  ['strided-convolution', [-2.009, 0.65, -0.006]],
  ['colour-slots', [-13.051, -15.81, 3.307]],
] as const)('%s with its predictor gives what it always gave', async (kind, golden) => {
  const config = modelWith({ encoder: encoders[kind] });
  const { layout, parameters } = stirred(config, 1);
  const { sums } = await runEager(
    {
      name: 'golden',
      inputs: { frames: { shape: [2, frameSide, frameSide, 3] }, action: { shape: [2, 2] } },
      run({ frames, action }) {
        const model = bindWorldModel(config, constants(parameters, layout));
        const seen = model.encode(frames!);
        const next = model.predict(model.predict(seen, action!), action!);
        const { position } = model.probe(next);
        return { sums: tf.stack([seen, next, position].map((tensor) => tf.sum(tf.mul(tensor, tf.abs(tensor))))) };
      },
    },
    { frames: paintFrames(2, createRng(9, 'golden')), action: Float32Array.of(0.5, -0.2, -0.9, 0.4) },
  );
  for (const [i, value] of golden.entries()) expect(sums![i]).toBeCloseTo(value, 2);
});
