import { createRng } from '../../../src/core/rng.ts';
import { filmFrames, playQuadruplet } from '../../../src/env/side-view/quadruplet.ts';
import { drawDesign, scenarios } from '../../../src/env/side-view/scenarios/index.ts';
import { beginScene, picture, play, sideFrameSize } from '../../../src/env/side-view/side-view.ts';

const each = 4;
const all = scenarios.flatMap((scenario) =>
  Array.from({ length: each }, (_, i) => {
    const design = drawDesign(scenario, createRng(i, scenario.property, scenario.visibility));
    const quadruplet = playQuadruplet(design);
    const films = quadruplet.pairs.map((pair) =>
      pair.map((film) => ({ ...film, pictures: film.snapshots.map((snapshot) => picture(snapshot)) })),
    );
    return { name: `${scenario.property}, ${scenario.visibility}, ${i}`, i, scenario, design, quadruplet, films };
  }),
);
type Drawn = (typeof all)[number];
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

test.each(all)('$name: the films of a pair are equal to the byte before the edit, and the edit shows', (drawn) => {
  const { quadruplet, films } = drawn;
  for (const [possible, impossible] of films) {
    expect([possible!.possible, impossible!.possible]).toEqual([true, false]);
    expect(possible!.pictures).toHaveLength(filmFrames);
    const first = possible!.pictures.findIndex((pixels, k) => !same(pixels, impossible!.pictures[k]!));
    // A model that has watched ten frames gets to see it, and half a second of what follows.
    expect(first).toBeGreaterThan(Math.max(10, quadruplet.fork));
    expect(first).toBeLessThan(filmFrames - 4);
    const gap = possible!.pictures[first]!.reduce(
      (sum, v, k) => sum + Math.abs(v - impossible!.pictures[first]![k]!),
      0,
    );
    expect(gap).toBeGreaterThan(0);
  }
});

test.each(all)('$name: possible films are what the world does by itself', ({ design, films }) => {
  design.contexts.forEach(({ scene, starts }, i) => {
    const first = beginScene(scene, starts);
    const alone = [first, ...play(first, filmFrames - 1)].map((snapshot) => picture(snapshot));
    expect(alone.every((pixels, k) => same(pixels, films[i]![0]!.pictures[k]!))).toBe(true);
  });
});

test.each(all)(
  '$name: from the fork on, an outcome looks the same in both contexts',
  ({ quadruplet, films, scenario }) => {
    const [[a1, a2], [b2, b1]] = films as [Drawn['films'][0], Drawn['films'][0]];
    for (const [x, y] of [
      [a1!, b1!],
      [a2!, b2!],
    ] as const) {
      for (let frame = quadruplet.fork + 1; frame < filmFrames; frame++) {
        // Where contexts differ in scenery (or in who strikes), things are in the same places, to a pixel.
        if (['solidity', 'support', 'push'].includes(scenario.property)) {
          const [p, q] = [x.snapshots[frame]!.state, y.snapshots[frame]!.state];
          expect(Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!)).toBeLessThan(1 / sideFrameSize);
        } else expect(same(x.pictures[frame]!, y.pictures[frame]!)).toBe(true);
      }
    }
  },
);

/** What a film's frames show without any memory: mean colours, and how much changes from one to the next. */
function statistics(pictures: readonly Uint8Array[], fork: number): number[] {
  const late = pictures.slice(fork);
  const colours = [0, 0, 0];
  const changes: number[] = [];
  for (const [k, pixels] of late.entries()) {
    let change = 0;
    for (let i = 0; i < pixels.length; i++) {
      colours[i % 3]! += pixels[i]! / late.length;
      if (k > 0) change += Math.abs(pixels[i]! - late[k - 1]![i]!);
    }
    if (k > 0) changes.push(change);
  }
  return [...colours, changes.reduce((a, b) => a + b), Math.max(...changes), Math.min(...changes)];
}

const measured = all.map(({ films, quadruplet, i }) => ({
  i,
  pairs: films.map((pair) => pair.map(({ pictures }) => statistics(pictures, quadruplet.fork)) as [number[], number[]]),
}));

test('no statistic of frames tells possible films from impossible ones', () => {
  for (let k = 0; k < 6; k++) {
    let [more, pairs] = [0, 0];
    for (const { pairs: both } of measured) {
      for (const [possible, impossible] of both) {
        more += impossible[k]! > possible[k]! ? 1 : impossible[k] === possible[k] ? 0.5 : 0;
        pairs++;
      }
    }
    expect(Math.abs(more / pairs - 0.5)).toBeLessThan(0.1);
  }
});

test('nor does a classifier that learns from them', () => {
  const rows = measured.flatMap(({ pairs, i }) =>
    pairs.flatMap((pair) => pair.map((values, impossible) => ({ values, impossible, learn: i % 2 === 0 }))),
  );
  const mean = (of: typeof rows, k: number): number => of.reduce((sum, { values }) => sum + values[k]!, 0) / of.length;
  const learn = rows.filter((row) => row.learn);
  const scale = [0, 1, 2, 3, 4, 5].map((k) => {
    const middle = mean(learn, k);
    return Math.sqrt(learn.reduce((sum, { values }) => sum + (values[k]! - middle) ** 2, 0) / learn.length) || 1;
  });
  const centres = [0, 1].map((label) =>
    scale.map((_, k) =>
      mean(
        learn.filter((row) => row.impossible === label),
        k,
      ),
    ),
  );
  const distance = (values: readonly number[], label: number): number =>
    values.reduce((sum, value, k) => sum + ((value - centres[label]![k]!) / scale[k]!) ** 2, 0);
  const test = rows.filter((row) => !row.learn);
  const right = test.filter(
    ({ values, impossible }) => distance(values, 1) < distance(values, 0) === (impossible === 1),
  );
  expect(Math.abs(right.length / test.length - 0.5)).toBeLessThan(0.1);
});
