import { createRng, type Rng } from '../../core/rng.ts';
import type { TaskSpec } from '../../core/task.ts';
import { type Collector, collectEpisode } from '../../data/collect-episode.ts';
import type { Episode } from '../../data/episode.ts';
import { createEnvironment } from '../../env/create-environment.ts';
import { createPushTPlay } from '../../env/push-t/play.ts';
import { createPlayPolicy, type PlayPolicy } from '../../env/tabletop/play-policy.ts';
import { createExpertPolicy } from '../baselines/expert.ts';
import { createRandomPolicy } from '../baselines/random.ts';
import type { CollectingPolicy } from './policies.ts';
import { createPolicyCollector } from './policy-collector.ts';
import { createTwoRoomsPlay } from './two-rooms-play.ts';

export interface EpisodeSourceOptions {
  readonly task: TaskSpec;
  readonly policy: CollectingPolicy;
  /** Decisions an episode has at most. @defaultValue the task's budget */
  readonly steps?: number | undefined;
}

/** Plays the episode of a seed; the same seed gives the same episode, bit for bit, whatever came before. */
export type EpisodeSource = (seed: number) => Promise<Episode>;

export function createEpisodeSource({ task, policy, steps }: EpisodeSourceOptions): EpisodeSource {
  const world = task.world ?? 'tabletop';
  if (policy === 'play' && world === 'two-rooms') return createTwoRoomsPlay(task, steps);
  const environment = createEnvironment(task);
  const collector = createCollector();
  return (seed) =>
    collectEpisode({ environment, collector, seed, ...(steps === undefined ? {} : { maxSteps: steps }) });

  function createCollector(): Collector {
    if (policy === 'random') return createPolicyCollector(createRandomPolicy(environment));
    if (policy === 'expert') return createPolicyCollector(createExpertPolicy(task));
    return createPlay(world === 'push-t' ? createPushTPlay : createPlayPolicy);
  }
}

function createPlay(createPolicy: (rng: Rng) => PlayPolicy): Collector {
  let play: PlayPolicy | null = null;
  return {
    begin({ seed }) {
      play = createPolicy(createRng(seed, 'collect', 'play'));
    },
    act: (_, { truth }) => play!.act(truth),
  };
}
