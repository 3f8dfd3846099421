import type { Environment } from '../../../src/core/contracts.ts';
import { UsageError } from '../../../src/core/errors.ts';
import { createRng } from '../../../src/core/rng.ts';
import type { Point, TaskSpec } from '../../../src/core/task.ts';
import { twoRooms } from '../../../src/env/tasks/two-rooms.ts';
import { drawTwoRooms } from '../../../src/env/two-rooms/draw.ts';
import { createTwoRooms } from '../../../src/env/two-rooms/environment.ts';
import { twoRoomsExpert } from '../../../src/env/two-rooms/expert.ts';
import { readLayout } from '../../../src/env/two-rooms/state.ts';

const pixels = ([x, y]: Point): Point => [x * 65, y * 65];

/** Plays to the end; the last step's result. */
function play(environment: Environment, act: () => ArrayLike<number>) {
  for (;;) {
    const result = environment.step(act());
    if (result.truncated || result.terminated) return result;
  }
}

describe('an episode of Two-Rooms', () => {
  const environment = createTwoRooms({ task: twoRooms });

  it('starts in one room with its goal in the other, clear of all walls', () => {
    let leftStarts = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { instruction, info } = environment.reset({ seed });
      const { wallX, doorY } = readLayout(environment.getState());
      const [start, goal] = [pixels(info.truth.positions.pusher!), pixels(instruction.targets.goal!)];
      expect(Math.sign(start[0] - wallX)).toBe(-Math.sign(goal[0] - wallX));
      const clear = [start, goal].every(
        ([x, y]) => Math.min(x, y) >= 6.6 - 1e-5 && Math.max(x, y) <= 57.4 + 1e-5 && Math.abs(x - wallX) >= 3.6 - 1e-5,
      );
      expect([clear, wallX >= 20 && wallX <= 44, doorY >= 10 && doorY <= 54]).toEqual([true, true, true]);
      if (start[0] < wallX) leftStarts++;
    }
    expect(Math.abs(leftStarts / 400 - 0.5)).toBeLessThan(0.08);
  });

  it('shows the field as drawTwoRooms draws it, and the goal in the same field', () => {
    const { observation, instruction, info } = environment.reset({ seed: 5 });
    const layout = readLayout(environment.getState());
    const drawn = new Uint8Array(65 * 65 * 2);
    drawTwoRooms(pixels(info.truth.positions.pusher!), layout, drawn);
    expect(observation.frame.shape).toEqual([65, 65, 2]);
    expect(observation.frame.data).toEqual(drawn);
    drawTwoRooms(pixels(instruction.targets.goal!), layout, drawn);
    expect(instruction.goalFrame?.data).toEqual(drawn);
  });

  it('moves by the action, cut to length 2.45, and is over after 200 steps', () => {
    environment.reset({ seed: 3 });
    const state = environment.getState();
    state.set([16, 32], 5);
    environment.setState(state);
    const { info } = environment.step([2.4, -2.4]);
    const reach = 2.45 / Math.SQRT2;
    const [x, y] = pixels(info.truth.positions.pusher!);
    expect([x, y]).toEqual([expect.closeTo(16 + reach, 5), expect.closeTo(32 - reach, 5)]);
    let steps = 1;
    const last = play(environment, () => {
      steps++;
      return [0, 0];
    });
    expect([steps, last.truncated, last.terminated, last.info.success]).toEqual([200, true, false, false]);
    expect(() => environment.step([0, 0])).toThrow('ended after 200 steps');
  });

  it('succeeds when it ends nearer than 4.5 px, and at no other time', () => {
    const { instruction } = environment.reset({ seed: 8 });
    const goal = pixels(instruction.targets.goal!);
    for (const [away, success] of [
      [4.49, true],
      [4.51, false],
    ] as const) {
      const state = environment.getState();
      state[1] = 198;
      state.set([goal[0], goal[1] + (goal[1] > 32 ? -away : away)], 5);
      environment.setState(state);
      const before = environment.step([0, 0]);
      const after = environment.step([0, 0]);
      expect([before.info.success, before.truncated, after.truncated, after.info.success]).toEqual([
        false,
        false,
        true,
        success,
      ]);
      expect(after.reward).toBeCloseTo(-away / 65, 6);
    }
  });

  it('is solved by the expert in every layout, and by chance almost never', () => {
    let expert = 0;
    let random = 0;
    for (let seed = 0; seed < 100; seed++) {
      environment.reset({ seed });
      if (play(environment, () => twoRoomsExpert(environment)).info.success) expert++;
      environment.reset({ seed });
      const rng = createRng(seed, 'random');
      if (play(environment, () => environment.actionSpace.sample(rng)).info.success) random++;
    }
    expect(expert).toBe(100);
    expect(random).toBeLessThan(5);
  });

  it('is the same episode for the same seed and actions', () => {
    const run = (): Float64Array[] => {
      const fresh = createTwoRooms({ task: twoRooms });
      fresh.reset({ seed: 11 });
      const rng = createRng(1, 'actions');
      return Array.from({ length: 50 }, () => {
        fresh.step(fresh.actionSpace.sample(rng));
        return fresh.getState();
      });
    };
    expect(run()).toEqual(run());
  });

  it('refuses what cannot be', () => {
    const fresh = createTwoRooms({ task: twoRooms });
    expect(() => fresh.step([0, 0])).toThrow('reset');
    fresh.reset({ seed: 0 });
    expect(() => fresh.step([0])).toThrow(UsageError);
    expect(() => fresh.step([0, Number.NaN])).toThrow('finite');
    expect(() => fresh.setState(new Float64Array(3))).toThrow('not a state');
  });

  it('has a picture for people, with the goal ringed', () => {
    environment.reset({ seed: 5 });
    const picture = environment.render(260);
    expect(picture.shape).toEqual([260, 260, 3]);
    const [x, y] = environment.inspect().truth.targets.goal!.map((p) => Math.floor(p * 260)) as [number, number];
    const [red, green] = [picture.get(y, x, 0), picture.get(y, x, 1)];
    expect(green - red).toBeGreaterThan(80);
  });
});

