import { wrapAngle } from '../tabletop/rigid-body.ts';
import { makeWay, type Placement } from './contact-solver.ts';
import { driveRate, driveSteps, positionGain, velocityGain } from './drive.ts';
import { actionScale, controlRate, fieldSize, pusherRange } from './field.ts';

/** Numbers of a state: the pusher's x, y (field widths) and velocity (field widths a control step), the T's x, y, heading. */
export const physicsStateSize = 7;

/** The pusher goes no further, in units, between two looks at what it meets. */
const longestMove = 1.5;
/** Units that the pusher must be moved back by to count as stopped. */
const stopped = 0.01;

/**
 * A pusher on a drive, and a T that moves only as it is pushed and at once stands still: the originals delete all
 * velocity of what isn't driven at each of their steps, so that pushing is quasi-static, and their contacts have no
 * friction. So there is nothing to integrate: the T is moved out of the pusher's way (`makeWay`).
 *
 * At the end of a control step the state is rounded to float32, and it is all that decides the future.
 */
export interface PushTPhysics {
  /** The state at the last boundary: see `physicsStateSize`. The T's place is that of its centre of mass. Only read it. */
  readonly state: Float64Array;
  /** Continues from a state that `state` once held. */
  write(state: ArrayLike<number>): void;
  /**
   * One control step with an action: the drive heads for the pusher's place plus 100 units times the action.
   * `onMove` is called after each piece of way with x, y (field widths) and heading of the pusher and the T in turn.
   */
  step(x: number, y: number, onMove?: (poses: Float64Array) => void): void;
}

export function createPushTPhysics(): PushTPhysics {
  const state = new Float64Array(physicsStateSize);
  const poses = new Float64Array(6);
  return {
    state,
    write(next) {
      state.set(next);
    },
    step(actionX, actionY, onMove) {
      const placed: Placement = {
        x: state[0]! * fieldSize,
        y: state[1]! * fieldSize,
        blockX: state[4]! * fieldSize,
        blockY: state[5]! * fieldSize,
        angle: state[6]!,
      };
      const goalX = within(placed.x + actionScale * actionX, 0, fieldSize);
      const goalY = within(placed.y + actionScale * actionY, 0, fieldSize);
      let velocityX = state[2]! * fieldSize * controlRate;
      let velocityY = state[3]! * fieldSize * controlRate;
      for (let drive = 0; drive < driveSteps; drive++) {
        velocityX += (positionGain * (goalX - placed.x) - velocityGain * velocityX) / driveRate;
        velocityY += (positionGain * (goalY - placed.y) - velocityGain * velocityY) / driveRate;
        const way = Math.sqrt(velocityX * velocityX + velocityY * velocityY) / driveRate;
        const moves = Math.max(1, Math.ceil(way / longestMove));
        for (let move = 0; move < moves; move++) {
          const wantedX = placed.x + velocityX / driveRate / moves;
          const wantedY = placed.y + velocityY / driveRate / moves;
          placed.x = within(wantedX, pusherRange.low, pusherRange.high);
          placed.y = within(wantedY, pusherRange.low, pusherRange.high);
          makeWay(placed);
          const [backX, backY] = [placed.x - wantedX, placed.y - wantedY];
          if (backX * backX + backY * backY > stopped * stopped) {
            // What leads on that way is lost.
            const against = (velocityX * backX + velocityY * backY) / (backX * backX + backY * backY);
            velocityX -= Math.min(0, against) * backX;
            velocityY -= Math.min(0, against) * backY;
          }
          if (onMove !== undefined) onMove(posesOf(placed));
        }
      }
      state[0] = Math.fround(placed.x) / fieldSize;
      state[1] = Math.fround(placed.y) / fieldSize;
      state[2] = Math.fround(velocityX / fieldSize / controlRate);
      state[3] = Math.fround(velocityY / fieldSize / controlRate);
      state[4] = Math.fround(placed.blockX) / fieldSize;
      state[5] = Math.fround(placed.blockY) / fieldSize;
      state[6] = Math.fround(wrapAngle(placed.angle));
    },
  };

  function posesOf({ x, y, blockX, blockY, angle }: Placement): Float64Array {
    poses.set([x / fieldSize, y / fieldSize, 0, blockX / fieldSize, blockY / fieldSize, angle]);
    return poses;
  }
}

function within(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
