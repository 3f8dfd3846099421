import {
  dividePatch,
  type Followed,
  indexOfLeast,
  meanOf,
  type Pixel,
  seenAlone,
  squaredGap,
} from './follow-shapes.ts';

/** Pixels covered less than this are the edge of something, or nothing: they follow the rest. */
const core = 0.3;
/** Covered less than this, a pixel shows nothing. */
const faint = 0.02;
export interface Separated {
  /** [P], which thing each pixel shows: its index, or -1. */
  readonly owner: Int8Array;
  /** Each thing as it is to be followed from here: where nothing of it is seen, as before. */
  readonly followed: readonly Followed[];
}

/**
 * Tells things of one colour apart by where they were. Patches of colour that do not touch (connected components,
 * eight neighbours) are of one thing each, the thing that was nearest; a patch that several things share, because they
 * touch, is divided by their shapes as last seen (`dividePatch`).
 *
 * @param coverage [P], share of each pixel that the colour covers, rows of `width`
 */
export function separateThings(coverage: Float32Array, width: number, things: readonly Followed[]): Separated {
  const { patch, count } = findPatches(coverage, width);
  const patches = Array.from({ length: count }, (): Pixel[] => []);
  for (let p = 0; p < patch.length; p++) if (patch[p]! >= 0) patches[patch[p]!]!.push(pixelAt(p, width));
  const parts: Pixel[][] = things.map(() => []);
  const followed = [...things];
  const shares = assignPatches(patches, things);
  for (const { pixels, shared } of shares.filter(({ shared }) => shared.length === 1))
    parts[shared[0]!]!.push(...pixels);
  for (const [thing, pixels] of parts.entries()) if (pixels.length > 0) followed[thing] = seenAlone(pixels);
  for (const { pixels, shared } of shares.filter(({ shared }) => shared.length > 1)) {
    const division = dividePatch(
      pixels,
      shared.map((thing) => things[thing]!),
    );
    for (const [i, thing] of shared.entries()) {
      parts[thing] = [...division.parts[i]!];
      followed[thing] = division.followed[i]!;
    }
  }

  const owner = new Int8Array(coverage.length).fill(-1);
  for (const [thing, pixels] of parts.entries()) for (const [x, y] of pixels) owner[y * width + x] = thing;
  if (parts.every((pixels) => pixels.length === 0)) return { owner, followed };
  for (let p = 0; p < coverage.length; p++) {
    if (owner[p] !== -1 || coverage[p]! < faint) continue;
    const at = pixelAt(p, width);
    owner[p] = indexOfLeast(
      parts.map((pixels) => pixels.reduce((least, pixel) => Math.min(least, squaredGap(at, pixel)), Infinity)),
    );
  }
  return { owner, followed };
}

function pixelAt(index: number, width: number): Pixel {
  return [index % width, Math.floor(index / width)];
}

/** Numbers patches of covered pixels that hang together: [P], -1 where nothing is covered. */
function findPatches(coverage: Float32Array, width: number): { readonly patch: Int32Array; readonly count: number } {
  const patch = new Int32Array(coverage.length).fill(-1);
  let count = 0;
  for (let start = 0; start < coverage.length; start++) {
    if (patch[start] !== -1 || coverage[start]! < core) continue;
    const queue = [start];
    patch[start] = count;
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const next of neighbours(at, width, coverage.length)) {
        if (patch[next] !== -1 || coverage[next]! < core) continue;
        patch[next] = count;
        queue.push(next);
      }
    }
    count++;
  }
  return { patch, count };
}

function neighbours(at: number, width: number, size: number): number[] {
  const x = at % width;
  const found: number[] = [];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const next = at + dy * width + dx;
      if (next !== at && x + dx >= 0 && x + dx < width && next >= 0 && next < size) found.push(next);
    }
  }
  return found;
}

interface Patch {
  readonly pixels: readonly Pixel[];
  /** The things that it shows. */
  readonly shared: number[];
}

/**
 * Nearest first, each thing takes a patch of its own as long as there are any; things left over share the patch that
 * is nearest to them, patches left over go to the nearest thing.
 */
function assignPatches(patches: readonly Pixel[][], things: readonly Followed[]): Patch[] {
  const assigned = patches.map((pixels): Patch => ({ pixels, shared: [] }));
  const pairs = patches.flatMap((pixels, patch) =>
    things.map(({ middle }, thing) => ({ patch, thing, gap: squaredGap(middle, meanOf(pixels)) })),
  );
  pairs.sort((a, b) => a.gap - b.gap || a.thing - b.thing || a.patch - b.patch);
  const placed = new Set<number>();
  for (const { patch, thing } of pairs) {
    if (placed.has(thing) || assigned[patch]!.shared.length > 0) continue;
    assigned[patch]!.shared.push(thing);
    placed.add(thing);
  }
  for (const { patch, thing } of pairs) {
    if (!placed.has(thing)) {
      assigned[patch]!.shared.push(thing);
      placed.add(thing);
    }
  }
  for (const { patch, thing } of pairs) {
    if (assigned[patch]!.shared.length === 0) assigned[patch]!.shared.push(thing);
  }
  return assigned;
}
