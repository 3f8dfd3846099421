import Matter from 'matter-js';
import { circleRadii, type MatterCollision, refineCircleContacts } from '../tabletop/contacts.ts';
import { bodyStateSize, createRigidBody, type RigidBody, wrapAngle } from '../tabletop/rigid-body.ts';
import { separate } from '../tabletop/separate.ts';
import { driveRate, driveSteps, positionGain, velocityGain } from './drive.ts';
import {
  actionScale,
  blockShape,
  controlRate,
  fieldSize,
  pusherRange,
  pusherShape,
  pusherUnits,
  walls,
} from './field.ts';

/** Numbers of a state: the pusher's x, y (field widths) and velocity (field widths a control step), the T's x, y, heading. */
export const physicsStateSize = 7;

/** The pusher goes no further, in units, between two looks at what it meets. */
const longestMove = 1.5;
/** Bodies that overlapped by more than this, in units, are looked at again after they were separated. */
const deepOverlap = 0.5;
const mostLooks = 4;
/** The T weighs nothing beside the pusher, which stops for it only where a wall holds it. */
const pusherMass = 10_000;
/** Units that the pusher must be moved back by to count as stopped. */
const stopped = 0.01;

/**
 * A pusher on a drive, and a T that moves only as it is pushed and at once stands still: the originals delete all
 * velocity of what isn't driven at each of their steps, so that pushing is quasi-static and contacts have no friction.
 * Here the T is moved out of the pusher's way as a push at the point of contact moves it.
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
  const pusher = createRigidBody({ shape: pusherShape, mass: pusherMass });
  const block = createRigidBody({ shape: blockShape, mass: 1 });
  const bodies = [pusher, block];
  const moving = new Map<Matter.Body, RigidBody>(bodies.map((each) => [each.body, each]));
  const circles = circleRadii(bodies);
  // The first of a compound's parts is the whole.
  const bars = block.body.parts.slice(1);
  const reach = blockShape.reach * fieldSize + pusherUnits;
  const state = new Float64Array(physicsStateSize);
  const poses = new Float64Array(6);
  const numbers = new Float64Array(bodyStateSize);

  const place = (body: RigidBody, x: number, y: number, angle: number): void => {
    numbers[0] = x / fieldSize;
    numbers[1] = y / fieldSize;
    numbers[2] = angle;
    body.write(numbers, 0);
  };
  const write = (next: ArrayLike<number>): void => {
    state.set(next);
    place(pusher, state[0]! * fieldSize, state[1]! * fieldSize, 0);
    place(block, state[4]! * fieldSize, state[5]! * fieldSize, state[6]!);
  };

  /** Moves the T out of the pusher's way, and the pusher out of a T that a wall holds. */
  const makeWay = (x: number, y: number): void => {
    place(pusher, x, y, 0);
    for (let look = 0; look < mostLooks; look++) {
      const collisions: MatterCollision[] = [];
      for (const bar of bars) {
        if (!Matter.Bounds.overlaps(pusher.body.bounds, bar.bounds)) continue;
        const collision = Matter.Collision.collides(pusher.body, bar) as unknown as MatterCollision | null;
        if (collision !== null) collisions.push(collision);
      }
      refineCircleContacts(collisions, circles);
      if (separate(collisions, moving, walls) < deepOverlap) return;
    }
  };

  return {
    state,
    write,
    step(actionX, actionY, onMove) {
      const { position: pusherPosition } = pusher.body;
      const { position: blockPosition } = block.body;
      let { x, y } = pusherPosition;
      const goalX = within(x + actionScale * actionX, 0, fieldSize);
      const goalY = within(y + actionScale * actionY, 0, fieldSize);
      let velocityX = state[2]! * fieldSize * controlRate;
      let velocityY = state[3]! * fieldSize * controlRate;
      for (let drive = 0; drive < driveSteps; drive++) {
        velocityX += (positionGain * (goalX - x) - velocityGain * velocityX) / driveRate;
        velocityY += (positionGain * (goalY - y) - velocityGain * velocityY) / driveRate;
        const way = Math.sqrt(velocityX * velocityX + velocityY * velocityY) / driveRate;
        const moves = Math.max(1, Math.ceil(way / longestMove));
        for (let move = 0; move < moves; move++) {
          const wantedX = x + velocityX / driveRate / moves;
          const wantedY = y + velocityY / driveRate / moves;
          x = within(wantedX, pusherRange.low, pusherRange.high);
          y = within(wantedY, pusherRange.low, pusherRange.high);
          if (Math.abs(x - blockPosition.x) <= reach && Math.abs(y - blockPosition.y) <= reach) {
            makeWay(x, y);
            ({ x, y } = pusherPosition);
          }
          const [backX, backY] = [x - wantedX, y - wantedY];
          if (backX * backX + backY * backY > stopped * stopped) {
            // What leads on that way is lost.
            const against = (velocityX * backX + velocityY * backY) / (backX * backX + backY * backY);
            velocityX -= Math.min(0, against) * backX;
            velocityY -= Math.min(0, against) * backY;
          }
          if (onMove === undefined) continue;
          poses[0] = x / fieldSize;
          poses[1] = y / fieldSize;
          block.readPose(poses, 3);
          onMove(poses);
        }
      }
      state[0] = Math.fround(x) / fieldSize;
      state[1] = Math.fround(y) / fieldSize;
      state[2] = Math.fround(velocityX / fieldSize / controlRate);
      state[3] = Math.fround(velocityY / fieldSize / controlRate);
      state[4] = Math.fround(blockPosition.x) / fieldSize;
      state[5] = Math.fround(blockPosition.y) / fieldSize;
      state[6] = Math.fround(wrapAngle(block.body.angle));
      write(state);
    },
  };
}

function within(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
