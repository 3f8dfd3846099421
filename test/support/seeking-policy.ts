import type { Policy } from '../../src/core/contracts.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';

/** Walks from the red pixel to the target it is told, with noise of its own: a policy that uses all it may see. */
export function createSeekingPolicy(): Policy {
  let targets: readonly (readonly [number, number])[] = [];
  let rngs: readonly Rng[] = [];
  return {
    name: 'seeking',
    async begin(episodes) {
      targets = episodes.map(({ instruction }) => instruction.targets.goal!);
      rngs = episodes.map(({ seed }) => createRng(seed, 'seeking'));
    },
    async act(observations) {
      return observations.map((observation, i) => {
        if (observation === null) return null;
        const { frame } = observation;
        const size = frame.shape[0]!;
        const pixel = Array.from({ length: size * size }, (_, p) => p).find(
          (p) => frame.get(Math.floor(p / size), p % size, 0) === 255,
        )!;
        const at = [((pixel % size) + 0.5) / size, (Math.floor(pixel / size) + 0.5) / size] as const;
        const action = Float32Array.from(at, (x, axis) =>
          Math.max(-0.1, Math.min(0.1, targets[i]![axis]! - x + 0.02 * rngs[i]!.normal())),
        );
        const fallback = rngs[i]!.chance(0.2) ? 'brake' : null;
        return { action, imagined: { cost: 0, violation: 0, positions: [[at]], fallback } };
      });
    },
  };
}
