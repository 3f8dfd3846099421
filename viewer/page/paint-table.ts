import type { Point, Region } from '../../src/core/task.ts';
import type { EntityView, EpisodeView, GoalView, HandView, MomentView } from '../protocol.ts';
import { type Colours, rgb } from './colours.ts';

/** A canvas on which a table width is 1, and a pixel of the screen is `pixel`. */
export interface Easel {
  readonly context: CanvasRenderingContext2D;
  readonly pixel: number;
  readonly colours: Colours;
}

export function paintSurface({ context, pixel, colours }: Easel): void {
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, 1, 1);
  context.strokeStyle = colours.grid;
  context.lineWidth = pixel;
  context.beginPath();
  for (let line = 0.1; line < 0.95; line += 0.1) {
    context.moveTo(line, 0);
    context.lineTo(line, 1);
    context.moveTo(0, line);
    context.lineTo(1, line);
  }
  context.stroke();
}

/** Where things should be: regions, rings, and outlines where the heading counts. */
export function paintGoals(easel: Easel, { entities }: EpisodeView, { goals, regions, holds }: MomentView): void {
  const { context, pixel, colours } = easel;
  for (const region of regions) {
    tracePath(context, region);
    context.globalAlpha = 0.1;
    context.fillStyle = holds ? colours.good : colours.imagined;
    context.fill();
    context.globalAlpha = 0.8;
    context.strokeStyle = context.fillStyle;
    context.lineWidth = 1.6 * pixel;
    context.setLineDash([7 * pixel, 5 * pixel]);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }
  for (const goal of goals) {
    const entity = entities[goal.entity];
    if (entity !== undefined) paintGoal(easel, goal, entity, holds);
  }
}

function paintGoal({ context, pixel, colours }: Easel, goal: GoalView, entity: EntityView, holds: boolean): void {
  const [x, y] = goal.at;
  const colour = holds ? colours.good : inkOf(entity, colours);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1.8 * pixel;
  context.globalAlpha = 0.14;
  if (goal.angle === null) circle(context, x, y, entity.radius ?? reachOf(entity));
  else traceOutline(context, entity, x, y, goal.angle);
  context.fill();
  context.globalAlpha = 0.85;
  context.stroke();
  // A ring of about the thing's own size would only make it look smudged.
  if (Math.abs(goal.within - (entity.radius ?? 0)) > 0.012) {
    context.setLineDash([4 * pixel, 4 * pixel]);
    circle(context, x, y, goal.within);
    context.stroke();
    context.setLineDash([]);
  }
  circle(context, x, y, 2.4 * pixel);
  context.fill();
  context.globalAlpha = 1;
}

/** Keep-out zones, hatched; faint where guardrails are off. */
export function paintZones({ context, pixel, colours }: Easel, zones: readonly Region[], on: boolean): void {
  for (const zone of zones) {
    context.save();
    tracePath(context, zone);
    context.globalAlpha = on ? 1 : 0.45;
    context.strokeStyle = colours.bad;
    context.lineWidth = 2 * pixel;
    if (!on) context.setLineDash([6 * pixel, 5 * pixel]);
    context.stroke();
    context.setLineDash([]);
    context.clip();
    context.globalAlpha *= 0.1;
    context.fillStyle = colours.bad;
    context.fillRect(0, 0, 1, 1);
    context.globalAlpha *= on ? 4.5 : 2;
    context.lineWidth = 1.4 * pixel;
    context.beginPath();
    for (let at = -1; at < 1; at += 9 * pixel) {
      context.moveTo(at, 0);
      context.lineTo(at + 1, 1);
    }
    context.stroke();
    context.restore();
  }
}

