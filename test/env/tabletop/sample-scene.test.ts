import fc from 'fast-check';
import { UsageError } from '../../../src/core/errors.ts';
import type { SceneSpec, TaskSpec } from '../../../src/core/task.ts';
import { createGuardrailWatch } from '../../../src/env/guardrail-watch.ts';
import { judge } from '../../../src/env/predicates.ts';
import { resolveTask } from '../../../src/env/resolve-task.ts';
import { palette, pusherColour, tableColour } from '../../../src/env/tabletop/palette.ts';
import { distance } from '../../../src/env/tabletop/placement.ts';
import { sampleScene } from '../../../src/env/tabletop/sample-scene.ts';
import { type SampledScene, shapeOf } from '../../../src/env/tabletop/scene.ts';
import { createPusherShape, pusherRadius } from '../../../src/env/tabletop/shapes.ts';
import { createVariationSampler, type Variation } from '../../../src/env/tabletop/variation.ts';
import { bothInRegion } from '../../../src/env/tasks/both-in-region.ts';
import { pushAround } from '../../../src/env/tasks/push-around.ts';
import { pushToGoal } from '../../../src/env/tasks/push-to-goal.ts';
import { reach } from '../../../src/env/tasks/reach.ts';

const colours = ['red', 'blue', 'green', 'yellow', 'purple', 'orange'] as const;
const seeds = fc.nat(1_000_000);

const crowd: TaskSpec = {
  id: 'crowd',
  scene: {
    objects: colours.map((colour, i) => ({ name: `object-${i}`, shape: ['disc', 'box', 't', 'l'], colour })),
    targets: { goal: { from: 'object-0', distance: [0.2, 0.6] } },
  },
  objective: [],
  success: { all: [{ near: ['object-0', 'goal'], within: 0.05 }], when: 'final-step' },
  budgetSteps: 30,
};

function sample(task: TaskSpec, seed: number, variation: Variation = {}): SampledScene {
  return sampleScene({ task, seed, variation: createVariationSampler(variation, task.scene.objects.length) });
}

/** A task that asks for nothing but its scene. */
function sceneOnly(scene: SceneSpec): TaskSpec {
  return { ...crowd, scene, success: { all: [], when: 'final-step' } };
}

describe.each([reach, pushToGoal, pushAround, crowd])('the scenes of $id', (task) => {
  it('keep everything on the table and apart', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { scene, pusher, poses } = sample(task, seed);
        const bodies = [
          { position: pusher, reach: pusherRadius },
          ...poses.map(({ position }, i) => ({ position, reach: shapeOf(scene.objects[i]!).reach })),
        ];
        bodies.forEach(({ position, reach: radius }, i) => {
          for (const coordinate of position) expect(Math.abs(coordinate - 0.5) + radius).toBeLessThan(0.5);
          for (const other of bodies.slice(0, i)) {
            expect(distance(position, other.position)).toBeGreaterThan(radius + other.reach);
          }
        });
      }),
    );
  });

  it('start unsolved, with goals where the task says, which the pusher can bring the object to', () => {
    const spec = task.scene.targets!.goal as { from: string; distance: readonly [number, number] };
    fc.assert(
      fc.property(seeds, (seed) => {
        const { scene, pusher, poses } = sample(task, seed);
        const goal = scene.targets.goal!;
        const mover = scene.objects.findIndex(({ name }) => name === spec.from);
        const start = mover < 0 ? pusher : poses[mover]!.position;
        expect(distance(start, goal)).toBeGreaterThanOrEqual(spec.distance[0] - 1e-12);
        expect(distance(start, goal)).toBeLessThanOrEqual(spec.distance[1] + 1e-12);
        const positions = { pusher, [spec.from]: start };
        const { success } = resolveTask(task, scene);
        expect(judge(success, { positions, angles: {}, targets: scene.targets }).holds).toBe(false);
        if (mover < 0) return;
        // Room for the pusher on every side of the object, at the start and at the goal.
        const room = shapeOf(scene.objects[mover]!).reach + 2 * pusherRadius;
        for (const place of [start, goal]) {
          for (const coordinate of place) expect(Math.abs(coordinate - 0.5) + room).toBeLessThan(0.5);
        }
        poses.forEach(({ position }, i) => {
          if (i === mover) return;
          const reaches = shapeOf(scene.objects[mover]!).reach + shapeOf(scene.objects[i]!).reach;
          expect(distance(goal, position)).toBeGreaterThan(reaches);
        });
      }),
    );
  });
});

