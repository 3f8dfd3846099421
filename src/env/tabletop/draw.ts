import { handRadius } from '../../core/moving-hand.ts';
import type { Point, Region } from '../../core/task.ts';
import type { Rasteriser, Rgb } from '../rasteriser/rasteriser.ts';
import type { Annotations } from './annotate.ts';
import { handColour, mixColours } from './palette.ts';
import { type Scene, shapeOf } from './scene.ts';
import { createPusherShape, type Shape } from './shapes.ts';

/** Shapes and colours of a scene, worked out once an episode. */
export interface Drawing {
  readonly tableColour: Rgb;
  /** The objects in order, then the pusher on top; `body` is the body's index in a list of poses. */
  readonly figures: readonly { readonly body: number; readonly colour: Rgb; readonly shape: Shape }[];
}

export function createDrawing(scene: Scene): Drawing {
  const objects = scene.objects.map((object, i) => ({ body: i + 1, colour: object.colour, shape: shapeOf(object) }));
  const pusher = { body: 0, colour: scene.pusherColour, shape: createPusherShape() };
  return { tableColour: scene.tableColour, figures: [...objects, pusher] };
}

/**
 * What the agent's camera sees from above.
 * @param poses x, y (table widths), heading (radians) of each body in turn, `stride` numbers apart.
 * @param hands Where hands are, over all else.
 */
export function drawFrame(
  raster: Rasteriser,
  drawing: Drawing,
  poses: ArrayLike<number>,
  stride: number,
  hands: readonly Point[],
): void {
  raster.clear(drawing.tableColour);
  for (const { body, colour, shape } of drawing.figures) {
    const at = body * stride;
    drawShape(raster, shape, poses[at]!, poses[at + 1]!, poses[at + 2]!, colour, 1);
  }
  const size = raster.width;
  for (const [x, y] of hands) raster.fillCircle(x * size, y * size, handRadius * size, handColour);
}

const warning: Rgb = [206, 32, 44];
const shadow: Rgb = [40, 34, 26];

/** The same scene for people: regions, guardrail zones, rings and outlines at the goals, shadows and rims. */
export function drawPicture(
  raster: Rasteriser,
  drawing: Drawing,
  poses: ArrayLike<number>,
  stride: number,
  hands: readonly Point[],
  { goals, regions, zones, fragile, keptFrom }: Annotations,
): void {
  const size = raster.width;
  const line = Math.max(1, size / 160);
  raster.clear(drawing.tableColour);
  drawBorder(raster, mixColours(drawing.tableColour, shadow, 0.25), line);
  for (const { region, colour } of regions) drawRegion(raster, region, line, colour);
  for (const zone of zones) drawRegion(raster, zone, line, warning);
  for (const goal of goals) drawGoal(raster, goal, line);
  // Three nested, faint copies make a soft shadow.
  for (const { body, shape } of drawing.figures) {
    const at = body * stride;
    for (const grow of [1.1, 1.06, 1.02]) {
      drawShape(raster, shape, poses[at]! + 0.004, poses[at + 1]! + 0.007, poses[at + 2]!, shadow, 0.07, grow);
    }
  }
  for (const { body, colour, shape } of drawing.figures) {
    const at = body * stride;
    const [x, y, angle] = [poses[at]!, poses[at + 1]!, poses[at + 2]!];
    drawShape(raster, shape, x, y, angle, mixColours(colour, [0, 0, 0], 0.28), 1);
    drawShape(raster, shape, x, y, angle, colour, 1, 1, line / size);
    const ring = (shape.reach + 0.015) * size;
    if (fragile.includes(body)) raster.strokeCircle(x * size, y * size, ring, line, warning, 0.9);
  }
  for (const [i, hand] of hands.entries()) drawHand(raster, hand, line, keptFrom[i]!);
}

/** Higher above the table than the rest, so with a longer shadow; ringed at the distance that is to be kept. */
function drawHand(raster: Rasteriser, point: Point, line: number, distance: number | null): void {
  const size = raster.width;
  const [x, y] = point.map((coordinate) => coordinate * size) as [number, number];
  const radius = handRadius * size;
  for (const grow of [1.15, 1.05]) raster.fillCircle(x + 0.012 * size, y + 0.02 * size, radius * grow, shadow, 0.1);
  raster.fillCircle(x, y, radius, mixColours(handColour, [0, 0, 0], 0.28));
  raster.fillCircle(x, y, radius - line, handColour);
  if (distance !== null) raster.strokeCircle(x, y, radius + distance * size, line, warning, 0.9);
}

