import { RunError } from '../../core/errors.ts';

export type Colour = [number, number, number];

export interface FittedColours {
  readonly background: Colour;
  /** In order of how much of the foreground they cover. */
  readonly prototypes: Colour[];
}

/** A colour, and of how many pixels it is: pictures of flat things repeat few colours many times. */
interface Shade {
  readonly colour: Colour;
  times: number;
}

/**
 * Finds the colours of things in unlabelled pictures: the background is the median pixel; the foreground is
 * clustered by k-means, started from its commonest distinct colours. Centres are means over pixels within `radius` grey levels
 * only, so that the mixtures along edges don't drag them.
 *
 * @param pixels RGB bytes, [count, 3]
 */
export function fitPrototypes(pixels: Uint8Array, count: number, radius = 24): FittedColours {
  const total = pixels.length / 3;
  const background = [0, 1, 2].map((channel) => median(pixels, channel)) as Colour;
  const foreground = shadesOf(pixels).filter(({ colour }) => distance(colour, background) > radius);
  const differing = foreground.reduce((sum, { times }) => sum + times, 0);
  if (differing < count) {
    throw new RunError(`cannot find ${count} colours: only ${differing} of ${total} pixels differ from the background`);
  }
  let centres = distinctColours(foreground, background, count, radius);
  for (let iteration = 0; iteration < 20; iteration++) {
    const next = centres.map((centre) => trimmedMean(foreground, centre, centres, radius));
    const moved = Math.max(...next.map((centre, k) => distance(centre, centres[k]!)));
    centres = next;
    if (moved < 1e-6) break;
  }
  const cover = centres.map((centre) =>
    foreground.reduce((sum, { colour, times }) => sum + (distance(colour, centre) < radius ? times : 0), 0),
  );
  const order = centres.map((_, k) => k).sort((a, b) => cover[b]! - cover[a]! || a - b);
  return { background, prototypes: order.map((k) => centres[k]!) };
}

/**
 * Which prototype the action moves: the one whose centroid's displacement correlates best with the actions.
 * That one is the agent's own effector.
 *
 * @param displacements [steps][K] displacement of each centroid, or null where the colour is absent
 */
export function findEffector(
  displacements: readonly (readonly (readonly [number, number] | null)[])[],
  actions: readonly ArrayLike<number>[],
): number {
  const count = displacements[0]?.length ?? 0;
  const correlation = Array.from({ length: count }, (_, k) => {
    let [dot, moved, acted] = [0, 1e-12, 1e-12];
    displacements.forEach((step, t) => {
      const d = step[k];
      if (!d) return;
      const a = actions[t]!;
      dot += d[0] * a[0]! + d[1] * a[1]!;
      moved += d[0] * d[0] + d[1] * d[1];
      acted += a[0]! * a[0]! + a[1]! * a[1]!;
    });
    return dot / Math.sqrt(moved * acted);
  });
  return correlation.indexOf(Math.max(...correlation));
}

/**
 * The colours met most often that are neither near one another nor mixtures of a chosen one with the background,
 * as the pixels along its edge are.
 */
function distinctColours(shades: readonly Shade[], background: Colour, count: number, radius: number): Colour[] {
  // Flat surfaces repeat exactly; edge mixtures rarely do.
  const common = [...shades].sort((a, b) => b.times - a.times).slice(0, 16 * count);
  const chosen: Colour[] = [common[0]!.colour];
  while (chosen.length < count) {
    let best = common[0]!;
    let bestScore = -1;
    for (const entry of common) {
      const gap = Math.min(...chosen.map((c) => distanceToSegment(entry.colour, background, c)));
      const score = gap < radius ? -1 : entry.times;
      if (score > bestScore) [best, bestScore] = [entry, score];
    }
    if (bestScore < 0)
      throw new RunError(
        `only ${chosen.length} colours differ by more than ${radius} grey levels; ${count} were asked for`,
      );
    chosen.push(best.colour);
  }
  return chosen;
}

/** From `colour` to the nearest mixture of `from` and `to`. */
function distanceToSegment(colour: Colour, from: Colour, to: Colour): number {
  const along = to.map((value, i) => value - from[i]!);
  const squared = along.reduce((sum, value) => sum + value * value, 0);
  const dot = along.reduce((sum, value, i) => sum + value * (colour[i]! - from[i]!), 0);
  const share = Math.min(1, Math.max(0, dot / squared));
  return distance(colour, along.map((value, i) => from[i]! + share * value) as Colour);
}

/** In the order in which they are first met. */
function shadesOf(pixels: Uint8Array): Shade[] {
  const shades = new Map<number, Shade>();
  for (let i = 0; i < pixels.length; i += 3) {
    const colour: Colour = [pixels[i]!, pixels[i + 1]!, pixels[i + 2]!];
    const key = (colour[0] << 16) | (colour[1] << 8) | colour[2];
    const shade = shades.get(key);
    if (shade === undefined) shades.set(key, { colour, times: 1 });
    else shade.times++;
  }
  return [...shades.values()];
}

function trimmedMean(shades: readonly Shade[], centre: Colour, centres: readonly Colour[], radius: number): Colour {
  const sum: Colour = [0, 0, 0];
  let total = 0;
  for (const { colour, times } of shades) {
    const own = distance(colour, centre);
    if (own > radius || centres.some((other) => other !== centre && distance(colour, other) < own)) continue;
    for (let channel = 0; channel < 3; channel++) sum[channel]! += times * colour[channel]!;
    total += times;
  }
  return total === 0 ? centre : (sum.map((value) => value / total) as Colour);
}

function median(pixels: Uint8Array, channel: number): number {
  const counts = new Uint32Array(256);
  const total = pixels.length / 3;
  for (let i = 0; i < total; i++) counts[pixels[3 * i + channel]!]!++;
  let seen = 0;
  for (let value = 0; value < 256; value++) {
    seen += counts[value]!;
    if (2 * seen >= total) return value;
  }
  return 255;
}

function distance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
