import { UsageError } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import {
  clearance,
  doorHalfHeight,
  doorYRange,
  fieldHigh,
  fieldLow,
  maxActionNorm,
  roomOf,
  type TwoRoomsLayout,
  wallHalfWidth,
  wallXRange,
} from './field.ts';
import { moveTwoRooms } from './move.ts';

/** A trajectory for training: frames are drawn from it when needed (`drawTwoRooms`). */
export interface TwoRoomsTrajectory extends TwoRoomsLayout {
  /** [T, 2], pixels. */
  readonly positions: Float32Array;
  /** [T - 1, 2], pixels a step; where a wall was in the way, more than the displacement. */
  readonly actions: Float32Array;
}

export interface TwoRoomsTrajectoryOptions {
  /** T, the frames of the trajectory. @defaultValue 91 */
  readonly frames?: number;
  /** Steps for which an action is held, counted from the first frame. @defaultValue 4 */
  readonly blockLength?: number;
}

/** Up to the fastest that a plan may ask for: what is never seen at that speed is believed to pass walls. */
const speedRange = [0.2, maxActionNorm] as const;
const headingKappa = 5;
const crossingShare = 0.35;
const pushingShare = 0.3;

/**
 * One trajectory of play data, in a layout of its own. 35 % cross the door: walked from the door into both
 * rooms, one half then reversed in time, with the realised displacement as its action. 30 % push into walls on
 * the straight way to goals they cannot reach so. The rest walk at random. Speeds are uniform in 0.2 ... 2.45 and
 * headings change by a von Mises angle of concentration 5 at each block.
 *
 * After eb_jepa's data set, whose speeds end at 1.8; held actions and pushes are what makes a model trained on it fit to plan with.
 * @throws UsageError where a trajectory has fewer than two frames or blocks are not whole.
 */
export function twoRoomsTrajectory(
  rng: Rng,
  { frames = 91, blockLength = 4 }: TwoRoomsTrajectoryOptions = {},
): TwoRoomsTrajectory {
  if (!(Number.isInteger(frames) && frames >= 2)) throw new UsageError(`frames: at least 2, got ${frames}`);
  if (!(Number.isInteger(blockLength) && blockLength >= 1)) {
    throw new UsageError(`blockLength: a whole number of steps, at least 1, got ${blockLength}`);
  }
  const layout = drawLayout(rng);
  const trajectory: TwoRoomsTrajectory = {
    ...layout,
    positions: new Float32Array(frames * 2),
    actions: new Float32Array((frames - 1) * 2),
  };
  const kind = rng.uniform();
  if (kind < crossingShare) crossDoor(rng, trajectory, blockLength);
  else if (kind < crossingShare + pushingShare) pushIntoWalls(rng, trajectory, blockLength);
  else walkAtRandom(rng, trajectory, blockLength);
  return trajectory;
}

/** A wall and a door, uniformly among the whole numbers that eb_jepa allows. */
export function drawLayout(rng: Rng): TwoRoomsLayout {
  const wallX = wallXRange[0] + rng.integer(wallXRange[1] - wallXRange[0] + 1);
  const doorY = doorYRange[0] + rng.integer(doorYRange[1] - doorYRange[0] + 1);
  return { wallX, doorY };
}

function walkAtRandom(rng: Rng, trajectory: TwoRoomsTrajectory, blockLength: number): void {
  placeAnywhere(rng, trajectory);
  let heading = rng.between(-Math.PI, Math.PI);
  advance(trajectory, 0, blockLength, (action) => {
    heading = rng.vonMises(heading, headingKappa);
    point(action, heading, rng.between(...speedRange));
  });
}

function pushIntoWalls(rng: Rng, trajectory: TwoRoomsTrajectory, blockLength: number): void {
  placeAnywhere(rng, trajectory);
  let goalX = 0;
  let goalY = 0;
  let blocksLeft = 0;
  advance(trajectory, 0, blockLength, (action, x, y) => {
    if (blocksLeft-- === 0) {
      blocksLeft = 2 + rng.integer(6);
      [goalX, goalY] = drawUnreachable(rng, x, trajectory);
    }
    const heading = Math.atan2(goalY - y, goalX - x) + 0.1 * rng.normal();
    point(action, heading, rng.between(...speedRange));
  });
}

