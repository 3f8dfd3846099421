import type { Point, Region } from '../../src/core/task.ts';
import { bodyStateSize } from '../../src/env/tabletop/rigid-body.ts';
import { shapeOf } from '../../src/env/tabletop/scene.ts';
import { pusherRadius } from '../../src/env/tabletop/shapes.ts';
import { encodeState } from '../../src/env/tabletop/state.ts';
import type { GoalView, Grip } from '../protocol.ts';
import type { Rules, Table } from './table.ts';
import { viewGoals, viewRegions } from './view-moment.ts';

/** The table as a person's hand leaves it: rules and state for a new one. */
export interface Edited {
  readonly rules: Rules;
  readonly state: Float64Array;
  /** The agent has to be told: the instruction differs, not only what is to be seen. */
  readonly instructs: boolean;
}

/** How far a poke shoves, in table widths. */
const pokeDistance = 0.09;
/** Goals and zones keep so far from the table's edge with their centre. */
const edge = 0.02;

/** Moves what the grip holds. Null where there is no such thing. */
export function move(table: Table, { kind, name }: Grip, to: Point): Edited | null {
  const { rules } = table;
  switch (kind) {
    case 'pusher':
      return place(table, 0, to);
    case 'object': {
      const index = table.read().scene.objects.findIndex((object) => object.name === name);
      return index < 0 ? null : place(table, index + 1, to);
    }
    case 'target':
      return retarget(table, name, to);
    case 'goal': {
      const goal: GoalView | undefined = viewGoals(table)[Number(name)];
      return goal === undefined ? null : replaceInTask(table, goal.at, onTable(to, edge));
    }
    case 'region': {
      const region = viewRegions(table)[Number(name)];
      return region === undefined ? null : replaceInTask(table, region, movedTo(region, to));
    }
    case 'hand':
      return null;
    case 'zone': {
      const zone = rules.drawnZones[Number(name)];
      if (zone === undefined) return null;
      return withZones(table, rules.drawnZones.with(Number(name), movedTo(zone, to)));
    }
  }
}

/** Shoves an object away from where it is touched. */
export function poke(table: Table, object: string, from: Point): Edited | null {
  const { scene, bodies } = table.read();
  const body = scene.objects.findIndex(({ name }) => name === object) + 1;
  if (body === 0) return null;
  const [x, y] = [bodies[body * bodyStateSize]!, bodies[body * bodyStateSize + 1]!];
  const [dx, dy] = [x - from[0], y - from[1]];
  const length = Math.hypot(dx, dy);
  // Touched at its very centre, it goes up.
  const [ux, uy] = length < 1e-6 ? [0, -1] : [dx / length, dy / length];
  return place(table, body, [x + pokeDistance * ux, y + pokeDistance * uy]);
}

export function addZone(table: Table, zone: Region): Edited {
  return withZones(table, [...table.rules.drawnZones, zone]);
}

export function removeZone(table: Table, zone: number): Edited {
  return withZones(
    table,
    table.rules.drawnZones.filter((_, i) => i !== zone),
  );
}

/** @param by Added to a radius, or to each side's distance from the centre, in table widths. */
export function resizeZone(table: Table, index: number, by: number): Edited | null {
  const zone = table.rules.drawnZones[index];
  if (zone === undefined) return null;
  const grown = (half: number): number => Math.min(0.35, Math.max(0.03, half + by));
  const [x, y] = centreOf(zone);
  if ('radius' in zone)
    return withZones(table, table.rules.drawnZones.with(index, { centre: [x, y], radius: grown(zone.radius) }));
  const [width, height] = [zone.x, zone.y].map(([low, high]) => grown((high - low) / 2)) as [number, number];
  const resized: Region = movedTo({ x: [x - width, x + width], y: [y - height, y + height] }, [x, y]);
  return withZones(table, table.rules.drawnZones.with(index, resized));
}

export function centreOf(region: Region): Point {
  if ('radius' in region) return region.centre;
  return [(region.x[0] + region.x[1]) / 2, (region.y[0] + region.y[1]) / 2];
}

function withZones(table: Table, drawnZones: readonly Region[]): Edited {
  return { rules: { ...table.rules, drawnZones }, state: stateOf(table), instructs: true };
}

/** Puts a body somewhere, at rest, as far as it stays on the table. */
function place(table: Table, body: number, to: Point): Edited {
  const { scene, bodies } = table.read();
  const object = scene.objects[body - 1];
  const [x, y] = onTable(to, object === undefined ? pusherRadius : shapeOf(object).reach);
  const moved = bodies.slice();
  const at = body * bodyStateSize;
  moved.set([Math.fround(x), Math.fround(y)], at);
  moved.fill(0, at + 3, at + bodyStateSize);
  return { rules: table.rules, state: stateOf(table, { bodies: moved }), instructs: false };
}

function retarget(table: Table, name: string, to: Point): Edited | null {
  const { scene } = table.read();
  if (scene.targets[name] === undefined) return null;
  const targets = { ...scene.targets, [name]: onTable(to, edge) };
  return { rules: table.rules, state: stateOf(table, { scene: { ...scene, targets } }), instructs: true };
}

/** Replaces a point or region wherever the task speaks of the same. */
function replaceInTask(table: Table, from: Point | Region, to: Point | Region): Edited {
  const same = JSON.stringify(from);
  const task = JSON.parse(JSON.stringify(table.rules.task), (_, value) =>
    JSON.stringify(value) === same ? to : value,
  );
  return { rules: { ...table.rules, task }, state: stateOf(table), instructs: true };
}

/** The state after an edit: what held before is to be seen anew. */
function stateOf(table: Table, changes: Partial<ReturnType<Table['read']>> = {}): Float64Array {
  return encodeState({ ...table.read(), ...changes, held: 0 });
}

/** The region with its centre as near to the point as the table allows. */
function movedTo(region: Region, to: Point): Region {
  if ('radius' in region) return { ...region, centre: onTable(to, edge) };
  const along = ([low, high]: readonly [number, number], middle: number): [number, number] => {
    const start = Math.min(Math.max(middle - (high - low) / 2, 0), 1 - (high - low));
    return [start, start + (high - low)];
  };
  return { x: along(region.x, to[0]), y: along(region.y, to[1]) };
}

function onTable([x, y]: Point, margin: number): Point {
  const clamp = (value: number): number => Math.min(1 - margin, Math.max(margin, value));
  return [clamp(x), clamp(y)];
}
