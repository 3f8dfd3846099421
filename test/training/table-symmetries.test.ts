import { createPhysics } from '../../src/env/tabletop/physics.ts';
import { createShape } from '../../src/env/tabletop/shapes.ts';
import {
  moveBodies,
  moveHeadings,
  movePoints,
  pixelSources,
  type TableSymmetry,
  tableSymmetries,
} from '../../src/training/table-symmetries.ts';

const side = 5;
const middle = (side - 1) / 2;

test('there are eight, all different, and each is undone by another', () => {
  const matrices = tableSymmetries.map(({ matrix }) => JSON.stringify(matrix.map((value) => value + 0)));
  expect(new Set(matrices).size).toBe(8);
  for (const first of tableSymmetries) {
    const back = tableSymmetries.filter((second) => {
      const points = Float32Array.of(0.3, 0.1, -0.2, 0.7);
      movePoints(points, first, 0);
      movePoints(points, second, 0);
      return [0.3, 0.1, -0.2, 0.7].every((value, i) => Math.abs(points[i]! - value) < 1e-6);
    });
    expect(back).toHaveLength(1);
  }
});

test.each(tableSymmetries)('pixels move as points do: $quarters quarters, mirrored $mirrored', (symmetry) => {
  const sources = pixelSources(side, symmetry);
  expect([...sources].sort((a, b) => a - b)).toEqual(Array.from({ length: side * side }, (_, i) => i));
  for (let at = 0; at < side * side; at++) {
    const from = sources[at]!;
    const point = Float32Array.of(from % side, Math.floor(from / side));
    movePoints(point, symmetry, middle);
    expect([...point]).toEqual([at % side, Math.floor(at / side)]);
  }
});

test.each(tableSymmetries)('headings move as directions do: $quarters quarters, mirrored $mirrored', (symmetry) => {
  const angle = 0.4;
  const headings = Float32Array.of(Math.cos(angle), Math.sin(angle), Math.cos(2 * angle), Math.sin(2 * angle));
  moveHeadings(headings, symmetry);
  // The y axis of a shape that is symmetric about it is the line that a mirror shows as a line of the shape.
  const axis = Float32Array.of(-Math.sin(angle), Math.cos(angle));
  movePoints(axis, symmetry, 0);
  const moved = Math.atan2(-axis[0]!, axis[1]!);
  const expected = [Math.cos(moved), Math.sin(moved), Math.cos(2 * moved), Math.sin(2 * moved)];
  for (const [i, value] of expected.entries()) expect(headings[i]).toBeCloseTo(value, 5);
});

test.each(tableSymmetries)('bodies move with the table: $quarters quarters, mirrored $mirrored', (symmetry) => {
  const [from, step] = [Float32Array.of(0.2, 0.9), Float32Array.of(0.05, -0.03)];
  const bodies = Float32Array.of(...from, ...step, ...from, 0, 0);
  const next = Float32Array.of(from[0]! + step[0]!, from[1]! + step[1]!);
  moveBodies(bodies, symmetry);
  movePoints(next, symmetry, 0.5);
  // Where it is and how fast still say where it will be.
  expect(bodies[0]! + bodies[2]!).toBeCloseTo(next[0]!, 6);
  expect(bodies[1]! + bodies[3]!).toBeCloseTo(next[1]!, 6);
  expect([...bodies.subarray(4)].map((value) => value + 0)).toEqual([bodies[0], bodies[1], 0, 0]);
});

test.each(tableSymmetries)('a push is the same push: $quarters quarters, mirrored $mirrored', (symmetry) => {
  const centre = 0.5;
  const angle = 0.3;
  /** Where a T ends that is pushed off its centre for five steps; moved by `by` before it is pushed, or not at all. */
  const pushed = (by: TableSymmetry | null): number[] => {
    const physics = createPhysics({ objects: [{ shape: createShape('t'), massScale: 1 }] });
    const places = Float32Array.of(centre - 0.16, centre + 0.03, centre, centre);
    const action = Float32Array.of(0.06, 0.01);
    const heading = Float32Array.of(Math.cos(angle), Math.sin(angle), 0, 0);
    if (by !== null) {
      movePoints(places, by, centre);
      movePoints(action, by, 0);
      moveHeadings(heading, by);
    }
    const state = new Float64Array(physics.state.length);
    state.set([places[0]!, places[1]!, 0], 0);
    state.set([places[2]!, places[3]!, Math.fround(Math.atan2(heading[1]!, heading[0]!))], 6);
    physics.write(state);
    for (let step = 0; step < 5; step++) physics.step(action[0]!, action[1]!);
    return [...physics.state.slice(6, 9)];
  };
  const [x, y, turned] = pushed(null) as [number, number, number];
  // It was moved, and turned, a good deal.
  expect(Math.hypot(x - centre, y - centre)).toBeGreaterThan(0.05);
  expect(Math.abs(turned - angle)).toBeGreaterThan(0.1);
  const point = Float32Array.of(x, y);
  const heading = Float32Array.of(Math.cos(turned), Math.sin(turned), 0, 0);
  movePoints(point, symmetry, centre);
  moveHeadings(heading, symmetry);
  const [movedX, movedY, movedAngle] = pushed(symmetry) as [number, number, number];
  // Contacts are solved one after the other, so that mirrored pushes differ a little.
  expect(Math.hypot(movedX - point[0]!, movedY - point[1]!)).toBeLessThan(0.003);
  expect(Math.cos(movedAngle - Math.atan2(heading[1]!, heading[0]!))).toBeGreaterThan(Math.cos(0.05));
});
