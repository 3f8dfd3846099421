import { createAgentWithModel } from '../agent/create-agent-with-model.ts';
import type { Imagined, Observation } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { deriveSeed } from '../core/rng.ts';
import type { CompileOptions } from '../engine/program.ts';
import { createEnvironment } from '../env/create-environment.ts';
import { taskById } from '../env/registry.ts';
import { fieldSize, type TwoRoomsLayout } from '../env/two-rooms/field.ts';
import { moveTwoRooms } from '../env/two-rooms/move.ts';
import { readLayout } from '../env/two-rooms/state.ts';
import { brokenPromises } from './broken-promises.ts';
import type { RecipeStage } from './recipe.ts';
import type { ModelSoFar, TrainingEvents } from './training-data.ts';
import { emptyTrajectories, type Trajectories, type Windows } from './two-rooms-windows.ts';

/** What the agent means to do with the model so far, and what would come of it. */
export interface OwnTrajectories {
  /** One for each of its plans, carried out to the end in the simulator. */
  readonly plans: Trajectories;
  /** Windows of them in which the dot does not get where the model promised. */
  readonly broken: Windows;
}

/**
 * Episodes the agent plays with the model so far, on layouts of their own. Of each plan it makes on its way, the first
 * action is done, as ever, and the whole is carried out beside in the simulator: the search finds the very sequences
 * that the model is wrong about, walls it believes it can cross among them, and an agent that plans anew at every
 * block would seldom come to the place where they fail.
 *
 * As in DAgger (Ross et al., 2011) the learner chooses what it learns from; here by what it imagines, not by where it
 * gets to.
 * @param span Blocks of a window.
 */
export async function playOwnTrajectories(
  model: ModelSoFar,
  { episodes, steps }: NonNullable<RecipeStage['ownEpisodes']>,
  span: number,
  seed: number,
  stage: string,
  options: CompileOptions,
  events: TrainingEvents,
): Promise<OwnTrajectories> {
  const { actionRepeat } = model.config;
  const environment = createEnvironment(taskById('two-rooms'));
  const agent = await createAgentWithModel(
    { ...model, hash: '', directory: '(in training)' },
    { ...options, world: 'two-rooms' },
  );
  const perEpisode = Math.ceil(steps / actionRepeat);
  let plans: Trajectories | null = null;
  const imagined: Imagined['positions'][] = [];
  for (let episode = 0; episode < episodes; episode++) {
    const episodeSeed = deriveSeed(seed, 'own-episodes', stage, episode);
    const { observation, instruction, info } = environment.reset({ seed: episodeSeed });
    const layout = readLayout(environment.getState());
    await agent.begin([{ instruction, seed: episodeSeed }]);
    let seen: Observation = observation;
    let place = info.truth.positions.pusher!;
    for (let t = 0; t < steps; t++) {
      const [decision] = await agent.act([seen]);
      if (!decision) throw new RunError('the agent made no decision');
      if (t % actionRepeat === 0) {
        const { actions, positions } = decision.imagined!;
        const blocks = positions.length - 1;
        plans ??= emptyTrajectories(episodes * perEpisode, blocks * actionRepeat + 1);
        carryOut(plans, imagined.length, layout, [place[0] * fieldSize, place[1] * fieldSize], actions!, actionRepeat);
        imagined.push(positions);
      }
      const next = environment.step(decision.action);
      seen = next.observation;
      place = next.info.truth.positions.pusher!;
    }
    if ((episode + 1) % 10 === 0) events.onPrepare?.('playing with the model so far', episode + 1, episodes);
  }
  agent.dispose?.();
  return { plans: plans!, broken: brokenPromises(plans!, imagined, actionRepeat, span) };
}

/** Writes where a plan [H, 2] leads the dot from a place in pixels. */
export function carryOut(
  { positions, actions, wallX, doorY, frames }: Trajectories,
  index: number,
  layout: TwoRoomsLayout,
  [x, y]: readonly [number, number],
  plan: Float32Array,
  actionRepeat: number,
): void {
  wallX[index] = layout.wallX;
  doorY[index] = layout.doorY;
  let at = 2 * index * frames;
  positions[at] = x;
  positions[at + 1] = y;
  for (let t = 0; t < frames - 1; t++, at += 2) {
    const block = 2 * Math.floor(t / actionRepeat);
    const [dx, dy] = [plan[block]!, plan[block + 1]!];
    actions.set([dx, dy], 2 * (index * (frames - 1) + t));
    positions[at + 2] = positions[at]!;
    positions[at + 3] = positions[at + 1]!;
    moveTwoRooms(positions, at + 2, dx, dy, layout);
  }
}
