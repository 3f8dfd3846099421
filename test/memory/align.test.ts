import fc from 'fast-check';
import { alignmentResidual, alignPoints, centred, mapDisplacements } from '../../src/memory/align.ts';

const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const pointSet = fc
  .array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 6 })
  .map((points) => centred(points.flat()));
const motion = fc.record({
  angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  mirrored: fc.boolean(),
});

function moved(points: Float32Array, { angle, mirrored }: { angle: number; mirrored: boolean }): Float32Array {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const flip = mirrored ? -1 : 1;
  return mapDisplacements([cosine, -flip * sine, sine, flip * cosine], points);
}

const squares = (points: ArrayLike<number>): number => Array.from(points).reduce((sum, x) => sum + x * x, 0);
const difference = (a: Float32Array, b: Float32Array): Float32Array => a.map((x, i) => x - b[i]!);

test('finds the motion by which one set came from another, mirrored or not', () => {
  fc.assert(
    fc.property(pointSet, motion, (points, by) => {
      const target = moved(points, by);
      const { map, residual } = alignPoints(points, target);
      expect(residual).toBeLessThan(1e-5);
      expect(squares(difference(mapDisplacements(map, points), target))).toBeLessThan(1e-5);
    }),
  );
});

test('its residual is what its map leaves, and no other rigid motion leaves less', () => {
  fc.assert(
    fc.property(pointSet, pointSet, motion, (a, b, other) => {
      const [from, to] = [a, centred(Float32Array.from(a, (_, i) => b[i % b.length]!))];
      const { map, residual } = alignPoints(from, to);
      const left = squares(difference(mapDisplacements(map, from), to));
      expect(residual).toBeCloseTo(left, 5);
      expect(squares(difference(moved(from, other), to))).toBeGreaterThanOrEqual(residual - 1e-5);
    }),
  );
});

test('its map keeps lengths', () => {
  fc.assert(
    fc.property(pointSet, pointSet, (a, b) => {
      const to = Float32Array.from(a, (_, i) => b[i % b.length]!);
      expect(squares(mapDisplacements(alignPoints(a, to).map, a))).toBeCloseTo(squares(a), 4);
    }),
  );
});

test('the residual of a row of a larger array is that of the points alone', () => {
  fc.assert(
    fc.property(pointSet, pointSet, fc.nat(5), (a, b, offset) => {
      const to = Float32Array.from(a, (_, i) => b[i % b.length]!);
      const row = Float32Array.from([...new Array(offset).fill(9), ...a, 9]);
      expect(alignmentResidual(row, offset, to)).toBeCloseTo(alignPoints(a, to).residual, 6);
    }),
  );
});

test('points that say nothing of a direction leave displacements as they are', () => {
  const nowhere = Float32Array.of(0, 0, 0, 0);
  expect(alignPoints(nowhere, nowhere)).toEqual({ map: [1, 0, 0, 1], residual: 0 });
});
