import Matter from 'matter-js';
import type { Shape } from './shapes.ts';

/** Physics units (pixels, in matter-js's terms) to a table width: a power of two, so that scaling is exact. */
export const unitsPerTable = 512;
/** Numbers that describe one body: x, y (table widths), heading (radians), and the same three as moved per substep. */
export const bodyStateSize = 6;

/** Members that matter-js has but its types do not mention. */
export interface MatterBody extends Matter.Body {
  positionPrev: Matter.Vector;
  anglePrev: number;
}

export interface RigidBody {
  readonly shape: Shape;
  readonly body: MatterBody;
  /** inertia / mass in squared physics units; 0 for circles, which frictionless contacts cannot turn. */
  readonly gyrationSquared: number;
  /** A displacement that is being worked out: see `separate`. */
  readonly shift: { x: number; y: number; angle: number };
  /** Adds to the shift what an impulse (x, y) with the given moment would give, times one unit of time. */
  nudge(x: number, y: number, moment: number): void;
  /** Moves the body by its shift, which becomes zero, leaving its velocity as it is. */
  applyShift(): void;
  /** Moves the body for one substep by the velocity it has. */
  advance(): void;
  /** Puts the body where six numbers say, with nothing left of its past: see `bodyStateSize`. */
  write(state: ArrayLike<number>, offset: number): void;
  /** x, y (table widths) and heading (radians). */
  readPose(poses: Float64Array, offset: number): void;
  /** The six numbers, rounded to float32. */
  read(state: Float64Array, offset: number): void;
}

export interface RigidBodyOptions {
  readonly shape: Shape;
  readonly mass: number;
}

/**
 * A body of matter-js with its true moment of inertia (the engine's own is four times too large, and wrong for
 * compounds), no contact friction (the engine's is not Coulomb's) and no air friction (it acts after the contact
 * solve and would delete its impulses).
 */
export function createRigidBody({ shape, mass }: RigidBodyOptions): RigidBody {
  const parts = shape.parts.map(createPart);
  const body = (parts.length === 1 ? parts[0]! : Matter.Body.create({ parts: parts as Matter.Body[] })) as MatterBody;
  const origin = { x: body.position.x, y: body.position.y };
  const gyrationSquared = shape.radius === null ? shape.gyrationSquared * unitsPerTable ** 2 : 0;
  Matter.Body.setMass(body, mass);
  Matter.Body.setInertia(body, gyrationSquared === 0 ? Number.POSITIVE_INFINITY : mass * gyrationSquared);
  body.friction = 0;
  body.frictionStatic = 0;
  body.frictionAir = 0;
  const outlines = body.parts.map((part) => captureOutline(part as MatterBody, origin));

  const place = (x: number, y: number, angle: number): void => {
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    for (const outline of outlines) placeOutline(outline, x, y, cos, sin);
    body.angle = angle;
  };
  const shift = { x: 0, y: 0, angle: 0 };

  return {
    shape,
    body,
    gyrationSquared,
    shift,
    nudge(x, y, moment) {
      shift.x += x * body.inverseMass;
      shift.y += y * body.inverseMass;
      shift.angle += moment * body.inverseInertia;
    },
    applyShift() {
      if (shift.x === 0 && shift.y === 0) return;
      const { position, positionPrev } = body;
      positionPrev.x += shift.x;
      positionPrev.y += shift.y;
      body.anglePrev += shift.angle;
      place(position.x + shift.x, position.y + shift.y, body.angle + shift.angle);
      shift.x = 0;
      shift.y = 0;
      shift.angle = 0;
    },
    advance() {
      const { position, positionPrev, angle, anglePrev } = body;
      const { x, y } = position;
      if (x === positionPrev.x && y === positionPrev.y && angle === anglePrev) return;
      place(2 * x - positionPrev.x, 2 * y - positionPrev.y, 2 * angle - anglePrev);
      positionPrev.x = x;
      positionPrev.y = y;
      body.anglePrev = angle;
    },
    write(state, offset) {
      const x = state[offset]! * unitsPerTable;
      const y = state[offset + 1]! * unitsPerTable;
      const angle = state[offset + 2]!;
      place(x, y, angle);
      body.positionPrev.x = x - state[offset + 3]! * unitsPerTable;
      body.positionPrev.y = y - state[offset + 4]! * unitsPerTable;
      body.anglePrev = angle - state[offset + 5]!;
    },
    readPose(poses, offset) {
      poses[offset] = body.position.x / unitsPerTable;
      poses[offset + 1] = body.position.y / unitsPerTable;
      poses[offset + 2] = body.angle;
    },
    read(state, offset) {
      const { position, positionPrev, angle, anglePrev } = body;
      const dx = position.x - positionPrev.x;
      const dy = position.y - positionPrev.y;
      const turn = angle - anglePrev;
      const moves = dx * dx + dy * dy + gyrationSquared * turn * turn > restThreshold ** 2;
      state[offset] = Math.fround(position.x) / unitsPerTable;
      state[offset + 1] = Math.fround(position.y) / unitsPerTable;
      state[offset + 2] = Math.fround(wrapAngle(angle));
      state[offset + 3] = moves ? Math.fround(dx) / unitsPerTable : 0;
      state[offset + 4] = moves ? Math.fround(dy) / unitsPerTable : 0;
      state[offset + 5] = moves ? Math.fround(turn) : 0;
    },
  };
}

