import fc from 'fast-check';
import { createColumnStatistics } from '../../src/data/column-statistics.ts';

test('running statistics equal those of the whole column', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((dimensions) =>
          fc.array(
            fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: dimensions, maxLength: dimensions }),
            { minLength: 1, maxLength: 50 },
          ),
        ),
      (rows) => {
        const dimensions = rows[0]!.length;
        const statistics = createColumnStatistics(dimensions);
        for (const row of rows.slice(0, 3)) statistics.add(row);
        statistics.addRows(rows.slice(3).flat());
        const { min, max, mean, std, count } = statistics.summarise();
        expect(count).toEqual([rows.length]);
        for (let d = 0; d < dimensions; d++) {
          const column = rows.map((row) => row[d]!);
          const average = column.reduce((sum, x) => sum + x, 0) / column.length;
          const variance = column.reduce((sum, x) => sum + (x - average) ** 2, 0) / column.length;
          expect(min[d]).toBe(Math.min(...column));
          expect(max[d]).toBe(Math.max(...column));
          expect(Math.abs(mean[d]! - average)).toBeLessThan(1e-6);
          expect(Math.abs(std[d]! - Math.sqrt(variance))).toBeLessThan(1e-3);
        }
      },
    ),
  );
});

test('a large offset does not drown a small spread', () => {
  const statistics = createColumnStatistics(1);
  for (let i = 0; i < 1000; i++) statistics.add([1e9 + (i % 2)]);
  expect(statistics.summarise().std[0]).toBeCloseTo(0.5, 6);
});
