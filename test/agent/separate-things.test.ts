import fc from 'fast-check';
import { type Followed, startingAt } from '../../src/agent/follow-shapes.ts';
import { separateThings } from '../../src/agent/separate-things.ts';

const side = 64;
type Disc = readonly [x: number, y: number, radius: number];

/** Coverage by discs, in pixels, edges softened. */
function paint(discs: readonly Disc[]): Float32Array {
  return Float32Array.from({ length: side * side }, (_, p) => {
    const [x, y] = [p % side, Math.floor(p / side)];
    return Math.max(0, ...discs.map(([cx, cy, radius]) => Math.min(1, radius + 0.5 - Math.hypot(x - cx, y - cy))));
  });
}

const point = (x: number, y: number): Followed => startingAt([x, y]);

/** Mean of the pixels that show a thing, weighed by how far they are covered. */
function middleOf(owner: Int8Array, coverage: Float32Array, thing: number): [number, number] {
  let [x, y, mass] = [0, 0, 0];
  owner.forEach((who, p) => {
    if (who !== thing) return;
    x += coverage[p]! * (p % side);
    y += coverage[p]! * Math.floor(p / side);
    mass += coverage[p]!;
  });
  return [x / mass, y / mass];
}

test('things apart are told apart to the pixel, by where they are roughly said to be', () => {
  const place = fc.record({ x: fc.integer({ min: 8, max: 56 }), y: fc.integer({ min: 8, max: 56 }) });
  const off = fc.record({ x: fc.integer({ min: -3, max: 3 }), y: fc.integer({ min: -3, max: 3 }) });
  fc.assert(
    fc.property(fc.tuple(place, place, place), fc.tuple(off, off, off), (places, offs) => {
      const gaps = [0, 1, 2].map((i) => {
        const [a, b] = [places[i]!, places[(i + 1) % 3]!];
        return Math.hypot(a.x - b.x, a.y - b.y);
      });
      fc.pre(Math.min(...gaps) > 14);
      const coverage = paint(places.map(({ x, y }) => [x, y, 5]));
      const things = places.map(({ x, y }, i) => point(x + offs[i]!.x, y + offs[i]!.y));
      const { owner, followed } = separateThings(coverage, side, things);
      places.forEach(({ x, y }, thing) => {
        const [mx, my] = middleOf(owner, coverage, thing);
        expect(Math.hypot(mx - x, my - y)).toBeLessThan(1e-3);
        expect(followed[thing]!.shape.length).toBeGreaterThan(70);
      });
      // Every pixel that shows something is somebody's.
      coverage.forEach((share, p) => {
        if (share > 0.02) expect(owner[p]).toBeGreaterThanOrEqual(0);
      });
    }),
    { numRuns: 30 },
  );
});

test('things that touch, and roll around each other while they do, are not mistaken for one another', () => {
  let followed: readonly Followed[] = [point(20, 32), point(44, 32)];
  let worst = 0;
  const at = (step: number): [Disc, Disc] => {
    // They meet, turn half around their common middle in contact, and part on each other's side.
    const apart = Math.max(5.2, 12 - 0.6 * Math.min(step, 60 - step));
    const angle = (Math.PI * Math.min(Math.max(step - 12, 0), 36)) / 36;
    const [dx, dy] = [apart * Math.cos(angle), apart * Math.sin(angle)];
    return [
      [32 - dx, 32 - dy, 5],
      [32 + dx, 32 + dy, 5],
    ];
  };
  for (let step = 0; step <= 60; step++) {
    const discs = at(step);
    const coverage = paint(discs);
    const result = separateThings(coverage, side, followed);
    followed = result.followed;
    discs.forEach(([x, y], thing) => {
      const [mx, my] = middleOf(result.owner, coverage, thing);
      worst = Math.max(worst, Math.hypot(mx - x, my - y));
    });
  }
  expect(worst).toBeLessThan(1);
  expect(followed[0]!.middle[0]).toBeGreaterThan(32);
});

test('what is not to be seen is followed from where it was; fragments belong to the nearest', () => {
  const lost = separateThings(paint([[10, 10, 4]]), side, [point(11, 10), point(50, 50)]);
  // With one patch for two, both are sought in it: the far one finds the part that is nearest to it.
  expect(lost.followed).toHaveLength(2);
  const none = separateThings(new Float32Array(side * side), side, [point(11, 10), point(50, 50)]);
  expect(none.owner.every((who) => who === -1)).toBe(true);
  expect(none.followed).toEqual([point(11, 10), point(50, 50)]);

  const fragments = paint([
    [10, 10, 4],
    [19, 10, 2],
    [50, 50, 4],
  ]);
  const { owner } = separateThings(fragments, side, [point(10, 10), point(50, 50)]);
  expect(owner[10 * side + 19]).toBe(0);
  expect(owner[50 * side + 50]).toBe(1);
});