/** A goal behind the wall, in the other room, or now and then behind one of the outer walls. */
function drawUnreachable(rng: Rng, x: number, layout: TwoRoomsLayout): [number, number] {
  const across = rng.between(fieldLow, fieldHigh);
  if (rng.chance(0.2)) {
    const beyond = rng.chance(0.5) ? fieldLow - 10 : fieldHigh + 10;
    return rng.chance(0.5) ? [across, beyond] : [beyond, across];
  }
  const toTheRight = roomOf(x, layout) === 0 ? rng.chance(0.5) : x < layout.wallX;
  return [toTheRight ? rng.between(layout.wallX + 2, fieldHigh) : rng.between(fieldLow, layout.wallX - 2), across];
}

function crossDoor(rng: Rng, trajectory: TwoRoomsTrajectory, blockLength: number): void {
  const { positions, actions, wallX, doorY } = trajectory;
  const steps = actions.length / 2;
  const blocks = Math.floor(steps / blockLength);
  const before = blocks < 2 ? 0 : blockLength * (1 + rng.integer(blocks - 1));
  const spread = doorHalfHeight - clearance;
  const doorX = rng.between(wallX - wallHalfWidth, wallX + wallHalfWidth);
  const inDoorY = doorY + rng.between(-spread, spread);
  const outward = rng.chance(0.5) ? 0 : Math.PI;

  const [slowest, fastest] = speedRange;
  const walkFromDoor = (direction: number, limit: number) => {
    let heading = direction;
    return (action: Float32Array): void => {
      heading = rng.vonMises(heading, headingKappa);
      point(action, heading, rng.between(slowest, limit));
    };
  };
  // The first half: walked out of the door into a trajectory of its own, then written backwards.
  const past: TwoRoomsTrajectory = {
    wallX,
    doorY,
    positions: new Float32Array((before + 1) * 2),
    actions: new Float32Array(before * 2),
  };
  past.positions.set([doorX, inDoorY]);
  // Backwards, a bounce off a wall is longer than the step that made it.
  advance(past, 0, blockLength, walkFromDoor(outward + Math.PI, fastest - clearance));
  for (let t = 0; t <= before; t++) {
    positions[2 * t] = past.positions[2 * (before - t)]!;
    positions[2 * t + 1] = past.positions[2 * (before - t) + 1]!;
  }
  for (let i = 0; i < 2 * before; i++) actions[i] = positions[i + 2]! - positions[i]!;
  advance(trajectory, before, blockLength, walkFromDoor(outward, fastest));
}

/** Fills a trajectory from frame `start` on, asking for an action at each block. */
function advance(
  trajectory: TwoRoomsTrajectory,
  start: number,
  blockLength: number,
  decide: (action: Float32Array, x: number, y: number) => void,
): void {
  const { positions, actions } = trajectory;
  const action = new Float32Array(2);
  for (let t = start; 2 * t < actions.length; t++) {
    const i = 2 * t;
    if ((t - start) % blockLength === 0) decide(action, positions[i]!, positions[i + 1]!);
    actions[i] = action[0]!;
    actions[i + 1] = action[1]!;
    positions[i + 2] = positions[i]!;
    positions[i + 3] = positions[i + 1]!;
    moveTwoRooms(positions, i + 2, action[0]!, action[1]!, trajectory);
  }
}

/** The first position: uniform over the open part of the field. */
function placeAnywhere(rng: Rng, { positions, wallX, doorY }: TwoRoomsTrajectory): void {
  for (;;) {
    const x = rng.between(fieldLow + clearance, fieldHigh - clearance);
    const y = rng.between(fieldLow + clearance, fieldHigh - clearance);
    const inWall = Math.abs(x - wallX) <= wallHalfWidth + clearance;
    if (inWall && Math.abs(y - doorY) >= doorHalfHeight - clearance) continue;
    positions[0] = x;
    positions[1] = y;
    return;
  }
}

function point(action: Float32Array, heading: number, speed: number): void {
  action[0] = speed * Math.cos(heading);
  action[1] = speed * Math.sin(heading);
}
