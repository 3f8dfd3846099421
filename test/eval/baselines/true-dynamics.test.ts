import type { Point } from '../../../src/core/task.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { taskById } from '../../../src/env/registry.ts';
import { createTrueDynamics, type TruePresent } from '../../../src/eval/baselines/true-dynamics.ts';

const horizon = 6;

/** An episode's start, and candidates [S, H, A] that head for a point at full speed. */
function begin(taskId: string, seed: number) {
  const environment = createEnvironment(taskById(taskId));
  const { instruction, info } = environment.reset({ seed });
  const present: TruePresent = { state: environment.getState(), instruction, stepsLeft: 30, focus: null };
  const pusher = info.truth.positions.pusher!;
  const towards = ([x, y]: Point): number[] => {
    const length = Math.hypot(x - pusher[0], y - pusher[1]);
    const step = [(x - pusher[0]) / length, (y - pusher[1]) / length];
    return Array.from({ length: horizon }, () => step).flat();
  };
  return { environment, present, pusher, towards };
}

const still = new Array<number>(2 * horizon).fill(0);

describe('createTrueDynamics', () => {
  it('ranks the way to the goal before rest before the way off, and leaves the state as it was', async () => {
    const { environment, present, pusher, towards } = begin('reach', 3);
    const goal = present.instruction.targets.goal!;
    const away: Point = [2 * pusher[0] - goal[0], 2 * pusher[1] - goal[1]];
    const dynamics = createTrueDynamics({
      scratch: createEnvironment(taskById('reach')),
      guarded: true,
      horizon,
      blockLength: 1,
    });
    const candidates = Float32Array.from([...towards(goal), ...still, ...towards(away)]);
    const { cost, violation } = await dynamics.scorer([present]).score(candidates, 3);
    expect(cost[0]).toBeLessThan(cost[1]!);
    expect(cost[1]).toBeLessThan(cost[2]!);
    expect(Array.from(violation)).toEqual([0, 0, 0]);
    expect(environment.getState()).toEqual(present.state);
    await dynamics.dispose();
  });

  it.each([
    [true, 'counts'],
    [false, 'overlooks'],
  ])('guarded: %p %s the steps in which the simulator sees a guardrail broken', async (guarded) => {
    const { present, towards } = begin('push-around', 2);
    const [zone] = present.instruction.guardrails;
    if (zone?.kind !== 'keep-out' || !('centre' in zone.region)) throw new Error('push-around has a round zone');
    const scratch = createEnvironment(taskById('push-around'));
    const dynamics = createTrueDynamics({ scratch, guarded, horizon, blockLength: 1 });
    const candidates = Float32Array.from([...towards(zone.region.centre), ...still]);
    const { violation } = await dynamics.scorer([present]).score(candidates, 2);
    expect(violation[0]! > 0).toBe(guarded);
    expect(violation[1]).toBe(0);
    await dynamics.dispose();
  });

  it('foresees what the simulator does, block by block, and stops where the episode ends', () => {
    const { environment, present, towards } = begin('reach', 5);
    const dynamics = createTrueDynamics({
      scratch: createEnvironment(taskById('reach')),
      guarded: true,
      horizon: 3,
      blockLength: 2,
    });
    const actions = Float32Array.from(towards([0.5, 0.5]).slice(0, 6));
    const places = [environment.inspect().truth.positions.pusher!];
    for (let step = 0; step < 3; step++)
      places.push(environment.step(actions.subarray(0, 2)).info.truth.positions.pusher!);
    const foreseen = dynamics.foresee({ ...present, stepsLeft: 3 }, actions).map(([pusher]) => pusher);
    expect(foreseen).toEqual([places[0], places[2], places[3], places[3]].map((place) => place!.map(Math.fround)));
  });
});
