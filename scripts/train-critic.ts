/**
 * Trains a critic on a model's frozen latents and puts it beside the model: node dist/scripts/train-critic.js
 * [--model models/two-rooms] [--trajectories N] [--steps N] [--seed N] [--threads N]. Off until an agent is told to use
 * it; `measure-critic.js` says what that is worth.
 */
import { parseArgs } from 'node:util';
import { shippedModelDirectory } from '../src/agent/create-agent.ts';
import { UsageError } from '../src/core/errors.ts';
import { trainCritic } from '../src/training/train-critic.ts';
import { saveCritic } from '../src/world-model/critic/critic-store.ts';
import { loadModel } from '../src/world-model/model-store.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: shippedModelDirectory('two-rooms') },
    trajectories: { type: 'string', default: '4000' },
    steps: { type: 'string', default: '12000' },
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '1' },
  },
});
const count = (name: keyof typeof values): number => {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0) throw new UsageError(`--${name} is a whole number, got '${values[name]}'`);
  return value;
};

const model = await loadModel(values.model);
const parameters = await trainCritic({
  model,
  seed: count('seed'),
  trajectories: count('trajectories'),
  steps: count('steps'),
  threads: count('threads'),
  onStep(step, { error, wanted }) {
    if (step % 500 === 0) console.error(`step ${step}: off by ${error!.toFixed(2)} of ${wanted!.toFixed(2)} steps`);
  },
});
await saveCritic(values.model, model.config, parameters);
