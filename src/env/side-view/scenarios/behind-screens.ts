import type { Rng } from '../../../core/rng.ts';
import { alter, become, type Context, type Design, harden } from '../quadruplet.ts';
import { block, floor, floorTop, type Screen, type SideBody, type Start, screenBetween } from '../scene.ts';
import { drawCast, drawThing, halfWidth, lying, missing, thickness } from './cast.ts';

/** A thing that falls into the picture and is hidden by a screen after some seven frames. */
function falling(rng: Rng, x: number): Start {
  return { x, y: rng.between(-0.2, -0.06), velocityY: rng.between(0, 0.02) };
}

/** When what falls lies behind its screen. */
const hidden = 11;

/** Screens that show after the fork what is behind them. */
function sinking(rng: Rng, x: number, half: number, top: number): Screen {
  return screenBetween(x - half, x + half, top, hidden + rng.integer(2));
}

/** Two screens that sink together, a place behind each, and how what is hidden there falls. */
function twoScreens(rng: Rng) {
  const half = rng.between(0.14, 0.17);
  const top = rng.between(0.5, 0.65);
  const places = [rng.between(0.2, 0.28), rng.between(0.72, 0.8)] as const;
  const start = falling(rng, 0);
  const screens = places.map((x) => sinking(rng.child('screens'), x, half, top));
  return { places, start, screens };
}

/** Continuity: what fell behind one of two screens is behind that one, and not behind the other. */
export function swap(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const { places, start, screens } = twoScreens(rng);
  const context = (x: number): Context => ({
    scene: { bodies: [hero], pieces: [floor], screens },
    starts: [{ ...start, x }],
  });
  return {
    property: 'continuity',
    visibility: 'occluded',
    contexts: [context(places[0]), context(places[1])],
    fork: hidden,
    edits: [become(0), become(0)],
  };
}

/** Falls behind a screen, which sinks: two heroes of which each can be found there in the other's stead. */
function reveal(rng: Rng, property: Design['property'], heroes: readonly [SideBody, SideBody]): Design {
  const x = rng.between(0.3, 0.7);
  const screens = [sinking(rng, x, rng.between(0.14, 0.2), rng.between(0.5, 0.65))];
  const starts = [falling(rng, x + rng.between(-0.04, 0.04))];
  const context = (hero: SideBody): Context => ({ scene: { bodies: [hero], pieces: [floor], screens }, starts });
  return {
    property,
    visibility: 'occluded',
    contexts: [context(heroes[0]), context(heroes[1])],
    fork: hidden,
    edits: [become(0), become(0)],
  };
}

/** Permanence: what fell behind a screen is there when the screen sinks; where nothing fell, nothing is. */
export function gone(rng: Rng): Design {
  const { hero } = drawCast(rng);
  return reveal(rng, 'permanence', [hero, { ...hero, present: false }]);
}

/** Shape constancy: what fell as a disc is found as a disc. */
export function reshaped(rng: Rng): Design {
  const { colour } = drawCast(rng).hero;
  return reveal(rng, 'shape-constancy', [drawThing(rng, 'disc', colour), drawThing(rng, 'box', colour)]);
}

/**
 * Colour constancy: what fell red is found red. Two things alike but for their colours fall behind two screens, both
 * colours in both contexts: who holds a memory of each colour knows of either that it fell, and nothing more.
 */
export function recoloured(rng: Rng): Design {
  const { hero, otherColour } = drawCast(rng);
  const { places, start, screens } = twoScreens(rng);
  const context = (...colours: readonly SideBody['colour'][]): Context => ({
    scene: { bodies: colours.map((colour) => ({ ...hero, colour })), pieces: [floor], screens },
    starts: places.map((x) => ({ ...start, x })),
  });
  const turnBoth: Design['edits'][number] = (own, other) => become(1)(become(0)(own, other), other);
  return {
    property: 'colour-constancy',
    visibility: 'occluded',
    contexts: [context(hero.colour, otherColour), context(otherColour, hero.colour)],
    fork: hidden,
    edits: [turnBoth, turnBoth],
  };
}

/** Solidity: a thing slides behind a screen that a wall looks out of, and is stopped; or there is no wall. */
export function wall(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const half = halfWidth(hero);
  const speed = rng.between(0.07, 0.09);
  const place = rng.between(0.48, 0.58);
  const top = rng.between(0.66, 0.74);
  const hurdle = block(place - thickness / 2, top - rng.between(0.12, 0.2), place + thickness / 2, floorTop);
  const screens = [screenBetween(place - half - 0.12, place + 0.08, top)];
  const touch = place - thickness / 2 - half;
  const starts = [lying(hero, touch - speed * (11 + rng.uniform()), speed)];
  return {
    property: 'solidity',
    visibility: 'occluded',
    contexts: [
      { scene: { bodies: [hero], pieces: [floor, hurdle], screens }, starts },
      { scene: { bodies: [hero], pieces: [floor, missing(hurdle)], screens }, starts },
    ],
    fork: 'parting',
    edits: [alter(0, { passes: [1] }), harden(1)],
  };
}

/** Support: a ledge ends behind a screen, or goes on beyond it; what slides behind comes out on it only where it does. */
export function hiddenEdge(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const half = halfWidth(hero);
  const speed = rng.between(0.06, 0.08);
  const end = rng.between(0.42, 0.5);
  const top = rng.between(0.35, 0.5);
  const ledge = block(-2, top, end, top + thickness);
  const longer = block(end, top, 3, top + thickness);
  const screens = [screenBetween(end - half - 0.05, end + half + 0.12, top - 0.2)];
  const starts = [lying(hero, end - speed * (11 + rng.uniform()), speed, top)];
  return {
    property: 'support',
    visibility: 'occluded',
    contexts: [
      { scene: { bodies: [hero], pieces: [floor, ledge, missing(longer)], screens }, starts },
      { scene: { bodies: [hero], pieces: [floor, ledge, longer], screens }, starts },
    ],
    fork: 'parting',
    edits: [alter(0, { weightless: true }), alter(0, { passes: [2] })],
  };
}

/** Inertia: what went behind a screen comes out on the other side, and not where it went in. */
export function turnBehind(rng: Rng): Design {
  const { hero } = drawCast(rng);
  const half = halfWidth(hero);
  const speed = rng.between(0.06, 0.08);
  const place = rng.between(0.45, 0.55);
  const fork = 11 + rng.integer(3);
  const cover = half + 0.03;
  const screens = [screenBetween(place - cover, place + cover, rng.between(0.6, 0.75))];
  const scene = { bodies: [hero], pieces: [floor], screens };
  return {
    property: 'inertia',
    visibility: 'occluded',
    contexts: [
      { scene, starts: [lying(hero, place - speed * fork, speed)] },
      { scene, starts: [lying(hero, place + speed * fork, -speed)] },
    ],
    fork,
    edits: [become(0), become(0)],
  };
}