/** The way come: one line an entity that moved. */
export function paintTrails(
  { context, pixel, colours }: Easel,
  { entities }: EpisodeView,
  moments: readonly MomentView[],
) {
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (const [n, entity] of entities.entries()) {
    context.beginPath();
    for (const { poses } of moments) context.lineTo(poses[3 * n]!, poses[3 * n + 1]!);
    context.strokeStyle = inkOf(entity, colours);
    context.lineWidth = 1.5 * pixel;
    context.globalAlpha = 0.35;
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** @param poses x, y, heading of each entity. */
export function paintBodies(easel: Easel, { entities }: EpisodeView, poses: readonly number[]): void {
  const { context, pixel, colours } = easel;
  // The pusher, first in the list, lies on top.
  for (const n of [...entities.keys()].reverse()) {
    const entity = entities[n]!;
    const [x, y, angle] = poses.slice(3 * n, 3 * n + 3) as [number, number, number];
    context.save();
    context.shadowColor = 'rgb(0 0 0 / 30%)';
    context.shadowBlur = 5;
    context.shadowOffsetY = 2.5;
    traceEntity(context, entity, x, y, angle);
    context.fillStyle = n === 0 ? colours.pusher : rgb(entity.colour);
    context.fill();
    context.restore();
    context.lineWidth = 1.6 * pixel;
    context.strokeStyle = n === 0 ? colours.pusherRim : rgb(entity.colour, 0.68);
    context.stroke();
    if (entity.fragile) {
      circle(context, x, y, reachOf(entity) + 0.015);
      context.strokeStyle = colours.bad;
      context.setLineDash([3 * pixel, 3 * pixel]);
      context.stroke();
      context.setLineDash([]);
    }
  }
}

/** Hands over the table, and how far to keep from them. */
export function paintHands({ context, pixel, colours }: Easel, hands: readonly HandView[], at: readonly Point[]): void {
  for (const [i, { radius, keptFrom }] of hands.entries()) {
    const [x, y] = at[i]!;
    if (keptFrom !== null) {
      circle(context, x, y, radius + keptFrom);
      context.strokeStyle = colours.bad;
      context.lineWidth = 1.6 * pixel;
      context.setLineDash([5 * pixel, 4 * pixel]);
      context.stroke();
      context.setLineDash([]);
    }
    circle(context, x, y, radius);
    context.globalAlpha = 0.9;
    context.fillStyle = colours.hand;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.4 * pixel;
    context.stroke();
  }
}

/** A zone that is being drawn. */
export function paintDraft({ context, pixel, colours }: Easel, centre: Point, radius: number): void {
  circle(context, ...centre, radius);
  context.globalAlpha = 0.15;
  context.fillStyle = colours.bad;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = colours.bad;
  context.lineWidth = 2 * pixel;
  context.stroke();
}

/** The colour of an entity's lines. */
export function inkOf(entity: EntityView, colours: Colours): string {
  return entity.shape === 'pusher' ? colours.imagined : rgb(entity.colour, 0.85);
}

export function reachOf({ outline, radius }: EntityView): number {
  if (radius !== null) return radius;
  let reach = 0;
  for (let i = 0; i < outline.length; i += 2) reach = Math.max(reach, Math.hypot(outline[i]!, outline[i + 1]!));
  return reach;
}

function traceEntity(context: CanvasRenderingContext2D, entity: EntityView, x: number, y: number, angle: number): void {
  if (entity.radius === null) traceOutline(context, entity, x, y, angle);
  else circle(context, x, y, entity.radius);
}

function traceOutline(
  context: CanvasRenderingContext2D,
  { outline, radius }: EntityView,
  x: number,
  y: number,
  angle: number,
): void {
  if (radius !== null) {
    circle(context, x, y, radius);
    return;
  }
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  context.beginPath();
  for (let i = 0; i < outline.length; i += 2) {
    const [u, v] = [outline[i]!, outline[i + 1]!];
    context.lineTo(x + u * cos - v * sin, y + u * sin + v * cos);
  }
  context.closePath();
}

function tracePath(context: CanvasRenderingContext2D, region: Region): void {
  if ('radius' in region) {
    circle(context, ...region.centre, region.radius);
    return;
  }
  const [[left, right], [top, bottom]] = [region.x, region.y];
  context.beginPath();
  context.roundRect(left, top, right - left, bottom - top, 0.012);
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
}
