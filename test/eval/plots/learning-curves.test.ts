import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { drawLearningCurves, writeLearningCurves } from '../../../src/eval/plots/learning-curves.ts';

const events = Array.from({ length: 1000 }, (_, i) => ({
  wallSeconds: i,
  step: i + 1,
  scalars: {
    'training/loss': Math.exp(-i / 200),
    ...(i % 100 === 0 ? { 'held-out/loss': 0.5, 'held-out/std': -1 } : {}),
  },
}));

/** The lines of a colour: [x, y] of each corner. */
const lines = (svg: string, colour: string) =>
  [...svg.matchAll(new RegExp(`<path d="M([^"]*)" fill="none" stroke="${colour}"`, 'g'))]
    .map(([, path]) => path!.split('L').map((point) => point.split(' ').map(Number)))
    .filter((points) => points.every((point) => point.length === 2 && point.every(Number.isFinite)));

test('draws a panel for each metric and a line for each source', () => {
  const svg = drawLearningCurves('a run', events);
  const [training] = lines(svg, '#0072b2');
  expect(training!.length).toBeGreaterThan(200);
  expect(training!.length).toBeLessThanOrEqual(400);
  // Falling loss goes down the page, time to the right.
  for (let i = 1; i < training!.length; i++) {
    expect(training![i]![0]).toBeGreaterThan(training![i - 1]![0]!);
    expect(training![i]![1]).toBeGreaterThanOrEqual(training![i - 1]![1]!);
  }
  const [flat] = lines(svg, '#d55e00');
  expect(flat!.length).toBe(10);
  expect(new Set(flat!.map(([, y]) => y)).size).toBe(1);
});

test('writes both formats, the same bytes for the same events', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'amitable-curves-'));
  const [svg, png] = await writeLearningCurves(join(folder, 'curves'), 'a run', events);
  const { width, height } = await sharp(png).metadata();
  expect(await readFile(svg!, 'utf8')).toContain(`viewBox="0 0 ${width! / 2} ${height! / 2}"`);
  const first = await readFile(png!);
  await writeLearningCurves(join(folder, 'curves'), 'a run', events);
  expect((await readFile(png!)).equals(first)).toBe(true);
  await rm(folder, { recursive: true });
});

test('says where nothing was logged, and leaves out what is no number', () => {
  const nothing = [{ wallSeconds: 0, step: 1, scalars: { loss: Number.NaN } }];
  expect(drawLearningCurves('x', nothing)).not.toMatch(/NaN/);
});
