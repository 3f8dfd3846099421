import type { Rng } from '../../core/rng.ts';
import { type Context, filmFrames } from './quadruplet.ts';
import { drawThing, halfWidth, lying, thickness } from './scenarios/cast.ts';
import { block, floor, floorTop, type Piece, type SideBody, type Start, screenBetween, sideColours } from './scene.ts';

/**
 * A scene of no scenario: up to three things that fall, slide in, are thrown, lie or are stacked, among platforms,
 * ledges, ramps and blocks, some of it behind screens.
 */
export function sampleScene(rng: Rng): Context {
  for (;;) {
    const pieces = [floor, ...sampleScenery(rng)];
    const colours = rng.shuffled(sideColours);
    const cast: { body: SideBody; start: Start }[] = [];
    const count = 1 + rng.integer(3);
    while (cast.length < count) {
      const body = drawThing(rng, rng.chance(0.5) ? 'disc' : 'box', colours[cast.length]!);
      const below = cast.at(-1);
      if (below !== undefined && isBox(below.body) && isBox(body) && rng.chance(0.4)) {
        cast.push({ body, start: upon(body, below.body, below.start, rng) });
      } else cast.push({ body, start: sampleStart(body, rng) });
    }
    if (!isFree(cast, pieces)) continue;
    return {
      scene: { bodies: cast.map(({ body }) => body), pieces, screens: sampleScreens(rng) },
      starts: cast.map(({ start }) => start),
    };
  }
}

const isBox = ({ shape }: SideBody): boolean => shape === 'box';

function sampleScenery(rng: Rng): Piece[] {
  const pieces: Piece[] = [];
  if (rng.chance(0.35)) {
    const [x, top, half] = [rng.between(0.2, 0.8), rng.between(0.4, 0.7), rng.between(0.1, 0.25)];
    pieces.push(block(x - half, top, x + half, top + thickness));
  }
  if (rng.chance(0.25)) {
    const [end, top] = [rng.between(0.25, 0.5), rng.between(0.35, 0.6)];
    pieces.push(rng.chance(0.5) ? block(-2, top, end, top + thickness) : block(1 - end, top, 3, top + thickness));
  }
  if (rng.chance(0.3)) {
    const [x, width, height] = [rng.between(0.1, 0.5), rng.between(0.25, 0.45), rng.between(0.1, 0.3)];
    const high = rng.chance(0.5) ? x : x + width;
    pieces.push({
      ...floor,
      outline: [
        [x, floorTop],
        [high, floorTop - height],
        [x + width, floorTop],
      ],
    });
  } else if (rng.chance(0.4)) {
    const x = rng.between(0.1, 0.9);
    pieces.push(block(x, floorTop - rng.between(0.1, 0.35), x + rng.between(thickness, 0.12), floorTop));
  }
  return pieces;
}

function sampleScreens(rng: Rng) {
  return Array.from({ length: rng.integer(3) }, () => {
    const [x, half] = [rng.between(0.1, 0.9), rng.between(0.08, 0.22)];
    const lowersAfter = rng.chance(0.6) ? rng.integer(filmFrames) : null;
    return screenBetween(x - half, x + half, rng.between(0.2, 0.75), lowersAfter);
  });
}

function sampleStart(body: SideBody, rng: Rng): Start {
  const side = rng.chance(0.5) ? 1 : -1;
  const x = rng.between(0.1, 0.9);
  switch (rng.integer(4)) {
    case 0:
      return { x, y: rng.between(-0.6, 0.1), velocityX: rng.between(-0.03, 0.03) };
    case 1: {
      const speed = rng.between(0.03, 0.15);
      return lying(body, 0.5 - side * (0.5 + speed * rng.between(0, 12)), side * speed);
    }
    case 2:
      return { x, y: rng.between(0.2, 0.7), velocityX: rng.between(-0.06, 0.06), velocityY: -rng.between(0, 0.11) };
    default:
      return lying(body, x);
  }
}

/** On top of the one below, a little aside. */
function upon(body: SideBody, below: SideBody, { x, y, velocityX = 0 }: Start, rng: Rng): Start {
  const top = y - (floorTop - lying(below, 0).y);
  return lying(body, x + rng.between(-0.4, 0.4) * halfWidth(below), velocityX, top);
}

/** Whether no two things, and no thing and piece, begin within each other. */
function isFree(
  cast: readonly { readonly body: SideBody; readonly start: Start }[],
  pieces: readonly Piece[],
): boolean {
  const boxes = [
    ...cast.map(({ body, start }) => boxAround(body, start)),
    ...pieces.map(({ outline }) => {
      const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
      return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
    }),
  ];
  return cast.every((_, i) =>
    boxes.every((other, j) => {
      const own = boxes[i]!;
      const apart = own[0] >= other[2] || other[0] >= own[2] || own[1] >= other[3] || other[1] >= own[3];
      return i === j || apart;
    }),
  );
}

/** Left, top, right, bottom, a hair smaller than the thing: those that lie on others touch them. */
function boxAround(body: SideBody, { x, y }: Start): readonly [number, number, number, number] {
  const [wide, high] = [halfWidth(body) - 1e-4, floorTop - lying(body, 0).y - 1e-4];
  return [x - wide, y - high, x + wide, y + high];
}
