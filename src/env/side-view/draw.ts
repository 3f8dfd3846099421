import type { Rasteriser, Rgb } from '../rasteriser/rasteriser.ts';
import { palette } from '../tabletop/palette.ts';
import { bodyStateSize } from '../tabletop/rigid-body.ts';
import type { Shape } from '../tabletop/shapes.ts';
import {
  airColour,
  floorTop,
  pieceColour,
  type SideScene,
  screenBottom,
  screenColour,
  screenTop,
  shapeOf,
} from './scene.ts';

/** Draws one frame: air, scenery, things, and screens in front of all. */
export function drawSideFrame(
  raster: Rasteriser,
  scene: SideScene,
  frame: number,
  state: ArrayLike<number>,
  shapes: readonly Shape[] = scene.bodies.map(shapeOf),
): void {
  const size = raster.width;
  raster.clear(airColour);
  for (const { outline, seen } of scene.pieces) {
    if (seen)
      raster.fillPolygon(
        outline.flatMap(([x, y]) => [x * size, y * size]),
        pieceColour,
      );
  }
  for (const [i, { colour, present, seen }] of scene.bodies.entries()) {
    if (present && seen) drawBody(raster, shapes[i]!, palette[colour], state, i * bodyStateSize);
  }
  for (const screen of scene.screens) {
    const top = screenTop(screen, frame);
    if (top >= floorTop) continue;
    const [left, right, bottom] = [screen.left * size, screen.right * size, screenBottom * size];
    raster.fillPolygon([left, top * size, right, top * size, right, bottom, left, bottom], screenColour);
  }
}

function drawBody(raster: Rasteriser, shape: Shape, colour: Rgb, state: ArrayLike<number>, at: number): void {
  const size = raster.width;
  const [x, y, angle] = [state[at]! * size, state[at + 1]! * size, state[at + 2]!];
  if (shape.radius !== null) {
    raster.fillCircle(x, y, shape.radius * size, colour);
    return;
  }
  const [cos, sin] = [Math.cos(angle) * size, Math.sin(angle) * size];
  const corners: number[] = [];
  for (let i = 0; i < shape.outline.length; i += 2) {
    const [a, b] = [shape.outline[i]!, shape.outline[i + 1]!];
    corners.push(x + a * cos - b * sin, y + a * sin + b * cos);
  }
  raster.fillPolygon(corners, colour);
}
