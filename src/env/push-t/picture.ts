import type { GuardrailSpec, Point } from '../../core/task.ts';
import type { Rasteriser } from '../rasteriser/rasteriser.ts';
import { type Drawing, drawPicture } from '../tabletop/draw.ts';
import type { Pose } from '../tabletop/scene.ts';
import { blockShape, fieldSize, pusherShape, walls } from './field.ts';

export interface PushTPicture {
  /** Of the T's centre of mass. */
  readonly goal: Pose | null;
  readonly pusherGoal: Point | null;
  readonly guardrails: readonly GuardrailSpec[];
}

/** The field for people: the T's goal as an outline, the pusher's as a ring, zones and walls. */
export function drawPushTPicture(
  raster: Rasteriser,
  drawing: Drawing,
  poses: Float64Array,
  { goal, pusherGoal, guardrails }: PushTPicture,
): void {
  const colourOf = (body: number) => drawing.figures.find((figure) => figure.body === body)!.colour;
  drawPicture(raster, drawing, poses, 3, [], {
    goals: [
      ...(goal === null ? [] : [{ point: goal.position, angle: goal.angle, shape: blockShape, colour: colourOf(1) }]),
      ...(pusherGoal === null ? [] : [{ point: pusherGoal, angle: null, shape: pusherShape, colour: colourOf(0) }]),
    ],
    regions: [],
    zones: guardrails.flatMap((guardrail) => (guardrail.kind === 'keep-out' ? [guardrail.region] : [])),
    fragile: [],
    keptFrom: [],
  });
  const scale = raster.width / fieldSize;
  const [low, high] = [(walls.low - 2) * scale, (walls.high + 2) * scale];
  for (const [x0, y0, x1, y1] of [
    [low, low, high, low],
    [low, high, high, high],
    [low, low, low, high],
    [high, low, high, high],
  ] as const) {
    raster.strokeLine(x0, y0, x1, y1, 4 * scale, [160, 156, 148]);
  }
}
