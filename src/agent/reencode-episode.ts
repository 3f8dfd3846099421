import type { Moment } from '../core/memory-contracts.ts';
import type { EpisodeRecord } from '../memory/episode-record.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { momentOf } from './diary.ts';
import { coloursOfHands, createObserver, perceiveGoal } from './observer.ts';
import type { Perception } from './perception.ts';

/**
 * A remembered episode as this model would have perceived it: from its pictures, as they were seen then. What was done
 * and how it ended stay as they are.
 *
 * @throws RunError where the model cannot see something that the episode is about
 */
export async function reencodeEpisode(
  record: EpisodeRecord,
  model: StoredModel,
  perception: Perception,
): Promise<EpisodeRecord> {
  const { config } = model;
  const { experience } = record;
  const { instruction } = experience;
  const observer = createObserver({ model, instruction, goal: await perceiveGoal(perception, instruction) });
  const moments: Moment[] = [];
  for (const { step, ...observation } of experience.moments) {
    const look = observer.look(
      await perception.perceive(observer.remember(observation), coloursOfHands(instruction), observer.twins),
    );
    moments.push(momentOf({ config, step, observation, look }));
  }
  return { ...record, encoder: model.hash, experience: { ...experience, moments } };
}
