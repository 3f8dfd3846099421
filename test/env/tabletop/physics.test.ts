import fc from 'fast-check';
import { createRng } from '../../../src/core/rng.ts';
import { createPhysics, maxDisplacement, type Physics } from '../../../src/env/tabletop/physics.ts';
import { unitsPerTable, wrapAngle } from '../../../src/env/tabletop/rigid-body.ts';
import { createShape, pusherRadius, type Shape } from '../../../src/env/tabletop/shapes.ts';

const names = ['disc', 'box', 't', 'l'] as const;

/** The pusher and objects at rest: x, y, angle each. */
function place(physics: Physics, ...poses: readonly (readonly [number, number, number])[]): void {
  const state = new Float64Array(physics.state.length);
  poses.forEach((pose, i) => {
    state.set(pose.map(Math.fround), i * 6);
  });
  physics.write(state);
}

function pose(physics: Physics, body: number): [x: number, y: number, angle: number] {
  return [...physics.state.slice(body * 6, body * 6 + 3)] as [number, number, number];
}

/** Second moment of area over area and centre, by a grid of points `step` apart. */
function quadrature({ outline }: Shape, step = 0.0005): { gyrationSquared: number; centre: [number, number] } {
  const inside = (x: number, y: number): boolean => {
    let crossings = 0;
    for (let i = 0; i < outline.length; i += 2) {
      const j = (i + 2) % outline.length;
      const [ax, ay, bx, by] = [outline[i]!, outline[i + 1]!, outline[j]!, outline[j + 1]!];
      if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) crossings++;
    }
    return crossings % 2 === 1;
  };
  let [count, sumX, sumY, moment] = [0, 0, 0, 0];
  for (let x = -0.15 + step / 2; x < 0.15; x += step) {
    for (let y = -0.15 + step / 2; y < 0.15; y += step) {
      if (!inside(x, y)) continue;
      count++;
      sumX += x;
      sumY += y;
      moment += x * x + y * y;
    }
  }
  return { gyrationSquared: moment / count, centre: [sumX / count, sumY / count] };
}

describe('bodies', () => {
  it.each(['box', 't', 'l'] as const)('a %s turns about its true centre with its true inertia', (name) => {
    const shape = createShape(name);
    const { gyrationSquared, centre } = quadrature(shape);
    expect(Math.hypot(...centre)).toBeLessThan(2e-4);
    expect(shape.gyrationSquared / gyrationSquared).toBeCloseTo(1, 2);
    const { body } = createPhysics({ objects: [{ shape, massScale: 1 }] }).bodies[1]!;
    expect(body.inertia / (body.mass * shape.gyrationSquared * unitsPerTable ** 2)).toBeCloseTo(1, 12);
    expect(body.inverseInertia).toBe(1 / body.inertia);
  });

  it('weigh what their area and scale say, the pusher several times more', () => {
    const physics = createPhysics({
      objects: names.flatMap((name) => [1, 2].map((massScale) => ({ shape: createShape(name), massScale }))),
    });
    const masses = physics.bodies.map(({ body }) => body.mass);
    for (let i = 1; i < masses.length; i += 2) {
      expect(masses[i + 1]! / masses[i]!).toBeCloseTo(2, 12);
      expect(masses[0]! / masses[i]!).toBeGreaterThan(5);
    }
    expect(masses[3]).toBeCloseTo(1, 12);
  });

  it.each(names)('a %s drawn is as large as the one that collides', (name) => {
    const shape = createShape(name, 1.2);
    const area = (polygon: Float64Array): number => {
      let twice = 0;
      for (let i = 0; i < polygon.length; i += 2) {
        const j = (i + 2) % polygon.length;
        twice += polygon[i]! * polygon[j + 1]! - polygon[j]! * polygon[i + 1]!;
      }
      return twice / 2;
    };
    const parts = shape.parts.reduce((sum, part) => sum + area(part), 0);
    expect(area(shape.outline)).toBeCloseTo(parts, 12);
    // The polygon of a circle holds the circle.
    expect(parts / shape.area).toBeGreaterThanOrEqual(1 - 1e-12);
    expect(parts / shape.area).toBeLessThan(shape.radius === null ? 1 + 1e-12 : 1.06);
  });
});

