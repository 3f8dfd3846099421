import { createRng } from '../../../src/core/rng.ts';
import type { TaskSpec } from '../../../src/core/task.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { coverage, coverageReward } from '../../../src/env/push-t/coverage.ts';
import { pushTExpert } from '../../../src/env/push-t/expert.ts';
import { fieldSize } from '../../../src/env/push-t/field.ts';
import { createPushTPlay } from '../../../src/env/push-t/play.ts';
import { massPose } from '../../../src/env/push-t/poses.ts';
import { pushT, pushTStrict } from '../../../src/env/tasks/push-t.ts';

/** A goal at the classic pose, the pusher's rest far off. */
const fixed: TaskSpec = {
  ...pushT,
  scene: { ...pushT.scene, targets: { goal: { at: [0.5, 0.5], angle: Math.PI / 4 }, rest: { at: [0.2, 0.2] } } },
};

/** The state of `task` with the T's reference point and the pusher off their goals by units and degrees. */
function offGoal(task: TaskSpec, { block = 0, pusher = 0, degrees = 0 }): Float64Array {
  const environment = createEnvironment(task);
  environment.reset({ seed: 0 });
  const state = environment.getState();
  const angle = Math.PI / 4 + (degrees * Math.PI) / 180;
  // The reference point is 285 / 7 units up the stem from the centroid, the centre of mass 30 / 7 down from it.
  const reference = [256 + (285 / 7) * Math.sin(Math.PI / 4) + block, 256 - (285 / 7) * Math.cos(Math.PI / 4)];
  state.set([(0.2 * 512 + pusher) / fieldSize, 0.2, 0, 0], 3);
  state.set([(reference[0]! - 45 * Math.sin(angle)) / 512, (reference[1]! + 45 * Math.cos(angle)) / 512, angle], 7);
  return state;
}

function judged(task: TaskSpec, off: Parameters<typeof offGoal>[1], steps = 1): boolean {
  const environment = createEnvironment(task);
  environment.setState(offGoal(task, off));
  let success = false;
  for (let i = 0; i < steps; i++) success = environment.step([0, 0]).info.success;
  return success;
}

describe('success', () => {
  it('is one distance of T and pusher together, judged at the middle of the bar, and the angle', () => {
    expect(judged(fixed, { block: 19.5 })).toBe(true);
    expect(judged(fixed, { block: 20.5 })).toBe(false);
    expect(judged(fixed, { pusher: 19.5 })).toBe(true);
    expect(judged(fixed, { block: 14, pusher: 14 })).toBe(true);
    expect(judged(fixed, { block: 15, pusher: 15 })).toBe(false);
    expect(judged(fixed, { degrees: 19.5 })).toBe(true);
    expect(judged(fixed, { degrees: -20.5 })).toBe(false);
  });

  it('of the strict task is the T alone, to half of that, held for 3 steps', () => {
    const strict = { ...pushTStrict, scene: fixed.scene };
    expect(judged(strict, { pusher: 100, block: 9.5 }, 2)).toBe(false);
    expect(judged(strict, { pusher: 100, block: 9.5 }, 3)).toBe(true);
    expect(judged(strict, { block: 10.5 }, 3)).toBe(false);
    expect(judged(strict, { degrees: 9.5 }, 3)).toBe(true);
    expect(judged(strict, { degrees: 10.5 }, 3)).toBe(false);
  });
});

describe('coverage', () => {
  const goal = { position: [0.5, 0.5], angle: 0 } as const;

  it('is the share of the T that lies on its goal', () => {
    expect(coverage(goal, goal)).toBeCloseTo(1, 9);
    expect(coverage({ position: [0.9, 0.9], angle: 1 }, goal)).toBe(0);
    // Half a bar down: the lower half of the bar and 75 of the stem's 90 still meet, and 15 x 30 of the stem's top.
    const lower = { position: [0.5, 0.5 + 15 / 512], angle: 0 } as const;
    expect(coverage(lower, goal)).toBeCloseTo((120 * 15 + 30 * 90) / 6300, 9);
    // Half a turn about the centre of mass: the bars part, the stem's rows -15 ... 15 meet (45 to 75 do not).
    const turned = { position: [0.5, 0.5], angle: Math.PI } as const;
    expect(coverage(turned, goal)).toBeCloseTo((30 * 30 + 2 * 30 * 30) / 6300, 9);
  });

  it('is the reward, in units of the 95 % that count as solved', () => {
    const environment = createEnvironment(fixed);
    environment.setState(offGoal(fixed, { pusher: 100, block: 9 }));
    const { reward } = environment.step([0, 0]);
    const { positions, angles } = environment.inspect().truth;
    const now = massPose(positions.block!, angles.block!);
    expect(reward).toBeCloseTo(coverage(now, massPose([0.5, 0.5], Math.PI / 4)) / 0.95, 9);
    expect(coverageReward(goal, { position: [0.5005, 0.5], angle: 0 })).toBe(1);
  });
});

