import type { Point, ShapeName } from '../../core/task.ts';
import type { Rgb } from '../rasteriser/rasteriser.ts';
import type { SceneHand } from './hands.ts';
import { createShape, type Shape } from './shapes.ts';

/** An object of one episode, all that was left open in its `ObjectSpec` decided. */
export interface SceneObject {
  readonly name: string;
  readonly shape: ShapeName;
  readonly colour: Rgb;
  /** Times the shape's normal size. */
  readonly sizeScale: number;
  /** Times the mass that its area gives it. */
  readonly massScale: number;
}

/** What does not change during an episode. */
export interface Scene {
  readonly objects: readonly SceneObject[];
  readonly hands: readonly SceneHand[];
  /** In table widths. */
  readonly targets: Readonly<Record<string, Point>>;
  /** Radians, of those targets that have an angle. */
  readonly targetAngles: Readonly<Record<string, number>>;
  readonly frictionScale: number;
  readonly tableColour: Rgb;
  readonly pusherColour: Rgb;
}

/** Where a body is: table widths and radians. */
export interface Pose {
  readonly position: Point;
  readonly angle: number;
}

/** A scene and where its episode begins. */
export interface SampledScene {
  readonly scene: Scene;
  readonly pusher: Point;
  /** One for each object. */
  readonly poses: readonly Pose[];
}

export function shapeOf({ shape, sizeScale }: SceneObject): Shape {
  return createShape(shape, sizeScale);
}
