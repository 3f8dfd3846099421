import type { Frame } from '../../../src/core/contracts.ts';
import { UsageError } from '../../../src/core/errors.ts';
import { createRng } from '../../../src/core/rng.ts';
import type { GuardrailSpec, Point, TaskSpec } from '../../../src/core/task.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { createRasteriser } from '../../../src/env/rasteriser/rasteriser.ts';
import { registeredTasks, taskById } from '../../../src/env/registry.ts';
import { createDrawing, drawFrame } from '../../../src/env/tabletop/draw.ts';
import { createTabletop } from '../../../src/env/tabletop/environment.ts';
import { palette, pusherColour, tableColour } from '../../../src/env/tabletop/palette.ts';
import { pushAround } from '../../../src/env/tasks/push-around.ts';
import { pushToGoal } from '../../../src/env/tasks/push-to-goal.ts';
import { pushToPose } from '../../../src/env/tasks/push-to-pose.ts';
import { reach } from '../../../src/env/tasks/reach.ts';

/** The share of a frame's pixels that are exactly of a colour. */
function shareOf(frame: Frame, colour: readonly number[]): number {
  let count = 0;
  for (let i = 0; i < frame.data.length; i += 3) if (colour.every((value, k) => frame.data[i + k] === value)) count++;
  return count / (frame.data.length / 3);
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Mean position, in table widths, of the pixels of a colour. */
function centroidOf(frame: Frame, colour: readonly number[]): Point {
  const size = frame.shape[0]!;
  let [count, x, y] = [0, 0, 0];
  for (let i = 0; i < size * size; i++) {
    if (!colour.every((value, k) => frame.data[3 * i + k] === value)) continue;
    count++;
    x += ((i % size) + 0.5) / size;
    y += (Math.floor(i / size) + 0.5) / size;
  }
  return [x / count, y / count];
}

const still: TaskSpec = {
  id: 'still',
  scene: {
    objects: [{ name: 'cup', shape: 'box', colour: 'red', at: [0.5, 0.5], angle: 0 }],
    targets: { goal: { at: [0.8, 0.5] } },
  },
  objective: [{ term: 'distance', of: 'cup', to: 'goal' }],
  success: { all: [{ near: ['cup', 'goal'], within: 0.05 }], when: 'first-hit' },
  budgetSteps: 200,
};

/** Moves the pusher to a point by the straight way. */
function moveTo(environment: ReturnType<typeof createTabletop>, [x, y]: Point): string[] {
  const violations: string[] = [];
  for (let i = 0; i < 40; i++) {
    const [px, py] = environment.inspect().truth.positions.pusher!;
    if (Math.hypot(x - px, y - py) < 1e-4) break;
    const reachable = Math.max(0.08, Math.abs(x - px), Math.abs(y - py));
    violations.push(...environment.step([(x - px) / reachable, (y - py) / reachable]).info.violations);
  }
  return violations;
}

describe('what the agent sees', () => {
  it('is the table, the pusher and the objects where they are, in 64 x 64 pixels', () => {
    const environment = createTabletop({ task: still });
    const { observation, info } = environment.reset({ seed: 0 });
    expect(observation.frame.shape).toEqual([64, 64, 3]);
    expect(shareOf(observation.frame, tableColour)).toBeGreaterThan(0.9);
    // 0.16 x 0.1 of the table; the rim's pixels are mixed.
    expect(shareOf(observation.frame, palette.red)).toBeGreaterThan(0.011);
    expect(shareOf(observation.frame, palette.red)).toBeLessThanOrEqual(0.016);
    const [x, y] = centroidOf(observation.frame, palette.red);
    expect(Math.hypot(x - 0.5, y - 0.5)).toBeLessThan(0.01);
    const [px, py] = centroidOf(observation.frame, pusherColour);
    expect(Math.hypot(px - info.truth.positions.pusher![0], py - info.truth.positions.pusher![1])).toBeLessThan(0.02);
  });

  it('does not show goals and zones; the picture for people does', () => {
    const shown = (guardrails: readonly GuardrailSpec[], goal: Point): { frame: Frame; picture: Frame } => {
      const scene = { ...still.scene, targets: { goal: { at: goal } } };
      const environment = createTabletop({ task: { ...still, scene, guardrails } });
      return { frame: environment.reset({ seed: 1 }).observation.frame, picture: environment.render(256) };
    };
    const zone: GuardrailSpec = { kind: 'keep-out', who: 'pusher', region: { centre: [0.2, 0.8], radius: 0.1 } };
    const plain = shown([], [0.8, 0.5]);
    const zoned = shown([zone], [0.8, 0.5]);
    const elsewhere = shown([], [0.2, 0.5]);
    expect(same(zoned.frame.data, plain.frame.data)).toBe(true);
    expect(same(elsewhere.frame.data, plain.frame.data)).toBe(true);
    expect(same(zoned.picture.data, plain.picture.data)).toBe(false);
    expect(same(elsewhere.picture.data, plain.picture.data)).toBe(false);
    expect(plain.picture.shape).toEqual([256, 256, 3]);
  });

  it('takes the colours and the size that are asked for', () => {
    const environment = createTabletop({
      task: still,
      frameSize: 48,
      variation: { tableColour: [10, 20, 30], pusherColour: [240, 240, 0] },
    });
    const { observation, instruction } = environment.reset({ seed: 0 });
    expect(observation.frame.shape).toEqual([...environment.frameShape]);
    expect(observation.frame.shape).toEqual([48, 48, 3]);
    expect(shareOf(observation.frame, [10, 20, 30])).toBeGreaterThan(0.9);
    expect(instruction.entities).toEqual([
      { name: 'pusher', shape: 'disc', colour: [240, 240, 0] },
      { name: 'cup', shape: 'box', colour: palette.red },
    ]);
  });
});

describe('the instruction', () => {
  it.each([reach, pushToGoal, pushAround])('shows $id done in its goal picture', (task) => {
    for (let seed = 0; seed < 10; seed++) {
      const environment = createTabletop({ task });
      const { instruction, info } = environment.reset({ seed });
      const goal = instruction.targets.goal!;
      const { object, pusher } = info.truth.positions;
      const shown = instruction.goalFrame!;
      const mover = instruction.entities[task === reach ? 0 : 1]!;
      const [x, y] = centroidOf(shown, mover.colour);
      expect(Math.hypot(x - goal[0], y - goal[1])).toBeLessThan(0.02);
      // What the task does not speak of stays, unless it is in the way.
      const stays = instruction.entities[task === reach ? 1 : 0]!;
      const place = task === reach ? object! : pusher!;
      const [ox, oy] = centroidOf(shown, stays.colour);
      if (Math.hypot(place[0] - goal[0], place[1] - goal[1]) > 0.15) {
        expect(Math.hypot(ox - place[0], oy - place[1])).toBeLessThan(0.02);
      }
    }
  });

  it('shows the object at its pose in the goal picture', () => {
    for (let seed = 0; seed < 6; seed++) {
      const environment = createTabletop({ task: pushToPose });
      const { instruction } = environment.reset({ seed });
      const [term] = instruction.objective;
      if (term?.term !== 'pose') throw new Error('the task is about a pose');
      const { shape, colour } = instruction.entities[1]!;
      expect(term.turns).toBe(shape === 'box' ? 2 : 1);
      // The object drawn at the goal by itself.
      const raster = createRasteriser({ width: 64, height: 64 });
      const { scene } = environment;
      const pose = [0, 0, 0, ...instruction.targets.goal!, term.angle];
      drawFrame(raster, createDrawing({ ...scene, pusherColour: scene.tableColour }), pose, 3, []);
      const shown = instruction.goalFrame!.data;
      const isObject = (pixels: ArrayLike<number>, at: number) =>
        colour.every((channel, i) => Math.abs(pixels[at + i]! - channel) < 8);
      for (let at = 0; at < shown.length; at += 3) expect(isObject(shown, at)).toBe(isObject(raster.pixels, at));
    }
  });

  it('tells roughly where those things start that colour does not tell, and nothing of the others', () => {
    const twins = [
      { name: 'this', shape: 'disc', colour: ['red', 'blue'], knownBy: 'place' },
      { name: 'that', shape: 'disc', colour: { sameAs: 'this' }, knownBy: 'place' },
      { name: 'other', shape: 'disc', colour: 'green' },
    ] as const;
    for (let seed = 0; seed < 10; seed++) {
      const success = { ...still.success, all: [{ near: ['this', 'goal'], within: 0.05 }] } as const;
      const environment = createTabletop({ task: { ...still, success, scene: { ...still.scene, objects: twins } } });
      const { instruction, info } = environment.reset({ seed });
      const [pusher, first, second, other] = instruction.entities;
      expect(second!.colour).toEqual(first!.colour);
      for (const { name, at } of [first!, second!]) {
        const [x, y] = info.truth.positions[name]!;
        expect(Math.hypot(at![0] - x, at![1] - y)).toBeLessThan(0.036);
        expect(at).not.toEqual([x, y]);
      }
      expect([pusher!.at, other!.at]).toEqual([undefined, undefined]);
    }
  });

  it('gives numbers for named regions, and nothing of the true state but the targets', () => {
    const { instruction } = createTabletop({ task: pushAround }).reset({ seed: 2 });
    expect(instruction.guardrails.map((each) => each.kind === 'keep-out' && each.region)).toEqual([
      { centre: instruction.targets.midway, radius: 0.08 },
      { centre: instruction.targets.midway, radius: 0.08 },
    ]);
    expect(Object.keys(instruction).sort()).toEqual(
      ['budgetSteps', 'entities', 'goalFrame', 'guardrails', 'objective', 'targets', 'taskId'].sort(),
    );
  });
});

describe('guardrails in the simulator', () => {
  const wall: GuardrailSpec = { kind: 'keep-out', who: 'pusher', region: { x: [0.19, 0.2], y: [0, 1] } };
  const guarded = (guardrail: GuardrailSpec) => {
    const environment = createTabletop({ task: { ...still, guardrails: [guardrail] } });
    environment.reset({ seed: 0 });
    moveTo(environment, [0.24, 0.9]);
    moveTo(environment, [0.24, 0.2]);
    return environment;
  };

  it('see what happens between two frames', () => {
    const environment = guarded({ ...wall, region: { x: [0.19, 0.191], y: [0.3, 0.5] } });
    expect(moveTo(environment, [0.24, 0.29])).toEqual([]);
    // 0.03 to either side at the start and at the end: only on the way is the pusher inside.
    expect(moveTo(environment, [0.24, 0.25])).toEqual([]);
    expect(environment.step([-1, 0]).info.violations).toEqual([]);
    const crossing = guarded({ ...wall, region: { x: [0.1999, 0.2001], y: [0.1999, 0.2001] } });
    const { info } = crossing.step([-1, 0]);
    expect(info.truth.positions.pusher![0]).toBeCloseTo(0.16, 6);
    expect(info.violations).toEqual(['keep-out']);
    expect(crossing.inspect().violations).toEqual([]);
  });

  it('see an object that is pushed, wherever the pusher is', () => {
    const region = { x: [0.6, 0.7], y: [0.4, 0.6] } as const;
    const environment = guarded({ kind: 'keep-out', who: 'cup', region });
    expect(moveTo(environment, [0.25, 0.5])).toEqual([]);
    const violations = moveTo(environment, [0.44, 0.5]);
    const { cup, pusher } = environment.inspect().truth.positions;
    expect(cup![0]).toBeCloseTo(0.55, 2);
    expect(pusher![0]).toBeLessThan(0.45);
    expect(violations).toContain('keep-out');
  });
});

describe('success on the table', () => {
  it('comes by first hit, when the object is there', () => {
    const environment = createTabletop({ task: still });
    environment.reset({ seed: 0 });
    moveTo(environment, [0.2, 0.9]);
    moveTo(environment, [0.2, 0.5]);
    let last = environment.inspect();
    while (!last.success) {
      expect(last.distance).toBeGreaterThan(0.05);
      const step = environment.step([1, 0]);
      expect(step.reward).toBe(-step.info.distance);
      expect(step.terminated).toBe(step.info.success);
      last = step.info;
    }
    expect(Math.hypot(last.truth.positions.cup![0] - 0.8, last.truth.positions.cup![1] - 0.5)).toBeLessThan(0.05);
  });
});

describe('instructions', () => {
  it('for a state that was put back are those of an episode that starts there', () => {
    for (const task of registeredTasks.filter(({ world = 'tabletop' }) => world === 'tabletop')) {
      const environment = createTabletop({ task });
      const { instruction, observation } = environment.reset({ seed: 4 });
      const state = environment.getState();
      const fresh = createTabletop({ task });
      fresh.setState(state);
      const { goalFrame, ...told } = fresh.instruct();
      const { goalFrame: _, ...asked } = instruction;
      expect(told).toEqual(asked);
      expect(goalFrame!.shape).toEqual([64, 64, 3]);
      expect(same(fresh.observe().frame.data, observation.frame.data)).toBe(true);
      expect(fresh.getState()).toEqual(state);
    }
  });
});

describe('mistakes', () => {
  it('are told', () => {
    const environment = createTabletop({ task: pushToGoal });
    expect(() => environment.step([0, 0])).toThrow(/call reset/);
    expect(() => environment.scene).toThrow(/call reset/);
    environment.reset({ seed: 0 });
    expect(() => environment.step([Number.NaN, 0])).toThrow(/two finite numbers/);
    const state = environment.getState();
    expect(() => environment.setState(state.slice(1))).toThrow(UsageError);
    expect(() => environment.setState(state.with(3, Number.NaN))).toThrow(UsageError);
    const other = createTabletop({ task: pushAround });
    expect(() => other.setState(state)).toThrow(/same task/);
    expect(() => taskById('push-to-gaol')).toThrow(/Did you mean 'push-to-goal'/);
    expect(() => createEnvironment(taskById('two-rooms'), { frameSize: 32 })).toThrow(/frameSize/);
  });

  it('are not made by the registry: every id is its own', () => {
    expect(new Set(registeredTasks.map(({ id }) => id)).size).toBe(registeredTasks.length);
    for (const task of registeredTasks) expect(taskById(task.id)).toBe(task);
  });
});

test('states keep varied scenes: another environment of the task continues them exactly', () => {
  const task: TaskSpec = {
    ...pushToGoal,
    scene: {
      ...pushToGoal.scene,
      objects: [
        ...pushToGoal.scene.objects,
        { name: 'other', shape: ['t', 'l'], colour: ['red', 'green'] },
        { name: 'third', shape: 'disc', colour: ['blue', 'purple'] },
      ],
    },
  };
  const variation = { objectCount: [1, 3], size: [0.8, 1.2], mass: [0.5, 2], friction: [0.02, 1] } as const;
  const one = createTabletop({ task, variation });
  const two = createTabletop({ task });
  for (let seed = 0; seed < 10; seed++) {
    one.reset({ seed });
    const rng = createRng(seed, 'varied');
    for (let i = 0; i < 6; i++) {
      two.setState(one.getState());
      expect(two.scene).toEqual(one.scene);
      const [px, py] = one.inspect().truth.positions.pusher!;
      const [x, y] = one.inspect().truth.positions.object!;
      const heading = Math.atan2(y - py, x - px) + 0.3 * rng.normal();
      const action = [Math.cos(heading), Math.sin(heading)];
      const [there, here] = [two.step(action), one.step(action)];
      expect(same(there.observation.frame.data, here.observation.frame.data)).toBe(true);
      expect(two.getState()).toEqual(one.getState());
    }
  }
});