/** Overlap, in physics units, that separation leaves, so that touching bodies stay in contact. */
export const contactSlop = 0.2;

/** Motion, in physics units a substep, that is rounding noise of the contact solver. */
const restThreshold = 1e-6;

/** The same heading in [-pi, pi). */
export function wrapAngle(angle: number): number {
  const turns = Math.floor((angle + Math.PI) / (2 * Math.PI));
  return turns === 0 ? angle : angle - turns * 2 * Math.PI;
}

function createPart(polygon: Float64Array): Matter.Body {
  const vertices: Matter.Vector[] = [];
  for (let i = 0; i < polygon.length; i += 2) {
    vertices.push({ x: polygon[i]! * unitsPerTable, y: polygon[i + 1]! * unitsPerTable });
  }
  return Matter.Body.create({ position: Matter.Vertices.centre(vertices), vertices });
}

/** A part of a body as it is at heading 0: what its vertices, axes and centre are rebuilt from. */
interface Outline {
  readonly part: Matter.Body;
  readonly centre: Matter.Vector;
  readonly vertices: readonly Matter.Vector[];
  readonly axes: readonly Matter.Vector[];
}

function captureOutline(part: Matter.Body, origin: Matter.Vector): Outline {
  return {
    part,
    centre: { x: part.position.x - origin.x, y: part.position.y - origin.y },
    vertices: part.vertices.map(({ x, y }) => ({ x: x - origin.x, y: y - origin.y })),
    axes: part.axes.map(({ x, y }) => ({ x, y })),
  };
}

const resting: Matter.Vector = { x: 0, y: 0 };

function placeOutline({ part, centre, vertices, axes }: Outline, x: number, y: number, cos: number, sin: number): void {
  for (let i = 0; i < vertices.length; i++) {
    const from = vertices[i]!;
    const to = part.vertices[i]!;
    to.x = x + from.x * cos - from.y * sin;
    to.y = y + from.x * sin + from.y * cos;
  }
  for (let i = 0; i < axes.length; i++) {
    const from = axes[i]!;
    const to = part.axes[i]!;
    to.x = from.x * cos - from.y * sin;
    to.y = from.x * sin + from.y * cos;
  }
  part.position.x = x + centre.x * cos - centre.y * sin;
  part.position.y = y + centre.x * sin + centre.y * cos;
  Matter.Bounds.update(part.bounds, part.vertices, resting);
}