describe('a scene with a zone midway', () => {
  it('has it midway, and neither the start nor the goal breaks it, though the straight way does', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { scene, pusher, poses } = sample(pushAround, seed);
        const [{ position: start, angle }] = poses as [(typeof poses)[number]];
        const { goal, midway } = scene.targets as Record<'goal' | 'midway', readonly [number, number]>;
        expect(midway[0]).toBeCloseTo((start[0] + goal[0]) / 2, 12);
        expect(midway[1]).toBeCloseTo((start[1] + goal[1]) / 2, 12);
        const broken = (
          pusherAt: readonly [number, number],
          objectAt: readonly [number, number],
        ): readonly string[] => {
          const watch = createGuardrailWatch(resolveTask(pushAround, scene).guardrails, [
            { name: 'pusher', outline: createPusherShape() },
            { name: 'object', outline: shapeOf(scene.objects[0]!) },
          ]);
          watch.look([...pusherAt, 0, ...objectAt, angle], 3);
          return watch.take().violations;
        };
        expect(broken(pusher, start)).toEqual([]);
        expect(broken(pusher, goal)).toEqual([]);
        expect(broken(pusher, midway)).toEqual(['keep-out']);
      }),
    );
  });
});

describe('drawing a scene', () => {
  it('gives the same for the same seed, and other scenes for other seeds', () => {
    fc.assert(
      fc.property(seeds, (seed) => expect(sample(crowd, seed)).toEqual(sample(crowd, seed))),
      { numRuns: 10 },
    );
    const starts = new Set(Array.from({ length: 50 }, (_, seed) => sample(crowd, seed).pusher.join()));
    expect(starts.size).toBe(50);
  });

  it('draws each factor from a stream of its own: a new colour of the table moves nothing', () => {
    const plain = sample(crowd, 3);
    const varied = sample(crowd, 3, {
      tableColour: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      mass: [0.5, 2],
      friction: [0.5, 1],
    });
    expect(varied.poses).toEqual(plain.poses);
    expect(varied.pusher).toEqual(plain.pusher);
    expect(varied.scene.tableColour).not.toEqual(plain.scene.tableColour);
    expect(varied.scene.objects.map(({ massScale }) => massScale)).not.toEqual(plain.scene.objects.map(() => 1));
  });

  it('fills the ranges of its factors', () => {
    const drawn = Array.from({ length: 60 }, (_, seed) =>
      sample(sceneOnly({ objects: crowd.scene.objects }), seed, { objectCount: [1, 6], size: [0.8, 1.1], mass: 2 }),
    );
    expect(new Set(drawn.map(({ scene }) => scene.objects.length))).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    const objects = drawn.flatMap(({ scene }) => scene.objects);
    const sizes = objects.map(({ sizeScale }) => sizeScale);
    expect(Math.min(...sizes)).toBeLessThan(0.82);
    expect(Math.max(...sizes)).toBeGreaterThan(1.08);
    expect(objects.every(({ massScale }) => massScale === 2)).toBe(true);
    expect(new Set(objects.map(({ shape }) => shape))).toEqual(new Set(['disc', 'box', 't', 'l']));
  });

  it('gives objects with the same choice of colours different ones, as far as there are any', () => {
    const objects = ['a', 'b', 'c'].map((name) => ({ name, shape: 'disc' as const, colour: ['red', 'blue'] as const }));
    for (let seed = 0; seed < 20; seed++) {
      const [a, b] = sample(sceneOnly({ objects }), seed).scene.objects;
      expect(a!.colour).not.toEqual(b!.colour);
    }
  });

  it('keeps fixed colours for those that have them, and gives twins one', () => {
    const objects = [
      { name: 'any', shape: 'disc', colour: ['red', 'blue', 'green'] },
      { name: 'twin', shape: 'disc', colour: { sameAs: 'any' } },
      { name: 'red', shape: 'disc', colour: 'red' },
    ] as const;
    const seen = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const [any, twin, red] = sample(sceneOnly({ objects }), seed).scene.objects;
      expect(red!.colour).toEqual(palette.red);
      expect(any!.colour).not.toEqual(palette.red);
      expect(twin!.colour).toEqual(any!.colour);
      seen.add(any!.colour.join());
    }
    expect(seen.size).toBe(2);
    expect(() => sample(sceneOnly({ objects: [objects[1]] }), 0)).toThrow("unknown object before this one 'any'");
  });

  it('gives targets their headings, and keeps distances to several things at once', () => {
    const objects = ['a', 'b'].map((name) => ({ name, shape: 'disc' as const, colour: 'red' as const }));
    const targets = {
      place: { from: ['a', 'b'], distance: [0.25, 0.4], angle: [1, 2] },
      fixed: { at: [0.5, 0.5], angle: -3 },
      plain: { at: [0.5, 0.5] },
    } as const;
    fc.assert(
      fc.property(seeds, (seed) => {
        const { scene, poses } = sample(sceneOnly({ objects, targets }), seed);
        for (const { position } of poses) {
          expect(distance(position, scene.targets.place!)).toBeGreaterThanOrEqual(0.25);
          expect(distance(position, scene.targets.place!)).toBeLessThanOrEqual(0.4);
        }
        const { place, ...others } = scene.targetAngles;
        expect(place).toBeGreaterThanOrEqual(1);
        expect(place).toBeLessThanOrEqual(2);
        expect(others).toEqual({ fixed: -3 });
      }),
      { numRuns: 30 },
    );
  });

  it('keeps regions around targets wholly on the table', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [x, y] = sample(bothInRegion, seed).scene.targets.place!;
        expect(Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5))).toBeLessThanOrEqual(0.5 - 0.16);
      }),
      { numRuns: 30 },
    );
  });

  it('obeys fixed places, regions and headings', () => {
    const { poses, scene } = sample(
      sceneOnly({
        objects: [
          { name: 'a', shape: 'box', colour: 'red', at: [0.3, 0.4], angle: 0.5 },
          { name: 'b', shape: 't', colour: 'blue', at: { centre: [0.7, 0.7], radius: 0.05 }, angle: [0.1, 0.2] },
        ],
        targets: { fixed: { at: [0.1, 0.9] }, drawn: { at: { x: [0.4, 0.6], y: [0.1, 0.2] } } },
      }),
      5,
    );
    expect(poses[0]).toEqual({ position: [0.3, 0.4], angle: 0.5 });
    expect(distance(poses[1]!.position, [0.7, 0.7])).toBeLessThan(0.05);
    expect(poses[1]!.angle).toBeGreaterThanOrEqual(0.1);
    expect(poses[1]!.angle).toBeLessThanOrEqual(0.2);
    expect(scene.targets.fixed).toEqual([0.1, 0.9]);
    const [x, y] = scene.targets.drawn!;
    expect(Math.abs(x - 0.5)).toBeLessThanOrEqual(0.1);
    expect(Math.abs(y - 0.15)).toBeLessThanOrEqual(0.05);
  });

  it('says so where no scene fits', () => {
    const solved = { ...pushToGoal, scene: { ...pushToGoal.scene, targets: { goal: { at: [0.5, 0.5] as const } } } };
    const onGoal = [{ ...solved.scene.objects[0]!, at: [0.5, 0.5] as const }];
    expect(() => sample({ ...solved, scene: { ...solved.scene, objects: onGoal } }, 0)).toThrow(
      /solved from the start/,
    );
    const colliding = sceneOnly({
      objects: [
        { name: 'a', shape: 'disc', colour: 'red', at: [0.5, 0.5] },
        { name: 'b', shape: 'disc', colour: 'blue', at: [0.55, 0.5] },
      ],
    });
    expect(() => sample(colliding, 0)).toThrow(UsageError);
    expect(() => sample(colliding, 0)).toThrow(
      "task 'crowd': none of 400 scenes drawn was fit: object 'b' found no room (400)",
    );
    const far = sceneOnly({
      objects: [{ name: 'a', shape: 'disc', colour: 'red' }],
      targets: { goal: { from: 'a', distance: [2, 3] } },
    });
    expect(() => sample(far, 0)).toThrow(/target 'goal' found no place \(\d+\)/);
    const dangling = sceneOnly({ objects: [], targets: { goal: { from: 'nobody', distance: [0, 1] } } });
    expect(() => sample(dangling, 0)).toThrow(/'nobody'/);
  });

  it.each([
    [{ objectCount: 7 }, /objectCount/],
    [{ objectCount: 1.5 }, /whole/],
    [{ size: [1.2, 0.8] }, /size/],
    [{ mass: 0 }, /mass/],
    [{ friction: Number.NaN }, /friction/],
  ] as [Variation, RegExp][])('refuses the factors %j', (variation, message) => {
    expect(() => createVariationSampler(variation, 6)).toThrow(message);
  });
});

test('the colours are far from each other, from the table and from the pusher', () => {
  const all = [...Object.values(palette), tableColour, pusherColour];
  all.forEach((a, i) => {
    for (const b of all.slice(0, i)) expect(Math.hypot(...a.map((value, k) => value - b[k]!))).toBeGreaterThan(80);
  });
});
