import type { GuardrailSpec, Point } from '../../core/task.ts';
import { createRasteriser, type Rasteriser, type Rgb } from '../rasteriser/rasteriser.ts';
import {
  doorHalfHeight,
  dotStd,
  fieldHigh,
  fieldLow,
  fieldSize,
  successDistance,
  type TwoRoomsLayout,
  wallHalfWidth,
} from './field.ts';

const floor: Rgb = [243, 240, 233];
const outside: Rgb = [222, 217, 206];
const wall: Rgb = [72, 78, 92];
const goalColour: Rgb = [22, 160, 82];
const warning: Rgb = [206, 32, 44];
export const dotColour: Rgb = [30, 98, 224];

export interface TwoRoomsPicture {
  readonly layout: TwoRoomsLayout;
  /** Of the dot, pixels of the field. */
  readonly position: Point;
  /** Field widths. */
  readonly goal: Point | null;
  readonly guardrails: readonly GuardrailSpec[];
}

/**
 * The field for people, at any size: a point at p field widths is drawn at p x size. The walls are as thick as the
 * dot's centre meets them, so it is drawn over them where it touches.
 * @returns bytes [size, size, 3]
 */
export function drawPicture(size: number, { layout, position, goal, guardrails }: TwoRoomsPicture): Uint8Array {
  const raster = createRasteriser({ width: size, height: size });
  const scale = size / fieldSize;
  const line = Math.max(1, size / 160);
  raster.clear(outside);
  fillBox(raster, fieldLow, fieldLow, fieldHigh, fieldHigh, floor);
  for (const guardrail of guardrails) {
    if (guardrail.kind !== 'keep-out') continue;
    const { region } = guardrail;
    if ('radius' in region) {
      raster.fillCircle(region.centre[0] * size, region.centre[1] * size, region.radius * size, warning, 0.2);
    } else {
      const [left, right, top, bottom] = [...region.x, ...region.y].map((p) => p * fieldSize);
      fillBox(raster, left!, top!, right!, bottom!, warning, 0.2);
    }
  }
  const [left, right] = [layout.wallX - wallHalfWidth, layout.wallX + wallHalfWidth];
  fillBox(raster, left, fieldLow, right, layout.doorY - doorHalfHeight, wall);
  fillBox(raster, left, layout.doorY + doorHalfHeight, right, fieldHigh, wall);
  const rim = 0.6;
  fillBox(raster, fieldLow - rim, fieldLow - rim, fieldHigh + rim, fieldLow, wall);
  fillBox(raster, fieldLow - rim, fieldHigh, fieldHigh + rim, fieldHigh + rim, wall);
  fillBox(raster, fieldLow - rim, fieldLow, fieldLow, fieldHigh, wall);
  fillBox(raster, fieldHigh, fieldLow, fieldHigh + rim, fieldHigh, wall);
  if (goal !== null) {
    const [x, y] = [goal[0] * size, goal[1] * size];
    raster.fillCircle(x, y, successDistance * scale, goalColour, 0.12);
    raster.strokeCircle(x, y, successDistance * scale, line, goalColour, 0.9);
    raster.fillCircle(x, y, 1.5 * line, goalColour, 0.9);
  }
  const [x, y] = [position[0] * scale, position[1] * scale];
  for (const grow of [1.5, 1.3, 1.15]) {
    raster.fillCircle(x + 0.1 * scale, y + 0.2 * scale, grow * dotStd * scale, [40, 34, 26], 0.08);
  }
  raster.fillCircle(x, y, dotStd * scale, dotColour);
  return raster.pixels;
}

/** A box given in pixels of the field. */
function fillBox(
  raster: Rasteriser,
  left: number,
  top: number,
  right: number,
  bottom: number,
  colour: Rgb,
  alpha = 1,
): void {
  const scale = raster.width / fieldSize;
  raster.fillPolygon(
    [left, top, right, top, right, bottom, left, bottom].map((p) => p * scale),
    colour,
    alpha,
  );
}
