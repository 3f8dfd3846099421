import { coherence } from './coherence.ts';
import type { EpisodeRecord } from './episode-record.ts';

/**
 * What did not move the pusher as it seems is not what was done. Agents' own episodes have more than 0.99 on the table
 * and 0.55 to 0.9 among walls, that stop it; other actions have 0 +- 0.15 in episodes of 30 and more steps.
 */
const leastCoherence = 0.4;

/** Why an episode is kept for people to look at and never recalled; null where it may be. */
export function reasonNotToRecall({ outcome, experience }: Pick<EpisodeRecord, 'outcome' | 'experience'>) {
  if (!outcome.success) return 'it failed';
  if (outcome.violationSteps > 0) return 'it broke a guardrail';
  if (coherence(experience) < leastCoherence) return 'what was done does not explain where the pusher went';
  return null;
}
