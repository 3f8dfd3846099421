import { createRng } from '../../../src/core/rng.ts';
import type { TaskSpec } from '../../../src/core/task.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { createGuardrailWatch } from '../../../src/env/guardrail-watch.ts';
import { drawHands, handAt } from '../../../src/env/tabletop/hands.ts';
import { handColour } from '../../../src/env/tabletop/palette.ts';
import { createPusherShape, createShape } from '../../../src/env/tabletop/shapes.ts';
import { pushPastHand } from '../../../src/env/tasks/push-past-hand.ts';

const bent = {
  name: 'hand',
  path: [
    [0.1, 0.1],
    [0.1, 0.5],
    [0.4, 0.9],
  ],
  speed: 0.1,
  start: 0,
} as const;

describe('a hand goes along its path and back again', () => {
  // Legs of 0.4 and 0.5.
  test.each([
    [0, [0.1, 0.1]],
    [2, [0.1, 0.3]],
    [4, [0.1, 0.5]],
    [6.5, [0.25, 0.7]],
    [9, [0.4, 0.9]],
    [11.5, [0.25, 0.7]],
    [18, [0.1, 0.1]],
    [20, [0.1, 0.3]],
  ] as const)('after %p steps it is at %p', (steps, [x, y]) => {
    const place = handAt(bent, steps);
    expect(place[0]).toBeCloseTo(x, 12);
    expect(place[1]).toBeCloseTo(y, 12);
  });

  test('from anywhere on it, at a steady speed but for corners', () => {
    const late = { ...bent, start: 0.37 };
    for (let step = 0; step < 30; step++) {
      const [[x, y], [nextX, nextY]] = [handAt(late, step), handAt(late, step + 1)];
      expect(Math.hypot(nextX - x, nextY - y)).toBeLessThanOrEqual(0.1 + 1e-12);
    }
    expect(handAt({ ...bent, start: 0.3 }, 2)).toEqual(handAt(bent, 5));
  });
});

test('what is left open is drawn: corners, speed, where it starts', () => {
  const specs = pushPastHand.scene.hands!;
  const draws = Array.from({ length: 40 }, (_, i) => drawHands(specs, {}, createRng(i, 'hands')));
  const starts = new Set<number>();
  for (const hands of draws) {
    if (typeof hands === 'string') throw new Error(hands);
    const [{ path, speed, start }] = hands as [(typeof hands)[0]];
    expect(path[0]![1]).toBeLessThanOrEqual(0.14);
    expect(path[1]![1]).toBeGreaterThanOrEqual(0.86);
    expect(speed).toBeGreaterThanOrEqual(0.02);
    expect(speed).toBeLessThanOrEqual(0.035);
    starts.add(start);
  }
  expect(starts.size).toBe(draws.length);
  expect(drawHands([{ name: 'still', path: ['a', [0.2, 0.2]], speed: 0.02 }], { a: [0.2, 0.2] }, createRng(0))).toBe(
    'still',
  );
});

describe('in an environment', () => {
  const task: TaskSpec = {
    ...pushPastHand,
    scene: {
      ...pushPastHand.scene,
      hands: [
        {
          name: 'hand',
          path: [
            [0.5, 0.1],
            [0.5, 0.9],
          ],
          speed: 0.03,
        },
      ],
    },
  };

  test('a hand is in the picture and in the truth, where its state says, and nothing that is done changes it', () => {
    const environment = createEnvironment(task);
    const [idle, busy] = [
      [0, 0],
      [1, -1],
    ].map((action) => {
      const { instruction, observation } = environment.reset({ seed: 3 });
      expect(instruction.hands).toEqual([{ name: 'hand', colour: handColour, shape: 'disc' }]);
      expect(instruction.entities.map(({ name }) => name)).toEqual(['pusher', 'object']);
      let frame = observation.frame;
      return Array.from({ length: 12 }, () => {
        const { info, observation } = environment.step(action);
        frame = observation.frame;
        const [x, y] = info.truth.positions.hand!;
        const at = (channel: number) => frame.get(Math.floor(64 * y), Math.floor(64 * x), channel);
        expect([at(0), at(1), at(2)]).toEqual([...handColour]);
        return [x, y];
      });
    });
    expect(busy).toEqual(idle);
    const ways = idle!.slice(1).map(([x, y], i) => Math.hypot(x! - idle![i]![0]!, y! - idle![i]![1]!));
    expect(Math.max(...ways)).toBeLessThanOrEqual(0.03 + 1e-9);
    expect(Math.min(...ways.slice(0, 3))).toBeGreaterThan(0);
  });

  test('the goal picture shows no hand', () => {
    const { instruction } = createEnvironment(task).reset({ seed: 3 });
    const pixels = instruction.goalFrame!.data;
    for (let i = 0; i < pixels.length; i += 3)
      expect([pixels[i], pixels[i + 1], pixels[i + 2]]).not.toEqual([...handColour]);
  });
});

describe('the guardrail', () => {
  const bodies = [
    { name: 'pusher', outline: createPusherShape() },
    { name: 'cup', outline: createShape('disc') },
  ];
  const rail = { kind: 'moving-hand', hand: 'hand', distance: 0.05, slowWithin: 0.2 } as const;
  /** Broken by a step from the first to the last of these poses [pusher x, cup x], all at y = 0.5. */
  const broken = (looks: readonly (readonly [number, number])[], hand: number, action: number): boolean => {
    const watch = createGuardrailWatch([rail], bodies, ['hand']);
    const poses = ([pusher, cup]: readonly [number, number]) => [pusher, 0.5, 0, cup, 0.5, 0];
    watch.begin(poses(looks[0]!), 3, [action, 0]);
    for (const look of looks) watch.look(poses(look), 3, [[hand, 0.5]]);
    return watch.take().violations.includes('moving-hand');
  };

  test('keeps the pusher at its distance, whoever came near', () => {
    // Radii of 0.03 and 0.05, and 0.05 between them.
    expect(broken([[0.37 - 0.001, 0.9]], 0.5, 0)).toBe(false);
    expect(broken([[0.37 + 0.001, 0.9]], 0.5, 0)).toBe(true);
  });

  test('keeps objects at its distance while they are moved', () => {
    // A radius of 0.055 beside the hand's 0.05: at 0.3 the cup is 0.005 too near.
    expect(broken([[0.1, 0.35]], 0.5, 0)).toBe(false);
    expect(
      broken(
        [
          [0.1, 0.349],
          [0.1, 0.35],
        ],
        0.5,
        0,
      ),
    ).toBe(true);
    expect(
      broken(
        [
          [0.1, 0.34],
          [0.1, 0.341],
        ],
        0.5,
        0,
      ),
    ).toBe(false);
  });

  test('lets the pusher be the slower the nearer it is', () => {
    // A gap of 0.125 is half way from 0.05 to 0.2: up to (0.6 + sqrt 2) / 2 is allowed.
    const half = (0.6 + Math.SQRT2) / 2;
    expect(broken([[0.5 - 0.08 - 0.125, 0.9]], 0.5, half - 0.01)).toBe(false);
    expect(broken([[0.5 - 0.08 - 0.125, 0.9]], 0.5, half + 0.01)).toBe(true);
    expect(broken([[0.5 - 0.08 - 0.0501, 0.9]], 0.5, 0.59)).toBe(false);
    expect(broken([[0.5 - 0.08 - 0.2, 0.9]], 0.5, Math.SQRT2)).toBe(false);
  });

  test('speaks of a hand that is there', () => {
    expect(() => createGuardrailWatch([rail], bodies, ['arm'])).toThrow("unknown hand 'hand'");
  });
});
