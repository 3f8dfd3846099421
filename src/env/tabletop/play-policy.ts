import type { Truth } from '../../core/contracts.ts';
import type { Rng } from '../../core/rng.ts';
import type { Point, Range } from '../../core/task.ts';
import { maxDisplacement } from './physics.ts';

/** Decides from the true state: only for making data, never at planning time. */
export interface PlayPolicy {
  act(truth: Truth): Float32Array;
}

const segmentSteps: Range = [2, 7];
const speed: Range = [0.4, 1];
/** Share of segments that go for an object, and of those the share that goes beside it rather than through it. */
const contactShare = 0.9;
const besideShare = 0.45;
/** Distance from the object's centre of a place beside it, and how far a push goes on behind the centre. */
const beside: Range = [0.13, 0.21];
const overshoot: Range = [0, 0.3];
/** How far off its centre half of the pushes aim: through the centre things hardly turn. */
const offCentre = 0.08;
const offCentreShare = 0.5;
const noiseStd = 0.2;
const uniformShare = 0.05;

/**
 * Play that meets things: straight segments to places beside objects and through them, with noise, and now and
 * then an action out of nowhere. Random actions alone would hardly ever push anything.
 */
export function createPlayPolicy(rng: Rng): PlayPolicy {
  let target: Point = [0.5, 0.5];
  let pace = 0;
  let stepsLeft = 0;
  return {
    act(truth) {
      const pusher = truth.positions.pusher!;
      if (stepsLeft === 0) {
        target = drawTarget(rng, truth, pusher);
        pace = rng.between(...speed);
        stepsLeft = segmentSteps[0] + rng.integer(segmentSteps[1] - segmentSteps[0] + 1);
      }
      stepsLeft -= 1;
      if (rng.chance(uniformShare)) return Float32Array.of(rng.between(-1, 1), rng.between(-1, 1));
      const [dx, dy] = [target[0] - pusher[0], target[1] - pusher[1]];
      const distance = Math.hypot(dx, dy);
      const length = distance === 0 ? 0 : Math.min(pace, distance / maxDisplacement) / distance;
      return Float32Array.of(
        clamp(dx * length + noiseStd * rng.normal()),
        clamp(dy * length + noiseStd * rng.normal()),
      );
    },
  };
}

function drawTarget(rng: Rng, { positions }: Truth, pusher: Point): Point {
  const names = Object.keys(positions).filter((name) => name !== 'pusher');
  if (names.length === 0 || !rng.chance(contactShare)) return [rng.uniform(), rng.uniform()];
  const [x, y] = positions[rng.pick(names)]!;
  if (rng.chance(besideShare)) {
    const angle = rng.between(-Math.PI, Math.PI);
    const radius = rng.between(...beside);
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  }
  const distance = Math.max(1e-6, Math.hypot(x - pusher[0], y - pusher[1]));
  const [towardsX, towardsY] = [(x - pusher[0]) / distance, (y - pusher[1]) / distance];
  const beyond = rng.between(...overshoot);
  const aside = rng.chance(offCentreShare) ? rng.between(-offCentre, offCentre) : 0;
  return [x + towardsX * beyond - towardsY * aside, y + towardsY * beyond + towardsX * aside];
}

function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
