import { createRasteriser, type Rasteriser } from '../rasteriser/rasteriser.ts';
import { bodyStateSize } from '../tabletop/rigid-body.ts';
import { drawSideFrame } from './draw.ts';
import { createSidePhysics, substepsPerFrame } from './physics.ts';
import type { SideScene, Start } from './scene.ts';

/** All that decides what follows. Plain data: forks of one snapshot are independent and exact. */
export interface SideSnapshot {
  readonly scene: SideScene;
  /** Frames since the film began. */
  readonly frame: number;
  /** Six numbers a body. */
  readonly state: Float64Array;
}

/** Side of the pictures that models watch. */
export const sideFrameSize = 64;

/** The first moment of a film. */
export function beginScene(scene: SideScene, starts: readonly Start[]): SideSnapshot {
  const state = new Float64Array(scene.bodies.length * bodyStateSize);
  for (const [i, { x, y, angle = 0, velocityX = 0, velocityY = 0 }] of starts.entries()) {
    const perSubstep = [velocityX / substepsPerFrame, velocityY / substepsPerFrame, 0];
    state.set([x, y, angle, ...perSubstep].map(Math.fround), i * bodyStateSize);
  }
  return { scene, frame: 0, state };
}

/** The snapshots of the next `frames` frames, without that of `from`. */
export function play({ scene, frame, state }: SideSnapshot, frames: number): SideSnapshot[] {
  const physics = createSidePhysics(scene, state);
  return Array.from({ length: frames }, (_, i) => {
    physics.step();
    return { scene, frame: frame + i + 1, state: physics.state.slice() };
  });
}

const raster = createRasteriser({ width: sideFrameSize, height: sideFrameSize });

/** A snapshot's picture, [size, size, 3] bytes. */
export function picture({ scene, frame, state }: SideSnapshot, size = sideFrameSize): Uint8Array {
  const canvas: Rasteriser = size === sideFrameSize ? raster : createRasteriser({ width: size, height: size });
  drawSideFrame(canvas, scene, frame, state);
  return canvas.pixels.slice();
}

/** The six numbers of one body. */
export function bodyState({ state }: SideSnapshot, body: number): Float64Array {
  return state.subarray(body * bodyStateSize, (body + 1) * bodyStateSize);
}
