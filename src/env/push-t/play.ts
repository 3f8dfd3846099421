import type { Truth } from '../../core/contracts.ts';
import type { Rng } from '../../core/rng.ts';
import type { Point, Range } from '../../core/task.ts';
import type { PlayPolicy } from '../tabletop/play-policy.ts';
import { actionScale, fieldSize } from './field.ts';

const segmentSteps: Range = [4, 12];
/** How far ahead of itself the pusher is sent, in units of action: at most half as far it goes in a step. */
const slowest = 0.1;
const usuallyFastest = 0.4;
/** Shares of segments that go through the T and to a place beside it; the rest goes anywhere. */
const throughShare = 0.6;
const besideShare = 0.32;
/** From the T's centroid, field widths: places beside it, how far a push goes on behind it, how far off it aims. */
const beside: Range = [0.17, 0.26];
const overshoot: Range = [0, 0.2];
const offCentre = 0.11;
const noiseStd = 0.06;
const uniformShare = 0.03;

export interface PushTPlayOptions {
  /** As far ahead of itself as the pusher is ever sent on purpose, in units of action. @defaultValue 0.4 */
  readonly fastest?: number;
}

/**
 * Play that meets the T: straight segments through it, mostly off its middle, so that it turns, and to places beside
 * it, with noise, and now and then an action out of nowhere.
 */
export function createPushTPlay(rng: Rng, { fastest = usuallyFastest }: PushTPlayOptions = {}): PlayPolicy {
  let target: Point = [0.5, 0.5];
  let longest = 0;
  let stepsLeft = 0;
  return {
    act({ positions }: Truth) {
      const pusher = positions.pusher!;
      if (stepsLeft === 0) {
        const [block] = Object.keys(positions).filter((name) => name !== 'pusher');
        target = drawTarget(rng, positions[block!]!, pusher);
        longest = rng.between(slowest, fastest);
        stepsLeft = segmentSteps[0] + rng.integer(segmentSteps[1] - segmentSteps[0] + 1);
      }
      stepsLeft -= 1;
      if (rng.chance(uniformShare)) return Float32Array.of(rng.between(-1, 1), rng.between(-1, 1));
      const [dx, dy] = [target[0] - pusher[0], target[1] - pusher[1]].map((way) => (way * fieldSize) / actionScale);
      const share = Math.min(1, longest / Math.max(1e-9, Math.hypot(dx!, dy!)));
      return Float32Array.of(
        clamp(dx! * share + noiseStd * rng.normal()),
        clamp(dy! * share + noiseStd * rng.normal()),
      );
    },
  };
}

function drawTarget(rng: Rng, [x, y]: Point, pusher: Point): Point {
  const kind = rng.uniform();
  if (kind > throughShare + besideShare) return [rng.uniform(), rng.uniform()];
  if (kind > throughShare) {
    const angle = rng.between(-Math.PI, Math.PI);
    const radius = rng.between(...beside);
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)];
  }
  const distance = Math.max(1e-6, Math.hypot(x - pusher[0], y - pusher[1]));
  const [towardsX, towardsY] = [(x - pusher[0]) / distance, (y - pusher[1]) / distance];
  const beyond = rng.between(...overshoot);
  const aside = rng.between(-offCentre, offCentre);
  return [x + towardsX * beyond - towardsY * aside, y + towardsY * beyond + towardsX * aside];
}

function clamp(value: number): number {
  return Math.min(1, Math.max(-1, value));
}
