import ndarray from 'ndarray';
import type { Frame, Instruction } from '../../src/core/contracts.ts';
import type { Experience, Moment, Situation } from '../../src/core/memory-contracts.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import type { EpisodeRecord } from '../../src/memory/episode-record.ts';

/** A push as an agent with a small frame would have lived it; all of it follows from the seed. */
export function rememberedEpisode(seed: number, changes: Partial<EpisodeRecord> = {}): EpisodeRecord {
  const rng = createRng(seed, 'remembered');
  return {
    world: 'tabletop',
    encoder: 'encoder-a',
    seed,
    outcome: { success: true, finalDistance: 0.01 * rng.uniform(), violationSteps: 0, violations: [] },
    experience: experienceOf(rng),
    ...changes,
  };
}

const instruction: Instruction = {
  taskId: 'push-to-goal',
  objective: [{ term: 'distance', of: 'object', to: 'goal', tolerance: 0.02 }],
  guardrails: [],
  targets: { goal: [0.3, 0.7] },
  entities: [
    { name: 'pusher', colour: [50, 54, 63] },
    { name: 'object', colour: [214, 40, 57] },
  ],
  goalFrame: null,
  budgetSteps: 6,
};

function experienceOf(rng: Rng): Experience {
  const steps = 6;
  const actions = Float32Array.from({ length: 2 * steps }, () => rng.between(-1, 1));
  const place = Array.from({ length: 4 }, () => rng.between(0.3, 0.7));
  const moments = Array.from({ length: steps }, (_, step): Moment => {
    const positions = Float32Array.from(place);
    const situation = step === steps - 1 ? null : situationOf(rng);
    // The pusher goes where it is told, and is seen there, nearly.
    for (const axis of [0, 1]) place[axis]! += 0.04 * actions[2 * step + axis]! + 0.001 * rng.normal();
    return { step, frame: frameOf(rng), positions, situation };
  });
  const goal = [rng.uniform(), rng.uniform()] as const;
  return { instruction: { ...instruction, targets: { goal } }, moments, actions, actionSize: 2 };
}

export function situationOf(rng: Rng, kind = 'distance object'): Situation {
  const numbers = (count: number) => Float32Array.from({ length: count }, () => rng.uniform());
  return { kind, points: numbers(6), key: numbers(4) };
}

/** Plain, as frames of a table are: long runs of one colour. */
function frameOf(rng: Rng): Frame {
  const frame = ndarray(new Uint8Array(8 * 8 * 3).fill(238), [8, 8, 3]);
  frame.set(rng.integer(8), rng.integer(8), rng.integer(3), rng.integer(256));
  return frame;
}