describe('an episode', () => {
  it('starts with a pusher that moves, which the observation tells', () => {
    const environment = createEnvironment(pushT);
    const felt = Array.from({ length: 20 }, (_, seed) => {
      const { observation, info } = environment.reset({ seed });
      const [x, y, vx, vy] = observation.proprioception!;
      expect([x, y]).toEqual(Array.from(info.truth.positions.pusher!, Math.fround));
      return Math.hypot(vx!, vy!) * fieldSize;
    });
    expect(Math.max(...felt)).toBeGreaterThan(8);
    const { observation } = environment.step([0, 1]);
    expect(Array.from(observation.proprioception!)).toEqual(
      Array.from(environment.getState().slice(3, 7), Math.fround),
    );
  });

  it('has its goals within 25 steps of play, mostly with the T elsewhere', () => {
    const environment = createEnvironment(pushTStrict);
    const ways = Array.from({ length: 40 }, (_, seed) => {
      const { info, instruction } = environment.reset({ seed });
      expect(info.success).toBe(false);
      const [x, y] = info.truth.positions.block!;
      const [goalX, goalY] = instruction.targets.goal!;
      return Math.hypot(x - goalX, y - goalY) * fieldSize;
    });
    expect(ways.filter((way) => way > 20).length).toBeGreaterThan(25);
    expect(Math.max(...ways)).toBeLessThan(350);
  });

  it('has one future, bit for bit, from a state in the thick of it, wherever it is restored', () => {
    // Ends by its budget only.
    const restarting: TaskSpec = { ...pushT, success: { ...pushT.success, when: 'final-step' } };
    const used = createEnvironment(restarting);
    let moved = 0;
    for (let seed = 0; seed < 12; seed++) {
      const environment = createEnvironment(restarting);
      environment.reset({ seed });
      const play = createPushTPlay(createRng(seed, 'restarts'));
      const act = () => play.act(environment.inspect().truth);
      for (let i = 0; i < 10; i++) environment.step(act());
      const state = environment.getState();
      const before = environment.inspect().truth.positions.block!;
      const actions = Array.from({ length: 15 }, act);
      const outcome = (other: typeof environment) =>
        actions.map((action) => {
          const { observation, reward } = other.step(action);
          return [Array.from(other.getState().slice(3)), observation.frame.data.join(), reward];
        });
      const continued = outcome(environment);
      if (Math.hypot(before[0] - environment.inspect().truth.positions.block![0]) > 0.01) moved++;
      for (const other of [used, createEnvironment(restarting)]) {
        other.setState(state);
        expect(outcome(other)).toEqual(continued);
      }
    }
    expect(moved).toBeGreaterThan(3);
  });

  it('is solved by the expert, mostly', () => {
    const environment = createEnvironment(pushT);
    let solved = 0;
    for (let seed = 0; seed < 30; seed++) {
      environment.reset({ seed });
      for (;;) {
        const { terminated, truncated, info } = environment.step(pushTExpert(environment));
        if (!terminated && !truncated) continue;
        if (info.success) solved++;
        break;
      }
    }
    expect(solved).toBeGreaterThan(20);
  });
});

it.each([
  ['another shape', { objects: [{ name: 'block', shape: 'box', colour: 'blue' }] }, /one object, of shape 't'/],
  ['no object', { objects: [] }, /one object, of shape 't'/],
  [
    'a place to start at',
    { objects: [{ name: 'b', shape: 't', colour: 'blue', at: [0.5, 0.5] }] },
    /no place or angle/,
  ],
] as const)('refuses a scene with %s', (_, scene, message) => {
  expect(() => createEnvironment({ ...pushT, scene } as unknown as TaskSpec)).toThrow(message);
});

it('says where no play leads to', () => {
  const targets = { goal: { at: { x: [0, 0.01], y: [0, 0.01] }, angle: [-Math.PI, Math.PI] } };
  const task = { ...pushTStrict, scene: { ...pushTStrict.scene, targets } } as unknown as TaskSpec;
  expect(() => createEnvironment(task).reset({ seed: 0 })).toThrow(/no placement found/);
});