describe('the pusher', () => {
  const unit = fc.double({ min: -1, max: 1, noNaN: true });

  it('goes where it is told and rests there, with an object near its way or not', () => {
    fc.assert(
      fc.property(unit, unit, fc.boolean(), (x, y, near) => {
        const physics = createPhysics({ objects: [{ shape: createShape('t'), massScale: 1 }] });
        // Near: within the box of the way, so that the substeps are really taken, and yet out of reach.
        place(physics, [0.5, 0.5, 0], near ? [0.5 - 0.17 * Math.sign(x), 0.5 - 0.17 * Math.sign(y), 0] : [0.2, 0.2, 0]);
        const before = pose(physics, 1);
        physics.step(x * maxDisplacement, y * maxDisplacement);
        const [px, py] = pose(physics, 0);
        expect(px).toBeCloseTo(0.5 + x * maxDisplacement, 6);
        expect(py).toBeCloseTo(0.5 + y * maxDisplacement, 6);
        expect([...physics.state.slice(2, 6)]).toEqual([0, 0, 0, 0]);
        expect(pose(physics, 1)).toEqual(before);
      }),
    );
  });

  it('stops at the walls', () => {
    const physics = createPhysics({ objects: [] });
    place(physics, [0.9, 0.1, 0]);
    for (let i = 0; i < 5; i++) physics.step(maxDisplacement, -maxDisplacement);
    expect(pose(physics, 0)[0]).toBeCloseTo(1 - pusherRadius, 6);
    expect(pose(physics, 0)[1]).toBeCloseTo(pusherRadius, 6);
  });

  it('goes as far when it pushes an object, to a fifth of a unit of 512', () => {
    for (const name of names) {
      const physics = createPhysics({ objects: [{ shape: createShape(name), massScale: 1 }] });
      place(physics, [0.3, 0.5, 0], [0.45, 0.5, 0]);
      for (let i = 0; i < 4; i++) physics.step(maxDisplacement, 0);
      expect(Math.abs(pose(physics, 0)[0] - 0.3 - 4 * maxDisplacement) * unitsPerTable).toBeLessThan(0.2);
      expect(pose(physics, 1)[0]).toBeGreaterThan(0.6);
    }
  });
});

describe('the table', () => {
  it('holds what is not touched, to the bit', () => {
    const physics = createPhysics({
      objects: names.map((name) => ({ shape: createShape(name), massScale: 1 })),
    });
    const rest = [
      [0.2, 0.2, 0],
      [0.8, 0.2, 0.7],
      [0.2, 0.8, 2],
      [0.8, 0.8, -1],
    ] as const;
    place(physics, [0.5, 0.5, 0], ...rest);
    const before = physics.state.slice(6);
    const rng = createRng(0, 'untouched');
    for (let i = 0; i < 100; i++) {
      const [x, y] = pose(physics, 0);
      // A walk that is drawn back to the middle.
      physics.step(rng.between(-0.5, 0.5) * 0.08 - 0.5 * (x - 0.5), rng.between(-0.5, 0.5) * 0.08 - 0.5 * (y - 0.5));
    }
    expect(physics.state.slice(6)).toEqual(before);
  });

  it('stops an object with the pusher: one frame is the whole state', () => {
    for (const name of names) {
      const physics = createPhysics({ objects: [{ shape: createShape(name), massScale: 1 }] });
      const rng = createRng(1, 'rest', name);
      place(physics, [0.3, 0.5, 0], [0.42, 0.51, 0.3]);
      for (let i = 0; i < 50; i++) {
        const [px, py] = pose(physics, 0);
        const [x, y] = pose(physics, 1);
        const heading = Math.atan2(y - py, x - px) + 0.3 * rng.normal();
        physics.step(Math.cos(heading) * maxDisplacement, Math.sin(heading) * maxDisplacement);
        // Less than a tenth of a unit a substep, and friction takes that in the next.
        for (const k of [9, 10]) expect(Math.abs(physics.state[k]!) * unitsPerTable).toBeLessThan(0.1);
      }
    }
  });

  it('lets objects glide on where it is slippery, as far as v^2 / 2a says', () => {
    const frictionScale = 0.0125;
    const physics = createPhysics({ objects: [{ shape: createShape('disc'), massScale: 1 }], frictionScale });
    place(physics, [0.1, 0.1, 0], [0.3, 0.5, 0]);
    const state = physics.state.slice();
    const speed = 2;
    state[9] = speed / unitsPerTable;
    physics.write(state);
    for (let i = 0; i < 10; i++) physics.step(0, 0);
    // 160,000 units per second squared x 0.0125 = 0.05 units per substep squared.
    const way = (pose(physics, 1)[0] - 0.3) * unitsPerTable;
    expect(way).toBeGreaterThan((speed * speed) / (2 * 0.05) - speed);
    expect(way).toBeLessThan((speed * speed) / (2 * 0.05) + speed);
    expect(physics.state[9]).toBe(0);
  });

  it('gives a mirrored push a mirrored outcome', () => {
    for (const name of ['disc', 'box', 't'] as const) {
      const outcome = (side: 1 | -1): number[] => {
        const physics = createPhysics({ objects: [{ shape: createShape(name), massScale: 1 }] });
        place(physics, [0.3, 0.5 + side * 0.01, 0], [0.45, 0.5, side * 0.4 - (name === 't' ? Math.PI / 2 : 0)]);
        for (let i = 0; i < 3; i++) physics.step(0.06, side * 0.01);
        const [x, y, angle] = pose(physics, 1);
        return [x, (y - 0.5) * side, wrapAngle(angle + (name === 't' ? Math.PI / 2 : 0)) * side];
      };
      const [one, other] = [outcome(1), outcome(-1)];
      one.forEach((value, i) => {
        expect(value).toBeCloseTo(other[i]!, 3);
      });
    }
  });
});
