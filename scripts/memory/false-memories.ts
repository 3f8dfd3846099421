import type { Outcome } from '../../src/core/memory-contracts.ts';
import { createRng } from '../../src/core/rng.ts';
import type { BoxSpace } from '../../src/core/space.ts';
import type { EpisodeRecord } from '../../src/memory/episode-record.ts';

const success: Outcome = { success: true, finalDistance: 0, violationSteps: 0, violations: [] };

/** Successes with one another's actions. */
export function shuffled(records: readonly EpisodeRecord[]): EpisodeRecord[] {
  const successes = records.filter(({ outcome }) => outcome.success);
  return successes.map((record, i) => withActions(record, successes[(i + 1) % successes.length]!.experience.actions));
}

/** Every episode a success, its actions drawn at random. */
export function poisoned(records: readonly EpisodeRecord[], actionSpace: BoxSpace, seed: number): EpisodeRecord[] {
  return forged(records).map((record, i) => {
    const rng = createRng(seed, 'memory', 'poison', i);
    const { actions, actionSize } = record.experience;
    const random = Array.from({ length: actions.length / actionSize }, () => [...actionSpace.sample(rng)]);
    return withActions(record, Float32Array.from(random.flat()));
  });
}

/** Every episode a success, whatever it was. */
export function forged(records: readonly EpisodeRecord[]): EpisodeRecord[] {
  return records.map((record) => ({ ...record, outcome: success }));
}

function withActions(record: EpisodeRecord, actions: Float32Array): EpisodeRecord {
  return { ...record, experience: { ...record.experience, actions } };
}
