import type { Rng } from '../../../core/rng.ts';
import { alter, become, type Design, harden } from '../quadruplet.ts';
import { block, floor, floorTop, screenBetween } from '../scene.ts';
import { drawCast, drawThing, halfWidth, lying, missing, thickness } from './cast.ts';

/**
 * Continuity: a fast thing arrives at a block, or one that lay before the block is there from one frame to the next; one
 * that lies stays, or one that came fast stops short of the block.
 */
export function jump(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const half = halfWidth(hero);
  const speed = rng.between(0.11, 0.15);
  const place = rng.between(0.42, 0.62);
  const fork = 12 + rng.integer(4);
  const stop = place + speed + half;
  const scene = { bodies: [hero], pieces: [floor, block(stop, 0.78, stop + 0.1, floorTop)], screens: [] };
  return {
    property: 'continuity',
    visibility: 'visible',
    contexts: [
      { scene, starts: [lying(hero, place - speed * fork, speed)] },
      { scene, starts: [lying(hero, place)] },
    ],
    fork,
    edits: [become(0), become(0)],
  };
}

/**
 * Permanence: a fast thing is gone behind a screen in the next frame, or one that lay beside the screen is gone; one
 * that lies stays, or one that came fast is still there.
 */
export function vanish(rng: Rng): Design {
  const colour = drawCast(rng).hero.colour;
  const hero = drawThing(rng, 'disc', colour, [0.8, 0.92]);
  const half = halfWidth(hero);
  const speed = rng.between(2 * half + 0.025, 0.15);
  const place = rng.between(0.35, 0.5);
  const fork = 12 + rng.integer(4);
  const stop = place + speed + half + 0.01;
  const scene = {
    bodies: [hero],
    pieces: [floor, block(stop, 0.8, stop + 0.08, floorTop)],
    screens: [screenBetween(place + half + 0.012, stop + 0.1, rng.between(0.5, 0.7))],
  };
  return {
    property: 'permanence',
    visibility: 'visible',
    contexts: [
      { scene, starts: [lying(hero, place - speed * fork, speed)] },
      { scene, starts: [lying(hero, place)] },
    ],
    fork,
    edits: [become(0), alter(0, { present: false })],
  };
}

/** Solidity: a thrown thing lands on a platform, or falls past where none is; through it, or on none. */
export function landing(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const x = rng.between(0.3, 0.7);
  const top = rng.between(0.5, 0.65);
  const half = rng.between(0.12, 0.2);
  const platform = block(x - half, top, x + half, top + thickness);
  const start = { x: x + rng.between(-0.04, 0.04), y: rng.between(0.38, 0.45), velocityY: -rng.between(0.098, 0.106) };
  return {
    property: 'solidity',
    visibility: 'visible',
    contexts: [
      { scene: { bodies: [hero], pieces: [floor, platform], screens: [] }, starts: [start] },
      { scene: { bodies: [hero], pieces: [floor, missing(platform)], screens: [] }, starts: [start] },
    ],
    fork: 'parting',
    edits: [alter(0, { passes: [1] }), harden(1)],
  };
}

/** Support: a thing slides over the end of a ledge and falls, or along a longer one; in mid-air, or down through it. */
export function overTheEdge(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const speed = rng.between(0.05, 0.07);
  const end = rng.between(0.42, 0.58);
  const top = rng.between(0.35, 0.5);
  const ledge = block(-2, top, end, top + thickness);
  const longer = block(end, top, 3, top + thickness);
  const starts = [lying(hero, end - speed * (12 + rng.integer(3)), speed, top)];
  return {
    property: 'support',
    visibility: 'visible',
    contexts: [
      { scene: { bodies: [hero], pieces: [floor, ledge, missing(longer)], screens: [] }, starts },
      { scene: { bodies: [hero], pieces: [floor, ledge, longer], screens: [] }, starts },
    ],
    fork: 'parting',
    edits: [alter(0, { weightless: true }), alter(0, { passes: [2] })],
  };
}

/** Inertia: two things come from either side to the same place and go on; or turn back without touching anything. */
export function turnBack(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const speed = rng.between(0.05, 0.08);
  const place = rng.between(0.42, 0.58);
  const fork = 11 + rng.integer(4);
  const scene = { bodies: [hero], pieces: [floor], screens: [] };
  return {
    property: 'inertia',
    visibility: 'visible',
    contexts: [
      { scene, starts: [lying(hero, place - speed * fork, speed)] },
      { scene, starts: [lying(hero, place + speed * fork, -speed)] },
    ],
    fork,
    edits: [become(0), become(0)],
  };
}

/**
 * The control: an edit that is legal. A thing that is struck moves off, one that nothing strikes stays; or it stays
 * although it is struck, or moves off by itself (Michotte's launching, 1946).
 */
export function struck(rng: Rng): Design {
  const { hero, otherColour } = drawCast(rng);
  const striker = drawThing(rng, rng.chance(0.5) ? 'disc' : 'box', otherColour);
  const speed = rng.between(0.07, 0.1);
  const place = rng.between(0.45, 0.6);
  const touch = place - halfWidth(hero) - halfWidth(striker);
  const starts = [lying(hero, place), lying(striker, touch - speed * (11.5 + rng.integer(3)), speed)];
  const scene = { bodies: [hero, striker], pieces: [floor], screens: [] };
  const alone = { ...scene, bodies: [hero, { ...striker, present: false }] };
  return {
    property: 'push',
    visibility: 'visible',
    contexts: [
      { scene, starts },
      { scene: alone, starts },
    ],
    fork: Math.floor((touch - starts[1]!.x) / speed),
    edits: [alter(0, { fixed: true }), (own, other) => alter(1, { seen: false })(become(1)(own, other), other)],
  };
}
