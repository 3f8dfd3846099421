/** Pixel coordinates. */
export type Pixel = readonly [x: number, y: number];

/** A rigid thing as it was last seen by itself, and where it is now. */
export interface Followed {
  /** What it covered, around its middle; one pixel where only its start is known. */
  readonly shape: readonly Pixel[];
  readonly middle: Pixel;
  /** Turned since, radians. */
  readonly angle: number;
}

/** A thing seen by itself. */
export function seenAlone(pixels: readonly Pixel[]): Followed {
  const middle = meanOf(pixels);
  return { shape: pixels.map(([x, y]): Pixel => [x - middle[0], y - middle[1]]), middle, angle: 0 };
}

/** A thing of which a place is known and nothing else. */
export function startingAt(middle: Pixel): Followed {
  return { shape: [[0, 0]], middle, angle: 0 };
}

export interface Division {
  /** Pixels by thing. */
  readonly parts: readonly (readonly Pixel[])[];
  readonly followed: readonly Followed[];
}

/**
 * Divides the pixels of a patch among the things that make it up: each is moved and turned from where it was until
 * together they cover the patch once. Coordinate descent on the number of pixels that are covered twice or not, and of
 * those of the shapes that stick out; steps are halved from what a push moves a thing. Things whose shape was never seen
 * divide the patch by k-means from where they are said to be.
 */
export function dividePatch(pixels: readonly Pixel[], things: readonly Followed[]): Division {
  if (things.some(({ shape }) => shape.length === 1)) return divideByMiddles(pixels, things);
  const shapes = things.map(({ shape }) => createMask(shape));
  const followed = things.map((thing) => ({ ...thing }));
  let least = misfit(pixels, shapes, followed);
  for (const [shift, turn] of steps) {
    for (let improved = true; improved; ) {
      improved = false;
      for (const [i, thing] of followed.entries()) {
        for (const [dx, dy, da] of moves) {
          const [x, y] = thing.middle;
          const moved = { ...thing, middle: [x + shift * dx, y + shift * dy] as const, angle: thing.angle + turn * da };
          const trial = followed.map((other, j) => (j === i ? moved : other));
          const value = misfit(pixels, shapes, trial);
          if (value >= least) continue;
          least = value;
          followed[i] = moved;
          improved = true;
          break;
        }
      }
    }
  }
  const parts: Pixel[][] = things.map(() => []);
  for (const pixel of pixels) {
    const gaps = followed.map((thing, i) => shapes[i]!.gap(backTurned(pixel, thing)));
    parts[indexOfLeast(gaps)]!.push(pixel);
  }
  return { parts, followed };
}

/** Pixels and radians; a push moves a thing by five pixels at most. */
const steps: readonly (readonly [shift: number, turn: number])[] = [
  [3, 0.4],
  [1.5, 0.2],
  [0.75, 0.1],
  [0.4, 0.05],
];

const moves: readonly (readonly [dx: number, dy: number, da: number])[] = [
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
];

/** How badly the things make up the patch: pixels covered twice or not at all, and what sticks out of it. */
function misfit(pixels: readonly Pixel[], shapes: readonly Mask[], things: readonly Followed[]): number {
  const covered = things.map(() => 0);
  let wrong = 0;
  for (const pixel of pixels) {
    let times = 0;
    for (const [i, thing] of things.entries()) {
      if (!shapes[i]!.holds(backTurned(pixel, thing))) continue;
      covered[i]!++;
      times++;
    }
    wrong += Math.abs(times - 1);
  }
  return things.reduce((sum, { shape }, i) => sum + Math.max(0, shape.length - covered[i]!), wrong);
}

/** Where a pixel lies on the thing as it was when last seen alone. */
function backTurned([x, y]: Pixel, { middle, angle }: Followed): Pixel {
  const [dx, dy] = [x - middle[0], y - middle[1]];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos * dx + sin * dy, cos * dy - sin * dx];
}

interface Mask {
  holds(point: Pixel): boolean;
  /** Distance to the nearest pixel of the shape, squared. */
  gap(point: Pixel): number;
}

function createMask(shape: readonly Pixel[]): Mask {
  // Offsets from a middle share their fractions.
  const [[fx, fy]] = shape as [Pixel, ...Pixel[]];
  const key = ([x, y]: Pixel): number => 4096 * Math.round(y - fy) + Math.round(x - fx);
  const held = new Set(shape.map(key));
  return {
    holds: (point) => held.has(key(point)),
    gap: ([x, y]) => {
      let least = Number.POSITIVE_INFINITY;
      for (const [px, py] of shape) least = Math.min(least, (px - x) ** 2 + (py - y) ** 2);
      return least;
    },
  };
}

const rounds = 8;

/** k-means from the things' middles. */
function divideByMiddles(pixels: readonly Pixel[], things: readonly Followed[]): Division {
  let middles = things.map(({ middle }) => middle);
  let parts: Pixel[][] = [];
  for (let round = 0; round < rounds; round++) {
    parts = things.map(() => []);
    for (const pixel of pixels) parts[indexOfLeast(middles.map((middle) => squaredGap(pixel, middle)))]!.push(pixel);
    middles = parts.map((part, i) => (part.length === 0 ? middles[i]! : meanOf(part)));
  }
  return { parts, followed: things.map((thing, i) => ({ ...thing, middle: middles[i]! })) };
}

export function meanOf(pixels: readonly Pixel[]): Pixel {
  let [x, y] = [0, 0];
  for (const pixel of pixels) {
    x += pixel[0];
    y += pixel[1];
  }
  return [x / pixels.length, y / pixels.length];
}

export function squaredGap(a: Pixel, b: Pixel): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2;
}

export function indexOfLeast(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
