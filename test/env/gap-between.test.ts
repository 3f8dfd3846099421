import fc from 'fast-check';
import { gapBetween, type PlacedOutline } from '../../src/env/gap-between.ts';
import { createPusherShape, createShape } from '../../src/env/tabletop/shapes.ts';

const at = (outline: PlacedOutline['outline'], x: number, y: number, angle = 0): PlacedOutline => ({
  outline,
  x,
  y,
  angle,
});
const disc = createShape('disc');
const box = createShape('box');
const pusher = createPusherShape();

test('of circles, between their rims', () => {
  expect(gapBetween(at(disc, 0.2, 0.5), at(pusher, 0.5, 0.9))).toBeCloseTo(0.5 - 0.055 - 0.03, 12);
  expect(gapBetween(at(disc, 0.5, 0.5), at(pusher, 0.56, 0.5))).toBeCloseTo(-0.025, 12);
});

test('of a box, from its faces and corners', () => {
  expect(gapBetween(at(box, 0.5, 0.5), at(pusher, 0.5, 0.7))).toBeCloseTo(0.2 - 0.05 - 0.03, 12);
  expect(gapBetween(at(box, 0.5, 0.5, Math.PI / 2), at(pusher, 0.5, 0.7))).toBeCloseTo(0.2 - 0.08 - 0.03, 12);
  // Corner to corner: 0.16 apart along x and 0.1 along y are touching.
  expect(gapBetween(at(box, 0.3, 0.5), at(box, 0.3 + 0.16 + 0.03, 0.5 + 0.1 + 0.04))).toBeCloseTo(0.05, 12);
  expect(gapBetween(at(box, 0.3, 0.5), at(box, 0.44, 0.5))).toBe(0);
});

const shape = fc.constantFrom(disc, box, createShape('t'), createShape('l'), pusher);
const coordinate = fc.double({ min: 0.1, max: 0.9, noNaN: true });
const placed = fc.record({
  outline: shape,
  x: coordinate,
  y: coordinate,
  angle: fc.double({ min: -4, max: 4, noNaN: true }),
});

test('is symmetric, and the same wherever and however both are turned together', () => {
  fc.assert(
    fc.property(placed, placed, fc.double({ min: -3, max: 3, noNaN: true }), (a, b, turn) => {
      const gap = gapBetween(a, b);
      expect(gapBetween(b, a)).toBeCloseTo(gap, 10);
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      const turned = (p: PlacedOutline) => at(p.outline, p.x * cos - p.y * sin, p.x * sin + p.y * cos, p.angle + turn);
      expect(gapBetween(turned(a), turned(b))).toBeCloseTo(gap, 10);
    }),
    { seed: 3 },
  );
});

test('lies between the gaps of the circles around and within', () => {
  fc.assert(
    fc.property(placed, placed, (a, b) => {
      const centres = Math.hypot(a.x - b.x, a.y - b.y);
      const outer = centres - (a.outline as typeof disc).reach - (b.outline as typeof disc).reach;
      expect(gapBetween(a, b)).toBeGreaterThanOrEqual(outer - 1e-12);
      expect(gapBetween(a, b)).toBeLessThanOrEqual(centres);
    }),
    { seed: 4 },
  );
});
