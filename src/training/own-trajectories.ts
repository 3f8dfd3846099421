import { createAgentWithModel } from '../agent/create-agent.ts';
import type { Observation } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { deriveSeed } from '../core/rng.ts';
import type { CompileOptions } from '../engine/program.ts';
import { createEnvironment } from '../env/create-environment.ts';
import { taskById } from '../env/registry.ts';
import { fieldSize } from '../env/two-rooms/field.ts';
import { readLayout } from '../env/two-rooms/state.ts';
import type { RecipeStage } from './recipe.ts';
import type { ModelSoFar, TrainingEvents } from './training-data.ts';
import { emptyTrajectories, type Trajectories } from './two-rooms-windows.ts';

/**
 * Episodes the agent plays with the model so far, on layouts of their own: the states its plans lead to, walls it
 * believed it could cross among them.
 */
export async function playOwnTrajectories(
  model: ModelSoFar,
  { episodes, steps }: NonNullable<RecipeStage['ownEpisodes']>,
  seed: number,
  stage: string,
  options: CompileOptions,
  events: TrainingEvents,
): Promise<Trajectories> {
  const environment = createEnvironment(taskById('two-rooms'));
  const agent = await createAgentWithModel(
    { ...model, hash: '', directory: '(in training)' },
    { ...options, world: 'two-rooms' },
  );
  const result = emptyTrajectories(episodes, steps + 1);
  for (let episode = 0; episode < episodes; episode++) {
    const episodeSeed = deriveSeed(seed, 'own-episodes', stage, episode);
    const { observation, instruction, info } = environment.reset({ seed: episodeSeed });
    const layout = readLayout(environment.getState());
    result.wallX[episode] = layout.wallX;
    result.doorY[episode] = layout.doorY;
    await agent.begin([{ instruction, seed: episodeSeed }]);
    let seen: Observation = observation;
    let place = info.truth.positions.pusher!;
    for (let t = 0; t <= steps; t++) {
      result.positions.set([place[0] * fieldSize, place[1] * fieldSize], 2 * (episode * (steps + 1) + t));
      if (t === steps) break;
      const [decision] = await agent.act([seen]);
      if (!decision) throw new RunError('the agent made no decision');
      result.actions.set(decision.action, 2 * (episode * steps + t));
      const next = environment.step(decision.action);
      seen = next.observation;
      place = next.info.truth.positions.pusher!;
    }
    if ((episode + 1) % 10 === 0) events.onPrepare?.('playing with the model so far', episode + 1, episodes);
  }
  agent.dispose?.();
  return result;
}
