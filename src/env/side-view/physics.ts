import Matter from 'matter-js';
import { circleRadii, type MatterCollision, refineCircleContacts } from '../tabletop/contacts.ts';
import { bodyStateSize, createRigidBody, type RigidBody, unitsPerTable } from '../tabletop/rigid-body.ts';
import { type Piece, type SideScene, shapeOf } from './scene.ts';

/** A frame is 100 ms: 24 substeps of 4.17 ms. Stacks jitter at longer ones. */
export const substepsPerFrame = 24;
const frameMilliseconds = 100;
const iterations = 10;
/** Picture widths a squared second: a fall from top to floor takes a second. */
export const gravity = 2;
const density = 1 / 0.016;

export interface SidePhysics {
  /** Six numbers a body, absent ones included, rounded to float32: see `bodyStateSize` of the table's bodies. */
  readonly state: Float64Array;
  /** One frame's time. */
  step(): void;
}

/**
 * Falling, sliding, rolling over edges, stacking: rigid bodies without friction or bounce.
 *
 * As on the table, states are rounded at the end of each frame and contacts forgotten, so that scene and state are all
 * that decides the future: a fork from a snapshot is exact. Stacks stand still all the same.
 */
export function createSidePhysics(scene: SideScene, start: ArrayLike<number>): SidePhysics {
  const bodies = scene.bodies.map((body) => {
    const shape = shapeOf(body);
    const rigid = createRigidBody({ shape, mass: shape.area * density });
    if (body.fixed) [rigid.body.inverseMass, rigid.body.inverseInertia] = [0, 0];
    return rigid;
  });
  const acting = bodies.filter((_, i) => scene.bodies[i]!.present);
  const pieces = scene.pieces.map(createPiece);
  const solid = pieces.filter((_, i) => scene.pieces[i]!.solid);
  const all = [...solid, ...acting.map(({ body }) => body)];
  const ignored = ignoredPairs(scene, bodies, pieces);
  const circles = circleRadii(acting);
  const pairs = Matter.Pairs.create({}) as Matter.Pairs & { readonly list: Matter.Pair[] };
  const detector = Matter.Detector.create({ bodies: all, pairs });
  const seconds = frameMilliseconds / 1000 / substepsPerFrame;
  const milliseconds = seconds * 1000;
  const fall = gravity * unitsPerTable * seconds * seconds;
  const falls = acting.filter((each) => {
    const { weightless, fixed } = scene.bodies[bodies.indexOf(each)]!;
    return !weightless && !fixed;
  });
  const moving = acting.map(({ body }) => body as Matter.Body);

  // The stages of matter-js's `Engine.update`, with ours between them: it has no hook after finding collisions.
  const substep = (time: number): void => {
    for (const { body } of falls) body.positionPrev.y -= fall;
    for (const each of acting) each.advance();
    const found = Matter.Detector.collisions(detector) as unknown as MatterCollision[];
    const collisions = ignored.size === 0 ? found : found.filter((each) => !ignored.has(pairKey(each)));
    refineCircleContacts(collisions, circles);
    Matter.Pairs.update(pairs, collisions as unknown as Matter.Collision[], time);
    Matter.Resolver.preSolvePosition(pairs.list);
    for (let i = 0; i < iterations; i++) Matter.Resolver.solvePosition(pairs.list, milliseconds);
    Matter.Resolver.postSolvePosition(moving);
    Matter.Resolver.preSolveVelocity(pairs.list);
    for (let i = 0; i < iterations; i++) Matter.Resolver.solveVelocity(pairs.list, milliseconds);
  };

  const state = Float64Array.from(start);
  const write = (): void => {
    for (const [i, each] of bodies.entries()) {
      each.write(state, i * bodyStateSize);
      const { positionImpulse } = each.body as unknown as { readonly positionImpulse: Matter.Vector };
      [positionImpulse.x, positionImpulse.y] = [0, 0];
    }
    Matter.Pairs.clear(pairs);
    // Contacts are solved in the detector's order, which otherwise remembers how bodies passed each other.
    Matter.Detector.setBodies(detector, all);
  };
  write();

  return {
    state,
    step() {
      for (let k = 1; k <= substepsPerFrame; k++) substep(k);
      for (const each of acting) {
        const at = bodies.indexOf(each) * bodyStateSize;
        const before = state.slice(at, at + bodyStateSize);
        each.read(state, at);
        if (rests(before, state.subarray(at, at + bodyStateSize))) state.set([...before.subarray(0, 3), 0, 0, 0], at);
      }
      write();
    },
  };
}

/**
 * Whether a body moved so little within a frame that it is taken to have stayed where it was. Solving contacts anew each
 * frame leaves a trace of motion, which without friction would carry a stack apart in the end.
 */
function rests(before: ArrayLike<number>, after: ArrayLike<number>): boolean {
  for (let i = 0; i < 3; i++) {
    if (Math.abs(after[i]! - before[i]!) > restLimit[i]!) return false;
    if (Math.abs(after[i + 3]!) * substepsPerFrame > 5 * restLimit[i]!) return false;
  }
  return true;
}

/** In picture widths and radians a frame. A thing that begins to fall moves 0.01 in its first, and ends it at 0.02. */
const restLimit = [1e-3, 1e-3, 1e-2] as const;

function createPiece({ outline }: Piece): Matter.Body {
  const vertices = outline.map(([x, y]) => ({ x: x * unitsPerTable, y: y * unitsPerTable }));
  return Matter.Body.create({
    position: Matter.Vertices.centre(vertices),
    vertices,
    isStatic: true,
    friction: 0,
    frictionStatic: 0,
  });
}

/** Pairs of a body and a piece that go through each other. */
function ignoredPairs(
  scene: SideScene,
  bodies: readonly RigidBody[],
  pieces: readonly Matter.Body[],
): ReadonlySet<string> {
  return new Set(
    scene.bodies.flatMap(({ passes }, i) => passes.map((piece) => keyOf(bodies[i]!.body.id, pieces[piece]!.id))),
  );
}

function pairKey({ parentA, parentB }: MatterCollision): string {
  return keyOf(parentA.id, parentB.id);
}

function keyOf(a: number, b: number): string {
  return a < b ? `${a}/${b}` : `${b}/${a}`;
}
