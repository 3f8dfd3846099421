import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createRng } from '../../../src/core/rng.ts';
import { createRasteriser, type Rasteriser } from '../../../src/env/rasteriser/rasteriser.ts';
import { equalAreaCircle } from '../../../src/env/rasteriser/unit-circle.ts';

const white = [255, 255, 255] as const;
const black = [0, 0, 0] as const;

/** The red channel as coverage in [0, 1] of white on black. */
function coverage({ pixels }: Rasteriser): Float64Array {
  return Float64Array.from({ length: pixels.length / 3 }, (_, p) => pixels[3 * p]! / 255);
}

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

describe('painting', () => {
  it('mixes by coverage and rounds once', () => {
    const picture = createRasteriser({ width: 3, height: 1 });
    picture.clear([10, 20, 30]);
    picture.fillPolygon([0, 0, 1.25, 0, 1.25, 1, 0, 1], [200, 100, 0]);
    const mixed = [10, 20, 30].map((under, i) => Math.floor(0.75 * under + 0.25 * [200, 100, 0][i]! + 0.5));
    expect([...picture.pixels]).toEqual([200, 100, 0, ...mixed, 10, 20, 30]);
  });

  it('paints later shapes over earlier ones', () => {
    const picture = createRasteriser({ width: 1, height: 1 });
    picture.clear(black);
    picture.fillPolygon([0, 0, 1, 0, 1, 1, 0, 1], [255, 0, 0]);
    picture.fillPolygon([0, 0, 1, 0, 1, 1, 0, 1], [0, 0, 255], 0.5);
    expect([...picture.pixels]).toEqual([128, 0, 128]);
  });

  it('leaves no seam between the parts of one shape', () => {
    const picture = createRasteriser({ width: 8, height: 8 });
    const left = [1, 1, 3.3, 1, 4.7, 7, 1, 7];
    const right = [3.3, 1, 7, 1, 7, 7, 4.7, 7];
    picture.clear(black);
    picture.fillPolygons([left, right], white);
    const whole = createRasteriser({ width: 8, height: 8 });
    whole.clear(black);
    whole.fillPolygon([1, 1, 7, 1, 7, 7, 1, 7], white);
    expect(picture.pixels).toEqual(whole.pixels);
  });

  it('clears to the colour asked for, each time', () => {
    const picture = createRasteriser({ width: 2, height: 1 });
    for (const colour of [[1, 2, 3], black, [0, 0, 9]] as const) {
      picture.clear(colour);
      expect([...picture.pixels]).toEqual([...colour, ...colour]);
    }
  });

  it('never leaves [0, 255] and never touches pixels outside the shape', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, alpha) => {
        const rng = createRng(seed, 'shape');
        const picture = createRasteriser({ width: 16, height: 16 });
        picture.clear(white);
        const [x, y, radius] = [rng.between(-4, 20), rng.between(-4, 20), rng.between(0, 6)];
        picture.fillCircle(x, y, radius, black, alpha);
        const wrong = Array.from({ length: 256 }, (_, p) => p).filter((p) => {
          const distance = Math.hypot((p % 16) + 0.5 - x, Math.floor(p / 16) + 0.5 - y);
          const level = picture.pixels[3 * p]!;
          const outside = distance > radius + Math.SQRT1_2 + 0.01;
          return outside ? level !== 255 : level < Math.floor(255 * (1 - alpha));
        });
        expect(wrong).toEqual([]);
      }),
    );
  });

  it('refuses a size that is no picture', () => {
    expect(() => createRasteriser({ width: 0, height: 4 })).toThrow('0 x 4');
    expect(() => createRasteriser({ width: 2.5, height: 4 })).toThrow(RangeError);
  });
});

