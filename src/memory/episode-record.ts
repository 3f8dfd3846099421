import type { Experience, Outcome } from '../core/memory-contracts.ts';
import type { WorldName } from '../core/task.ts';

/** An episode as memory keeps it: what the agent lived through, and what the simulator said of it. */
export interface EpisodeRecord {
  readonly world: WorldName;
  /** SHA-256 of the model whose encoder the moments were perceived with. */
  readonly encoder: string;
  /** What the environment was reset with. */
  readonly seed: number;
  readonly outcome: Outcome;
  readonly experience: Experience;
}

/** What a list shows of an episode. */
export interface EpisodeSummary {
  /** Counts up in the order of remembering and is never given again. */
  readonly number: number;
  readonly world: WorldName;
  readonly task: string;
  readonly encoder: string;
  readonly seed: number;
  readonly steps: number;
  readonly moments: number;
  readonly outcome: Outcome;
  /** On disk. */
  readonly bytes: number;
}
