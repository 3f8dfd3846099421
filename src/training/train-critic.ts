import { UsageError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { adamW } from '../engine/optimiser.ts';
import { constants, initialise, layoutOf } from '../engine/parameters.ts';
import type { CompileOptions } from '../engine/program.ts';
import { cosineSchedule } from '../engine/schedule.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { createTrainer } from '../engine/trainer.ts';
import { createTrainingStep } from '../engine/training-step.ts';
import { latentSize } from '../world-model/config.ts';
import { criticSpecs } from '../world-model/critic/critic.ts';
import { criticLoss, neverSeen } from '../world-model/critic/critic-loss.ts';
import type { StoredModel } from '../world-model/decode-model.ts';
import { bindWorldModel, slotCount } from '../world-model/world-model.ts';
import { createCriticBatches, playLatents } from './critic-play.ts';

export interface TrainCriticOptions extends CompileOptions {
  /** Stays as it is. */
  readonly model: Pick<StoredModel, 'config' | 'layout' | 'parameters' | 'directory'>;
  readonly seed: number;
  /** @defaultValue 4000 */
  readonly trajectories?: number;
  /** @defaultValue 12000 */
  readonly steps?: number;
  readonly onStep?: (step: number, metrics: Readonly<Record<string, number>>) => void;
}

const batch = 192;
/** Twelve directions: the best of them is no more than 4 % slower than the best of all, where random ones are far slower. */
const around = 12;
const anywhere = 4;
const lead = 6;
const teacherDecay = 0.99;
const learningRate = 1e-3;

/**
 * Trains a critic on a model's frozen latents of Two-Rooms' play. The same model and seed give the same parameters.
 *
 * @throws UsageError for a model of another world, or of slots
 */
export async function trainCritic({
  model,
  seed,
  trajectories = 4000,
  steps = 12_000,
  onStep,
  ...options
}: TrainCriticOptions): Promise<Float32Array> {
  const { config } = model;
  if (config.world !== 'two-rooms' || slotCount(config) !== 1) {
    throw new UsageError(
      `'${model.directory}' is of the world '${config.world}': a critic is trained on one flat latent, in two-rooms`,
    );
  }
  if (config.history !== undefined) throw new UsageError('a critic is trained on models that go by single frames');
  const size = latentSize(config);
  const play = await playLatents(model, trajectories, seed, options);
  const reach = Math.min(config.action.maxNorm ?? Number.POSITIVE_INFINITY, ...config.action.high);
  const batches = createCriticBatches({ play, reach, batch, around, anywhere, lead, seed });
  const layout = layoutOf(criticSpecs(size));
  const trainer = await createTrainer({
    step: createTrainingStep({
      name: 'critic',
      layout,
      inputs: {
        latent: { shape: [batch, size] },
        goal: { shape: [batch, size] },
        seen: { shape: [batch] },
        away: { shape: [batch, lead + 1] },
        leads: { shape: [batch, 2] },
        actions: { shape: [batch, around + anywhere, 2] },
      },
      loss(critic, { latent, goal, seen, away, leads, actions }, teacher) {
        const world = bindWorldModel(config, constants(model.parameters, model.layout));
        const predict = (z: Tensor, a: Tensor): Tensor =>
          tf.reshape(world.predict(tf.expandDims(z, 1), a), [z.shape[0]!, size]);
        let led = latent!;
        const ways = [led];
        for (let i = 0; i < lead; i++) {
          led = predict(led, leads!);
          ways.push(led);
        }
        const start = tf.sum(tf.mul(tf.stack(ways, 1), tf.expandDims(away!, 2)), 1);
        return criticLoss(critic, teacher, predict, { latent: start, goal: goal!, seen: seen!, actions: actions! });
      },
      optimiser: adamW({ weightDecay: 1e-5 }),
      clipNorm: 1,
      teacherDecay,
    }),
    parameters: initialise(layout, createRng(seed, 'critic', 'initialise')),
    ...options,
  });
  const rate = cosineSchedule({ peak: learningRate, warmupSteps: Math.min(100, Math.floor(steps / 4)), steps });
  for (let step = 0; step < steps; step++) {
    const metrics = await trainer.step(batches.at(step, neverSeen), rate(step));
    onStep?.(step + 1, metrics);
  }
  const { parameters } = trainer.state();
  await trainer.dispose();
  return parameters;
}
