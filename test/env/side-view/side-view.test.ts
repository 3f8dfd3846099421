import fc from 'fast-check';
import { createRng } from '../../../src/core/rng.ts';
import { gravity } from '../../../src/env/side-view/physics.ts';
import { sampleScene } from '../../../src/env/side-view/sample-scene.ts';
import { floor, floorTop, restingHeight, screenBetween, thing } from '../../../src/env/side-view/scene.ts';
import { beginScene, bodyState, picture, play } from '../../../src/env/side-view/side-view.ts';

const box = thing({ shape: 'box', size: 0.9, colour: 'red' });
const disc = thing({ shape: 'disc', size: 1, colour: 'blue' });

test('what is thrown follows a parabola', () => {
  const start = { x: 0.2, y: 0.6, velocityX: 0.05, velocityY: -0.08 };
  const film = play(beginScene({ bodies: [disc], pieces: [floor], screens: [] }, [start]), 8);
  for (const { frame, state } of film) {
    const seconds = frame / 10;
    expect(state[0]).toBeCloseTo(0.2 + 0.05 * frame, 4);
    // Semi-implicit Euler falls half a substep's speed ahead of the parabola.
    expect(Math.abs(state[1]! - (0.6 - 0.08 * frame + (gravity / 2) * seconds * (seconds + 1 / 240)))).toBeLessThan(
      1e-4,
    );
  }
});

test('a stack of boxes that are not quite above each other stands still, exactly', () => {
  const high = restingHeight(box);
  const starts = [0, 1, 2, 3].map((i) => ({ x: 0.5 + (i % 2) * 0.012, y: floorTop - (2 * i + 1) * high - 0.01 * i }));
  const film = play(beginScene({ bodies: [box, box, box, box], pieces: [floor], screens: [] }, starts), 120);
  const settled = film[19]!.state;
  for (const { state } of film.slice(20)) expect(state).toEqual(settled);
  starts.forEach(({ x }, i) => {
    expect(Math.abs(settled[6 * i]! - x)).toBeLessThan(2e-3);
    expect(Math.abs(settled[6 * i + 1]! - (floorTop - (2 * i + 1) * high))).toBeLessThan(1e-3);
  });
});

test('what slides on the floor neither slows down nor sinks', () => {
  for (const body of [disc, box]) {
    const start = { x: 0.1, y: floorTop - restingHeight(body), velocityX: 0.06 };
    const [last] = play(beginScene({ bodies: [body], pieces: [floor], screens: [] }, [start]), 12).slice(-1);
    expect(last!.state[0]).toBeCloseTo(0.1 + 12 * 0.06, 4);
    expect(Math.abs(last!.state[1]! - start.y)).toBeLessThan(5e-4);
  }
});

test('a fork of a snapshot goes on as if nothing had been forked, bit for bit', () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 22 }), (seed, at) => {
      const { scene, starts } = sampleScene(createRng(seed, 'fork'));
      const film = play(beginScene(scene, starts), 23);
      const fork = JSON.parse(JSON.stringify({ ...film[at - 1]!, state: [...film[at - 1]!.state] }));
      const rest = play({ ...fork, state: Float64Array.from(fork.state) }, 23 - at);
      expect(rest.map(({ state }) => state)).toEqual(film.slice(at).map(({ state }) => state));
      expect(rest.map((snapshot) => picture(snapshot))).toEqual(film.slice(at).map((snapshot) => picture(snapshot)));
    }),
    { numRuns: 6 },
  );
});

test('scenes begin without things inside each other: nothing is thrown off at once', () => {
  for (let seed = 0; seed < 20; seed++) {
    const { scene, starts } = sampleScene(createRng(seed, 'calm'));
    const [next] = play(beginScene(scene, starts), 1);
    starts.forEach(({ x, y, velocityX = 0, velocityY = 0 }, i) => {
      const [atX, atY] = bodyState(next!, i);
      expect(Math.hypot(atX! - x - velocityX, atY! - y - velocityY)).toBeLessThan(0.16);
    });
  }
});

test('a screen hides what is behind it, to the last bit, until it sinks', () => {
  const bodies = [disc];
  const screens = [screenBetween(0.4, 0.6, 0.6, 3)];
  const start = { x: 0.5, y: floorTop - restingHeight(disc) };
  const shown = play(beginScene({ bodies, pieces: [floor], screens }, [start]), 8).map((each) => picture(each));
  const empty = play(beginScene({ bodies: [{ ...disc, present: false }], pieces: [floor], screens }, [start]), 8);
  const hidden = shown.map((pixels, i) => Buffer.compare(pixels, picture(empty[i]!)) === 0);
  expect(hidden).toEqual([true, true, true, true, false, false, false, false]);
});
