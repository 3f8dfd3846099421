import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '../../../src/core/rng.ts';
import { initialise, layoutOf } from '../../../src/engine/parameters.ts';
import { scenarios } from '../../../src/env/side-view/scenarios/index.ts';
import { type JudgedQuadruplet, judgeQuadruplets } from '../../../src/eval/physics/judge-quadruplets.ts';
import { frameChanges, untrainedParameters } from '../../../src/eval/physics/watch-films.ts';
import { painterSpecs } from '../../../src/world-model/painter/painter.ts';
import { savePainter } from '../../../src/world-model/painter/painter-store.ts';
import { spectatorSpecs } from '../../../src/world-model/spectator/spectator.ts';
import { saveSpectator } from '../../../src/world-model/spectator/spectator-store.ts';
import { callCommandLine } from '../../support/call-command-line.ts';
import { tinySpectator } from '../../world-model/spectator/tiny-spectator.ts';
import { tinyPainter } from '../../world-model/tiny-painter.ts';

const layout = layoutOf(spectatorSpecs(tinySpectator));
const painterLayout = layoutOf(painterSpecs(tinyPainter));

test('`amitable physics` shows films, judges, draws, and does so again to the byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'physics-'));
  await saveSpectator(join(folder, 'model'), tinySpectator, initialise(layout, createRng(1, 'weights')));
  await savePainter(join(folder, 'pixels'), tinyPainter, initialise(painterLayout, createRng(1, 'weights')));
  const call = (out: string) =>
    callCommandLine([
      ...['physics', '--model', join(folder, 'model'), '--pixels', join(folder, 'pixels')],
      ...['--properties', 'continuity,push', '--threads', '1'],
      ...['--quadruplets', '1', '--untrained', '2', '--seed', '4', '--json', '--quiet', '--out', join(folder, out)],
    ]);
  const [first, second] = [await call('a'), await call('b')];
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(second.stdout).toBe(first.stdout);
  const { schema, context, results, push } = JSON.parse(first.stdout);
  expect([schema, context]).toEqual(['amitable.physics/1', 4]);
  expect(results.map((each: Record<string, unknown>) => [each.property, each.visibility, each.quadruplets])).toEqual([
    ['continuity', 'visible', 1],
    ['continuity', 'occluded', 1],
    ['push', 'visible', 1],
  ]);
  expect(results[0].untrained).toHaveLength(2);
  // A painter that only repeats the frame says what frame change says.
  expect(results[0].pixels.share).toBe(0.5);
  expect(push).not.toBeNull();
  // How much frames change is the same for possible and impossible films, by design.
  for (const { property, frameChange } of results) if (property === 'continuity') expect(frameChange).toBe(0.5);
  const files = ['continuity-occluded.webp', 'continuity-visible.webp', 'push-visible.webp'];
  expect((await readdir(join(folder, 'a'))).sort()).toEqual(
    [...files, 'report.html', 'report.json', 'report.md'].sort(),
  );
  for (const file of files) {
    expect(await readFile(join(folder, 'a', file))).toEqual(await readFile(join(folder, 'b', file)));
  }
});

test('films of a pair surprise alike until the edit, with camera noise too; models beside watch as many as asked', async () => {
  const parameters = initialise(layout, createRng(1, 'weights'));
  const judged: JudgedQuadruplet[] = [];
  const shown = judgeQuadruplets({
    model: { config: tinySpectator, layout, parameters, hash: '' },
    scenarios: scenarios.filter(({ property }) => property === 'inertia').slice(0, 1),
    ...{ quadruplets: 2, compared: 1, untrained: 1, seed: 2, threads: 1 },
  });
  for await (const quadruplet of shown) judged.push(quadruplet);
  expect(judged.map(({ pairs }) => Object.keys(pairs[0].curves).sort())).toEqual([
    ['frame change', 'model', 'untrained 1'],
    ['frame change', 'model'],
  ]);
  expect(judged.map(({ pairs }) => pairs[0].noisy !== undefined)).toEqual([true, false]);
  const [{ pairs, fork }] = judged as [JudgedQuadruplet];
  for (const { curves, noisy } of pairs) {
    for (const [possible, impossible] of [...Object.values(curves), noisy!]) {
      const before = fork - tinySpectator.context + 1;
      expect(possible.slice(0, before)).toEqual(impossible.slice(0, before));
      expect(possible.slice(before)).not.toEqual(impossible.slice(before));
    }
    // Noise is seen.
    expect(noisy![0]).not.toEqual(curves.model![0]);
  }
});

test('who never learned has no layer left that says nothing, and is another for each seed', () => {
  const [one, same, other] = [1, 1, 2].map((seed) => untrainedParameters(layout, seed));
  expect(same).toEqual(one);
  expect(other).not.toEqual(one);
  for (const { offset, size } of layout.entries) {
    expect(one!.subarray(offset, offset + size).some((value) => value !== 0)).toBe(true);
  }
});

test('frames change by the mean difference of their bytes', () => {
  const film = [
    [0, 0],
    [1, 3],
    [1, 3],
    [0, 9],
  ].map((bytes) => Uint8Array.from(bytes));
  expect(frameChanges(film, 1)).toEqual([2, 0, 3.5]);
});
