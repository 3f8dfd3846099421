import { type AgentOptions, createAgentWithModel } from '../../src/agent/create-agent.ts';
import type { Memory } from '../../src/core/memory-contracts.ts';
import { deriveSeed } from '../../src/core/rng.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { type EndedEpisode, runEpisodes } from '../../src/eval/run-episodes.ts';
import type { StoredModel } from '../../src/world-model/model-store.ts';

/** How one scene went, all attempts together. */
export interface Scene {
  /** Candidates scored. */
  readonly evaluations: number;
  readonly solved: boolean;
  readonly solvedAtOnce: boolean;
  /** The distance left at the end of the first attempt. */
  readonly firstDistance: number;
}

/** How the scenes went with one memory. */
export interface Arm {
  readonly scenes: readonly Scene[];
  /** Share of decisions for which something was recalled. */
  readonly recalled: number;
}

export interface Attempts {
  readonly model: StoredModel;
  readonly task: TaskSpec;
  readonly memory: Memory | null;
  /** How to search; none of it: as the model's own planner does. */
  readonly search: Pick<AgentOptions, 'planner' | 'plannerOptions'>;
  readonly seeds: readonly number[];
  /** At most so many a scene. */
  readonly attempts: number;
  /** Names the policy's seeds: arms of the same name differ in memory alone. */
  readonly stream: string;
  readonly onEnded?: (episode: EndedEpisode) => Promise<void>;
}

/** Attempts every scene until it is solved. */
export async function attemptScenes(options: Attempts): Promise<Arm> {
  const { model, task, memory, search, seeds, attempts, stream, onEnded } = options;
  let [decisions, recalled] = [0, 0];
  const counting = memory && {
    ...memory,
    recall(...request: Parameters<Memory['recall']>) {
      const found = memory.recall(...request);
      recalled += Number(found.length > 0);
      return found;
    },
  };
  const policy = await createAgentWithModel(model, { world: model.config.world, memory: counting, ...search });
  const scenes = new Map<number, Scene>();
  for (let attempt = 0; attempt < attempts; attempt++) {
    const open = seeds.filter((seed) => scenes.get(seed)?.solved !== true);
    if (open.length === 0) break;
    const episodes = await runEpisodes({
      policy,
      createEnvironment: () => createEnvironment(task),
      seeds: open,
      policySeed: (seed) => deriveSeed(seed, stream, attempt),
      ...(onEnded === undefined ? {} : { onEnded }),
    });
    for (const { seed, steps, success, finalDistance } of episodes) {
      const plans = Math.ceil(steps / model.config.actionRepeat);
      const before = scenes.get(seed);
      decisions += plans;
      scenes.set(seed, {
        evaluations: (before?.evaluations ?? 0) + plans * policy.evaluationsPerPlan!,
        solved: success,
        solvedAtOnce: success && before === undefined,
        firstDistance: before?.firstDistance ?? finalDistance,
      });
    }
  }
  await policy.dispose?.();
  return { scenes: seeds.map((seed) => scenes.get(seed)!), recalled: recalled / decisions };
}