describe('scripted tasks in Two-Rooms', () => {
  const scripted = (changes: Partial<TaskSpec>): TaskSpec => ({ ...twoRooms, id: 'scripted', ...changes });

  it('keep a goal with coordinates, and start in the other room', () => {
    const environment = createTwoRooms({
      task: scripted({ scene: { objects: [], targets: { goal: { at: [0.8, 0.5] } } } }),
    });
    for (let seed = 0; seed < 20; seed++) {
      const { info } = environment.reset({ seed });
      expect(info.truth.targets.goal).toEqual([0.8, 0.5]);
      expect(info.truth.positions.pusher![0]).toBeLessThan(0.7);
    }
  });

  it('draw goals in regions, and way-points between places', () => {
    const environment = createTwoRooms({
      task: scripted({
        scene: {
          objects: [],
          targets: {
            goal: { at: { centre: [0.8, 0.3], radius: 0.05 } },
            midway: { between: ['pusher', 'goal'] },
            near: { from: 'goal', distance: [0.1, 0.2] },
          },
        },
      }),
    });
    const { goal, midway, near } = environment.reset({ seed: 2 }).info.truth.targets;
    const [x, y] = environment.inspect().truth.positions.pusher!;
    expect(Math.hypot(goal![0] - 0.8, goal![1] - 0.3)).toBeLessThanOrEqual(0.05);
    expect(midway).toEqual([expect.closeTo((x + goal![0]) / 2, 12), expect.closeTo((y + goal![1]) / 2, 12)]);
    expect(Math.abs(Math.hypot(near![0] - goal![0], near![1] - goal![1]) - 0.15)).toBeLessThanOrEqual(0.05 + 1e-9);
  });

  it('end at the first hit where they say so', () => {
    const environment = createTwoRooms({
      task: scripted({ success: { all: twoRooms.success.all, when: 'first-hit', holdSteps: 3 } }),
    });
    environment.reset({ seed: 4 });
    const last = play(environment, () => twoRoomsExpert(environment));
    expect([last.terminated, last.truncated, last.info.success]).toEqual([true, false, true]);
    expect(() => environment.step([0, 0])).toThrow('ended');
  });

  it('see a guardrail broken between two frames', () => {
    const region = { centre: [16.9 / 65, 32 / 65] as const, radius: 0.5 / 65 };
    const environment = createTwoRooms({
      task: scripted({ guardrails: [{ kind: 'keep-out', who: 'pusher', region }] }),
    });
    environment.reset({ seed: 3 });
    const state = environment.getState();
    state.set([16, 32], 5);
    environment.setState(state);
    expect(environment.inspect().violations).toEqual([]);
    expect(environment.step([2.4, 0]).info.violations).toEqual(['keep-out']);
    expect(environment.step([0.5, 0]).info.violations).toEqual([]);
  });

  it('have no objects, and need a place for their targets', () => {
    const objects = [{ name: 'cup', shape: 'disc', colour: 'red' }] as const;
    expect(() => createTwoRooms({ task: scripted({ scene: { objects } }) })).toThrow("remove 'cup'");
    const nowhere = scripted({ scene: { objects: [], targets: { goal: { at: [0.01, 0.5] } } } });
    expect(() => createTwoRooms({ task: nowhere }).reset({ seed: 0 })).toThrow('no placement');
  });
});