describe('circles', () => {
  it('are polygons of exactly the unit area, more exact with each doubling', () => {
    for (const doublings of [0, 3, 6, 10]) {
      const unit = equalAreaCircle(doublings);
      let area = 0;
      for (let i = 0; i < unit.length; i += 2) {
        const j = (i + 2) % unit.length;
        area += (unit[i]! * unit[j + 1]! - unit[j]! * unit[i + 1]!) / 2;
      }
      expect(unit.length).toBe(8 * 2 ** doublings);
      expect(area).toBeCloseTo(Math.PI, 12);
      expect(Math.hypot(unit[0]!, unit[1]!) - 1).toBeLessThan(1 / 4 ** doublings);
    }
  });

  it.each([0.3, 1, 2.7, 4, 6.1, 15.9, 30, 100])(
    'of radius %d px are within 1/512 and rounding of dense samples',
    (radius) => {
      const size = Math.ceil(2 * radius) + 4;
      const picture = createRasteriser({ width: size, height: size });
      const [x, y] = [size / 2 + 0.31, size / 2 - 0.17];
      picture.clear(black);
      picture.fillCircle(x, y, radius, white);
      const exact = coverage(picture);
      // The disc within a pixel, integrated over n strips by the midpoint rule, each strip exact.
      const n = 512;
      let worst = 0;
      for (let p = 0; p < exact.length; p++) {
        const [left, top] = [p % size, Math.floor(p / size)];
        const fromRim = Math.hypot(left + 0.5 - x, top + 0.5 - y) - radius;
        let area = fromRim < 0 ? n : 0;
        if (Math.abs(fromRim) < 0.75) {
          area = 0;
          for (let k = 0; k < n; k++) {
            const dx = left + (k + 0.5) / n - x;
            const half = Math.sqrt(Math.max(0, radius * radius - dx * dx));
            area += Math.max(0, Math.min(y + half, top + 1) - Math.max(y - half, top));
          }
        }
        worst = Math.max(worst, Math.abs(area / n - exact[p]!));
      }
      expect(worst).toBeLessThan(1 / 512 + 0.5 / 255);
    },
  );

  it('have rings of the right area', () => {
    const picture = createRasteriser({ width: 40, height: 40 });
    picture.clear(black);
    picture.strokeCircle(20, 20, 12, 1.5, white);
    expect(sum(coverage(picture)) / (2 * Math.PI * 12 * 1.5)).toBeCloseTo(1, 2);
    expect(picture.pixels[3 * (20 * 40 + 20)]).toBe(0);
    picture.clear(black);
    picture.strokeCircle(20, 20, 0.5, 4, white);
    expect(sum(coverage(picture))).toBeCloseTo(Math.PI * 2.5 ** 2, 0);
  });
});

describe('lines', () => {
  it('cover length times width, whatever their direction', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 6.3, noNaN: true }), (angle) => {
        const picture = createRasteriser({ width: 40, height: 40 });
        picture.clear(black);
        picture.strokeLine(20, 20, 20 + 15 * Math.cos(angle), 20 + 15 * Math.sin(angle), 2, white);
        expect(Math.abs(sum(coverage(picture)) - 30)).toBeLessThan(0.3);
      }),
    );
  });

  it('of no length leave no mark', () => {
    const picture = createRasteriser({ width: 4, height: 4 });
    picture.strokeLine(2, 2, 2, 2, 1, white);
    expect(sum(coverage(picture))).toBe(0);
  });
});

describe('determinism', () => {
  function scene(picture: Rasteriser): void {
    picture.clear([230, 226, 219]);
    const rng = createRng(7, 'scene');
    for (let i = 0; i < 20; i++) {
      const [x, y, r] = [rng.between(-5, 70), rng.between(-5, 70), rng.between(0.2, 12)];
      const colour = [rng.integer(256), rng.integer(256), rng.integer(256)] as const;
      if (i % 2 === 0) picture.fillCircle(x, y, r, colour);
      else picture.fillPolygon([x - r, y, x, y - r / 2, x + r, y + 1, x, y + r], colour, 0.8);
    }
  }

  it('gives the bytes it always gave', () => {
    const picture = createRasteriser({ width: 64, height: 64 });
    scene(picture);
    // createHash('sha256').update(picture.pixels).digest('hex').
    expect(createHash('sha256').update(picture.pixels).digest('hex')).toBe(
      '4463106a35115c7423af325653ef21d851536031cdf2ba36b09935c00510d2ed',
    );
  });

  it('does not depend on what was painted before', () => {
    const fresh = createRasteriser({ width: 64, height: 64 });
    const used = createRasteriser({ width: 64, height: 64 });
    scene(used);
    used.fillCircle(60, 3, 30, white);
    scene(used);
    scene(fresh);
    expect(used.pixels).toEqual(fresh.pixels);
  });
});
