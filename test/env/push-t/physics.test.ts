import { createRng } from '../../../src/core/rng.ts';
import { gapBetween } from '../../../src/env/gap-between.ts';
import { actionFor } from '../../../src/env/push-t/drive.ts';
import { blockShape, fieldSize, pusherShape, pusherUnits, walls } from '../../../src/env/push-t/field.ts';
import { createPushTPhysics, type PushTPhysics } from '../../../src/env/push-t/physics.ts';
import { placeAnywhere } from '../../../src/env/push-t/sample-episode.ts';
import { limitSurfacePush } from '../tabletop/limit-surface.ts';

/** Units of 512, units a control step, radians. */
function put(physics: PushTPhysics, numbers: readonly number[]): void {
  physics.write(numbers.map((value, i) => (i === 6 ? value : value / fieldSize)));
}

function units({ state }: PushTPhysics): number[] {
  return Array.from(state, (value, i) => (i === 6 ? value : value * fieldSize));
}

describe('the T', () => {
  it('has the bars, the centre of mass and the inertia of gym-pusht', () => {
    // pymunk: (moment_for_poly(1, bar) + the same again) about the middle of the bar's edge; centres 15 and 75 down.
    expect(blockShape.gyrationSquared * fieldSize ** 2).toBeCloseTo(3000, 9);
    expect(blockShape.area * fieldSize ** 2).toBeCloseTo(120 * 30 + 30 * 90, 9);
    const rows = Array.from(blockShape.outline, (value) => Math.round(value * fieldSize)).filter((_, i) => i % 2 === 1);
    expect([Math.min(...rows), Math.max(...rows)]).toEqual([-45, 75]);
  });
});

describe('the drive', () => {
  it('answers to a far goal as the recurrence of gym-pusht does, and carries its speed on', () => {
    const physics = createPushTPhysics();
    put(physics, [100, 100, 0, 0, 400, 400, 0]);
    physics.step(1, 0);
    // x = v = 0; repeat 10: v += (100 (100 - x) - 20 v) / 100; x += v / 100
    let [x, v] = [0, 0];
    for (let i = 0; i < 10; i++) {
      v += (100 * (100 - x) - 20 * v) / 100;
      x += v / 100;
    }
    expect(units(physics)[0]).toBeCloseTo(100 + x, 3);
    expect(units(physics)[2]).toBeCloseTo(v / 10, 3);
    physics.step(0, 0);
    expect(units(physics)[0]).toBeGreaterThan(100 + x + 1);
  });

  it('is told by its inverse to go as far as wanted', () => {
    const physics = createPushTPhysics();
    put(physics, [200, 100, 8, -3, 400, 400, 0]);
    physics.step(actionFor(12, 8), actionFor(-9, -3));
    expect(units(physics)[0]).toBeCloseTo(212, 2);
    expect(units(physics)[1]).toBeCloseTo(91, 2);
  });
});

interface Push {
  readonly place: number;
  readonly heading: number;
  readonly way: number;
}

/** A straight push over 2 to 6 control steps, off the middle by up to 40 units. */
function push(seed: number): Push {
  const rng = createRng(seed, 'push-t-push');
  const physics = createPushTPhysics();
  const direction = rng.between(-Math.PI, Math.PI);
  const [cos, sin] = [Math.cos(direction), Math.sin(direction)];
  const offset = rng.between(-40, 40);
  const distance = blockShape.reach * fieldSize + rng.between(16, 30);
  const angle = Math.fround(rng.between(-Math.PI, Math.PI));
  const from = [256 - cos * distance - sin * offset, 256 - sin * distance + cos * offset];
  put(physics, [...from.map(Math.fround), 0, 0, 256, 256, angle]);
  const start = physics.state.slice();
  const steps = 2 + rng.integer(5);
  const pace = rng.between(0.3, 0.7);
  for (let i = 0; i < steps; i++) physics.step(cos * pace, sin * pace);
  const expected = limitSurfacePush(
    blockShape,
    { x: start[4]!, y: start[5]!, angle },
    [start[0]!, start[1]!],
    [physics.state[0]!, physics.state[1]!],
    2000,
    pusherUnits / fieldSize,
  );
  const turn = physics.state[6]! - expected.angle;
  return {
    place: Math.hypot(physics.state[4]! - expected.x, physics.state[5]! - expected.y) * fieldSize,
    heading: (Math.abs(turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI))) * 180) / Math.PI,
    way: Math.hypot(expected.x - start[4]!, expected.y - start[5]!) * fieldSize,
  };
}

it('pushes the T where the limit-surface solution has it, to half a unit and half a degree', () => {
  const pushes = Array.from({ length: 150 }, (_, seed) => push(seed)).filter(({ way }) => way > 1);
  const mean = (of: (push: Push) => number) => pushes.reduce((sum, each) => sum + of(each), 0) / pushes.length;
  expect(pushes.length).toBeGreaterThan(100);
  expect(mean(({ way }) => way)).toBeGreaterThan(20);
  expect(mean(({ place }) => place)).toBeLessThan(0.5);
  expect(mean(({ heading }) => heading)).toBeLessThan(0.5);
});

describe('the walls', () => {
  /** Goes for the T wherever it is, at full speed, so that it soon is between the pusher and a wall. */
  const chase = (seed: number, look: (state: readonly number[], gap: number) => void): void => {
    const rng = createRng(seed, 'chase');
    const physics = createPushTPhysics();
    physics.write(placeAnywhere(rng));
    for (let i = 0; i < 60; i++) {
      const { state } = physics;
      const [dx, dy] = [state[4]! - state[0]!, state[5]! - state[1]!];
      const length = Math.hypot(dx, dy);
      physics.step(dx / length + 0.3 * rng.normal(), dy / length + 0.3 * rng.normal());
      const gap = gapBetween(
        { outline: pusherShape, x: state[0]!, y: state[1]!, angle: 0 },
        { outline: blockShape, x: state[4]!, y: state[5]!, angle: state[6]! },
      );
      look(units(physics), gap * fieldSize);
    }
  };

  it('keep in both, however hard the T is pressed against them, and what presses stops', () => {
    let deepest = 0;
    let outside = 0;
    for (let seed = 0; seed < 20; seed++) {
      chase(seed, ([x, y, , , blockX, blockY, angle]) => {
        outside = Math.max(
          outside,
          walls.low + pusherUnits - Math.min(x!, y!),
          Math.max(x!, y!) - walls.high + pusherUnits,
        );
        const [cos, sin] = [Math.cos(angle!), Math.sin(angle!)];
        for (let i = 0; i < blockShape.outline.length; i += 2) {
          const [px, py] = [blockShape.outline[i]! * fieldSize, blockShape.outline[i + 1]! * fieldSize];
          const corner = [blockX! + px * cos - py * sin, blockY! + px * sin + py * cos];
          deepest = Math.max(deepest, walls.low - Math.min(...corner), Math.max(...corner) - walls.high);
        }
      });
    }
    // The originals have a kinematic pusher, which crushes by tens.
    expect(outside).toBeLessThan(0.01);
    expect(deepest).toBeLessThan(1);
  });

  it('leave the pusher and the T no deeper in each other than contacts are', () => {
    let deepest = 0;
    for (let seed = 0; seed < 20; seed++)
      chase(seed + 100, (_, gap) => {
        deepest = Math.max(deepest, -gap);
      });
    // In a corner, where T, pusher and both walls meet, a little is left.
    expect(deepest).toBeLessThan(2);
    expect(deepest).toBeGreaterThan(0);
  });
});
