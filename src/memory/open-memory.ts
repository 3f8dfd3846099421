import { UsageError } from '../core/errors.ts';
import type { Memory } from '../core/memory-contracts.ts';
import type { WorldName } from '../core/task.ts';
import { mapDisplacements } from './align.ts';
import type { EpisodeStore } from './episode-store.ts';
import { reasonNotToRecall } from './recallable.ts';
import { createSituationIndex, type Symmetry } from './situation-index.ts';

export interface MemoryOptions {
  readonly store: EpisodeStore;
  /** SHA-256 of the model that perceives. */
  readonly encoder: string;
  readonly world: WorldName;
  /** Situations further apart than this are not alike. Table widths. @defaultValue 0.08 */
  readonly farthest?: number;
}

const symmetries: Readonly<Record<WorldName, Symmetry>> = { tabletop: 'rigid', 'two-rooms': 'none', 'push-t': 'rigid' };

/** How much latents count beside places, table widths a unit: what a thing looks like matters less than where it is. */
const keyScale = 0.03;

const defaultFarthest = 0.08;

/**
 * The memory of one world, through the eyes of one encoder. It recalls from what the store holds *now*, and from
 * nothing that is remembered later: what episodes are played together or before one another changes no decision.
 *
 * Only successes that broke no guardrail are recalled, and of these only such as hang together: the others are kept for
 * people to look at.
 *
 * @throws UsageError where the store has episodes of this world that another encoder perceived
 */
export function openMemory({ store, encoder, world, farthest = defaultFarthest }: MemoryOptions): Memory {
  const ours = store.list().filter((episode) => episode.world === world);
  const foreign = ours.filter((episode) => episode.encoder !== encoder);
  if (foreign.length > 0) throw foreignKeys(store.directory, encoder, foreign);

  const index = createSituationIndex({ symmetry: symmetries[world], keyScale, farthest });
  const actionsOf = new Map<number, { readonly actions: Float32Array; readonly actionSize: number }>();
  for (const { number, outcome } of ours) {
    if (!outcome.success) continue;
    const record = store.read(number);
    if (reasonNotToRecall(record) !== null) continue;
    const { moments, actions, actionSize } = record.experience;
    actionsOf.set(number, { actions, actionSize });
    for (const { situation, step } of moments) if (situation !== null) index.add(situation, number, step);
  }

  return {
    encoder,
    recall(situation, { count, steps }) {
      return index.nearest(situation, count).map(({ episode, step, map }) => {
        const { actions, actionSize } = actionsOf.get(episode)!;
        const rest = actions.slice(step * actionSize, (step + steps) * actionSize);
        return actionSize === 2 ? mapDisplacements(map, rest) : rest;
      });
    },
    async remember(experience, outcome, seed) {
      return store.append({ world, encoder, seed, outcome, experience });
    },
  };
}

function foreignKeys(directory: string, encoder: string, foreign: readonly { readonly encoder: string }[]): UsageError {
  const others = [...new Set(foreign.map((episode) => episode.encoder.slice(0, 12)))].join(', ');
  return new UsageError(
    `the memory in '${directory}' holds ${foreign.length} episodes that another model perceived (${others}; this one ` +
      `is ${encoder.slice(0, 12)}), and what two models see does not compare. Let this model look at them again with ` +
      `'amitable memory reencode', drop them with 'amitable memory forget', or name another folder.`,
  );
}
