import Matter from 'matter-js';
import { circleRadii, type MatterCollision, refineCircleContacts } from './contacts.ts';
import { bodyStateSize, createRigidBody, type MatterBody, type RigidBody, unitsPerTable } from './rigid-body.ts';
import { separate } from './separate.ts';
import { createPusherShape, pusherRadius, type Shape } from './shapes.ts';

/** A control step is 100 ms: twenty substeps of 5 ms. */
export const substeps = 20;
const substepMilliseconds = 5;
const velocityIterations = 8;
/** Bodies that overlapped by more than this, in physics units, are looked at again after they were separated. */
const deepOverlap = 1;
const mostLooks = 3;
/** The pusher's largest displacement along an axis in a control step, in table widths. */
export const maxDisplacement = 0.08;

/** Mass per squared table width, chosen to give the box a mass of 1. */
const density = 1 / 0.016;
/** Several times any object's, yet not so much that a wall and the pusher crush what is between them. */
const pusherMass = 8;
/**
 * Deceleration by the table's friction, in physics units per second squared. An object at the pusher's full speed
 * stops within a substep, so that pushing is quasi-static.
 */
const frictionDeceleration = 160_000;
/** Limits on the pusher's speed and its change, in physics units a substep: they bound the force on what it meets. */
const pusherSpeedLimit = 4;
const pusherSpeedGain = 1.2;

export interface PhysicsObject {
  readonly shape: Shape;
  /** Times the mass that its area gives it. */
  readonly massScale: number;
}

export interface PhysicsOptions {
  readonly objects: readonly PhysicsObject[];
  /** Times the table's normal friction. Below about 0.1 objects glide on after a push. @defaultValue 1 */
  readonly frictionScale?: number;
}

/**
 * Pushing on a flat table. Body 0 is the pusher, the others are the objects in order.
 *
 * At the end of each control step the bodies' states are rounded to float32 and written back with contacts
 * forgotten, so that the numbers in `state` are all that decides the future.
 */
export interface Physics {
  readonly bodies: readonly RigidBody[];
  /** The state at the last boundary, six numbers a body: see `bodyStateSize`. Read it, never write to it. */
  readonly state: Float64Array;
  /** Continues from a state that `state` once held. */
  write(state: ArrayLike<number>): void;
  /**
   * One control step: moves the pusher by (x, y) table widths as far as what it meets lets it, and to rest.
   * `onSubstep` is called after each substep with every body's x, y (table widths) and heading (radians) in turn.
   */
  step(x: number, y: number, onSubstep?: (poses: Float64Array) => void): void;
}

export function createPhysics({ objects, frictionScale = 1 }: PhysicsOptions): Physics {
  const pusher = createRigidBody({ shape: createPusherShape(), mass: pusherMass });
  const bodies = [
    pusher,
    ...objects.map(({ shape, massScale }) => createRigidBody({ shape, mass: shape.area * density * massScale })),
  ];
  const matterBodies = [...createWalls(), ...bodies.map(({ body }) => body)];
  const moving = new Map<Matter.Body, RigidBody>(bodies.map((each) => [each.body, each]));
  const circles = circleRadii(bodies);
  const pairs = Matter.Pairs.create({}) as Matter.Pairs & { readonly list: Matter.Pair[] };
  const detector = Matter.Detector.create({ bodies: matterBodies, pairs });
  const friction = (frictionDeceleration * frictionScale * substepMilliseconds ** 2) / 1e6;

  // The stages of matter-js's `Engine.update`, with ours between them: it has no hook after finding collisions.
  const substep = (time: number, goal: Matter.Vector, intervalsLeft: number): void => {
    for (const each of bodies) each.advance();
    drivePusher(pusher.body, goal, intervalsLeft);
    for (let i = 1; i < bodies.length; i++) applyTableFriction(bodies[i]!, friction);
    let collisions: MatterCollision[] = [];
    for (let look = 0; look < mostLooks; look++) {
      collisions = Matter.Detector.collisions(detector) as unknown as MatterCollision[];
      refineCircleContacts(collisions, circles);
      if (separate(collisions, moving) < deepOverlap) break;
    }
    Matter.Pairs.update(pairs, collisions as unknown as Matter.Collision[], time);
    Matter.Resolver.preSolveVelocity(pairs.list);
    for (let i = 0; i < velocityIterations; i++) Matter.Resolver.solveVelocity(pairs.list, substepMilliseconds);
  };

  const state = new Float64Array(bodies.length * bodyStateSize);
  const poses = new Float64Array(bodies.length * 3);
  const write = (next: ArrayLike<number>): void => {
    state.set(next);
    for (let i = 0; i < bodies.length; i++) bodies[i]!.write(state, i * bodyStateSize);
    Matter.Pairs.clear(pairs);
    // Contacts are solved in the detector's order, which otherwise remembers how bodies passed each other.
    Matter.Detector.setBodies(detector, matterBodies);
  };

  const report = (onSubstep: ((poses: Float64Array) => void) | undefined): void => {
    if (onSubstep === undefined) return;
    for (let i = 0; i < bodies.length; i++) bodies[i]!.readPose(poses, 3 * i);
    onSubstep(poses);
  };

  return {
    bodies,
    state,
    write,
    step(x, y, onSubstep) {
      const { position, positionPrev } = pusher.body;
      const goal = { x: withinTable(position.x + x * unitsPerTable), y: withinTable(position.y + y * unitsPerTable) };
      if (isFree(bodies, state, goal)) {
        const [startX, startY] = [position.x, position.y];
        for (let k = 1; k <= substeps; k++) {
          position.x = startX + ((goal.x - startX) * k) / substeps;
          position.y = startY + ((goal.y - startY) * k) / substeps;
          report(onSubstep);
        }
      } else {
        for (let k = 1; k <= substeps; k++) {
          // The velocity set in substep k moves the body in substep k + 1; one interval is kept for catching up.
          substep(k, goal, k === substeps ? 0 : Math.max(1, substeps - 1 - k));
          report(onSubstep);
        }
      }
      positionPrev.x = position.x;
      positionPrev.y = position.y;
      for (let i = 0; i < bodies.length; i++) bodies[i]!.read(state, i * bodyStateSize);
      write(state);
    },
  };
}