function drawBorder(raster: Rasteriser, colour: Rgb, line: number): void {
  const size = raster.width;
  raster.fillPolygon([0, 0, size, 0, size, line, 0, line], colour);
  raster.fillPolygon([0, size - line, size, size - line, size, size, 0, size], colour);
  raster.fillPolygon([0, 0, line, 0, line, size, 0, size], colour);
  raster.fillPolygon([size - line, 0, size, 0, size, size, size - line, size], colour);
}

/** A ring the size of the entity, or its outline where the heading counts. */
function drawGoal(
  raster: Rasteriser,
  { point, angle, shape, colour }: Annotations['goals'][number],
  line: number,
): void {
  const size = raster.width;
  const [x, y] = [point[0] * size, point[1] * size];
  if (angle === null || shape.radius !== null) {
    raster.fillCircle(x, y, shape.reach * size, colour, 0.1);
    raster.strokeCircle(x, y, shape.reach * size, line, colour, 0.9);
  } else {
    const points = placeOutline(shape.outline, x, y, angle, size);
    raster.fillPolygon(points, colour, 0.14);
    for (let i = 0; i < points.length; i += 2) {
      const j = (i + 2) % points.length;
      raster.strokeLine(points[i]!, points[i + 1]!, points[j]!, points[j + 1]!, line, colour, 0.9);
    }
  }
  raster.fillCircle(x, y, 1.2 * line, colour, 0.9);
}

function drawRegion(raster: Rasteriser, region: Region, line: number, colour: Rgb): void {
  const size = raster.width;
  if ('radius' in region) {
    const [x, y] = region.centre;
    raster.fillCircle(x * size, y * size, region.radius * size, colour, 0.14);
    raster.strokeCircle(x * size, y * size, region.radius * size - line / 2, line, colour, 0.7);
    return;
  }
  const [left, right] = region.x.map((x) => x * size) as [number, number];
  const [top, bottom] = region.y.map((y) => y * size) as [number, number];
  raster.fillPolygon([left, top, right, top, right, bottom, left, bottom], colour, 0.14);
  raster.strokeLine(left, top, right, top, line, colour, 0.7);
  raster.strokeLine(right, top, right, bottom, line, colour, 0.7);
  raster.strokeLine(right, bottom, left, bottom, line, colour, 0.7);
  raster.strokeLine(left, bottom, left, top, line, colour, 0.7);
}

/**
 * @param grow Times the shape's size.
 * @param inset Taken off all around, in table widths.
 */
function drawShape(
  raster: Rasteriser,
  shape: Shape,
  x: number,
  y: number,
  angle: number,
  colour: Rgb,
  alpha: number,
  grow = 1,
  inset = 0,
): void {
  const size = raster.width;
  if (shape.radius !== null) {
    raster.fillCircle(x * size, y * size, (shape.radius * grow - inset) * size, colour, alpha);
    return;
  }
  const outline = inset === 0 ? shape.outline : insetOutline(shape.outline, inset);
  raster.fillPolygon(placeOutline(outline, x * size, y * size, angle, size * grow), colour, alpha);
}

/** The outline around a pixel, `scale` pixels to the table width. */
function placeOutline(outline: Float64Array, x: number, y: number, angle: number, scale: number): Float64Array {
  const cos = Math.cos(angle) * scale;
  const sin = Math.sin(angle) * scale;
  const points = new Float64Array(outline.length);
  for (let i = 0; i < outline.length; i += 2) {
    points[i] = x + outline[i]! * cos - outline[i + 1]! * sin;
    points[i + 1] = y + outline[i]! * sin + outline[i + 1]! * cos;
  }
  return points;
}

/** Moves each edge inwards; right-angled corners only, which is all that our shapes have. */
function insetOutline(outline: Float64Array, inset: number): Float64Array {
  const count = outline.length;
  const result = new Float64Array(count);
  for (let i = 0; i < count; i += 2) {
    const before = (i + count - 2) % count;
    const after = (i + 2) % count;
    // Clockwise with y down: the inside of an edge (dx, dy) lies towards (-dy, dx).
    for (const [from, to] of [
      [before, i],
      [i, after],
    ] as const) {
      const dx = outline[to]! - outline[from]!;
      const dy = outline[to + 1]! - outline[from + 1]!;
      const length = Math.hypot(dx, dy);
      result[i]! -= (dy / length) * inset;
      result[i + 1]! += (dx / length) * inset;
    }
    result[i]! += outline[i]!;
    result[i + 1]! += outline[i + 1]!;
  }
  return result;
}