/** Room, in physics units, that the pusher must have around it on its way to be sure that it meets nothing. */
const clearance = 2;

/** Whether nothing moves and the pusher's way to `goal` leads past everything: then it simply gets there. */
function isFree(bodies: readonly RigidBody[], state: Float64Array, goal: Matter.Vector): boolean {
  const { x, y } = bodies[0]!.body.position;
  const margin = pusherRadius * unitsPerTable + clearance;
  for (let i = 1; i < bodies.length; i++) {
    for (let k = 3; k < bodyStateSize; k++) if (state[i * bodyStateSize + k] !== 0) return false;
    const { min, max } = bodies[i]!.body.bounds;
    const apart =
      Math.max(x, goal.x) + margin < min.x ||
      Math.min(x, goal.x) - margin > max.x ||
      Math.max(y, goal.y) + margin < min.y ||
      Math.min(y, goal.y) - margin > max.y;
    if (!apart) return false;
  }
  return true;
}

function withinTable(coordinate: number): number {
  const radius = pusherRadius * unitsPerTable;
  return Math.min(Math.max(coordinate, radius), unitsPerTable - radius);
}

/** Heads for `goal` at the even speed that gets there in `intervals` substeps; rests when none are left. */
function drivePusher(body: MatterBody, goal: Matter.Vector, intervals: number): void {
  const { position, positionPrev } = body;
  if (intervals === 0) {
    positionPrev.x = position.x;
    positionPrev.y = position.y;
    return;
  }
  let wantedX = (goal.x - position.x) / intervals;
  let wantedY = (goal.y - position.y) / intervals;
  const wantedSpeed = Math.sqrt(wantedX * wantedX + wantedY * wantedY);
  if (wantedSpeed > pusherSpeedLimit) {
    wantedX *= pusherSpeedLimit / wantedSpeed;
    wantedY *= pusherSpeedLimit / wantedSpeed;
  }
  const velocityX = position.x - positionPrev.x;
  const velocityY = position.y - positionPrev.y;
  const gainX = wantedX - velocityX;
  const gainY = wantedY - velocityY;
  const gain = Math.sqrt(gainX * gainX + gainY * gainY);
  const braking = wantedSpeed * wantedSpeed < velocityX * velocityX + velocityY * velocityY;
  const share = braking || gain <= pusherSpeedGain ? 1 : pusherSpeedGain / gain;
  positionPrev.x = position.x - velocityX - share * gainX;
  positionPrev.y = position.y - velocityY - share * gainY;
}

/**
 * Coulomb friction on an ellipsoidal limit surface whose ratio of turning to sliding is the body's radius of
 * gyration: the motion (dx, dy, c dtheta) of the last substep shrinks by a fixed length.
 */
function applyTableFriction({ body, gyrationSquared }: RigidBody, friction: number): void {
  const { position, positionPrev } = body;
  const dx = position.x - positionPrev.x;
  const dy = position.y - positionPrev.y;
  const turn = body.angle - body.anglePrev;
  const motion = Math.sqrt(dx * dx + dy * dy + gyrationSquared * turn * turn);
  if (motion === 0) return;
  const keep = Math.max(0, 1 - friction / motion);
  positionPrev.x = position.x - keep * dx;
  positionPrev.y = position.y - keep * dy;
  body.anglePrev = body.angle - keep * turn;
}

const wallThickness = 128;

/** Four walls around the table, overlapping at the corners. */
function createWalls(): Matter.Body[] {
  const middle = unitsPerTable / 2;
  const beyond = wallThickness / 2;
  const length = unitsPerTable + 2 * wallThickness;
  const options = { isStatic: true, friction: 0, frictionStatic: 0 };
  return [
    Matter.Bodies.rectangle(middle, -beyond, length, wallThickness, options),
    Matter.Bodies.rectangle(middle, unitsPerTable + beyond, length, wallThickness, options),
    Matter.Bodies.rectangle(-beyond, middle, wallThickness, length, options),
    Matter.Bodies.rectangle(unitsPerTable + beyond, middle, wallThickness, length, options),
  ];
}
