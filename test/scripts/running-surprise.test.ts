import { lookAgain, momentsOf, runningSteps, type StepRecord } from '../../scripts/surprise/running-surprise.ts';
import { createTabletop } from '../../src/env/tabletop/environment.ts';
import { pushToGoal } from '../../src/env/tasks/push-to-goal.ts';
import type { StepExpectations } from '../../src/eval/physics/expect-steps.ts';
import type { RecordedStep, Recording } from '../../src/eval/recording.ts';

const steps = 8;
const frames = steps + 3;

/** Sees the object go 1/4 of a table width to the right at each frame, and is surprised by as much as the step's number. */
const onlooker: StepExpectations = {
  async see(shown) {
    expect(shown).toHaveLength(frames);
    return { frames, latents: Float32Array.from({ length: frames * 4 }, (_, i) => (i % 4 === 2 ? (i - 2) / 4 : 0)) };
  },
  async surprise(_, actions) {
    expect(actions).toHaveLength(frames - 1);
    return actions.map((_action, t) => [t, 3 * t]);
  },
  async dispose() {},
};

function recordingOf(violations: readonly number[], unsafe: readonly number[]): Recording {
  const table = createTabletop({ task: pushToGoal });
  const { instruction } = table.reset({ seed: 1 });
  const initialState = table.getState();
  const recorded = Array.from({ length: steps }, (_, t): RecordedStep => {
    table.step([0.1, 0]);
    return {
      action: Float32Array.of(0.1, 0),
      imagined: { violation: unsafe.includes(t) ? 1 : 0 } as RecordedStep['imagined'],
      unable: false,
      state: table.getState(),
      violations: violations.includes(t) ? ['keep-out'] : [],
      distance: 0,
    };
  });
  return { task: pushToGoal, seed: 1, policy: 'agent', instruction, success: false, initialState, steps: recorded };
}

test('surprise runs over the last steps; what comes is what is broken from now on', async () => {
  const records = await lookAgain(recordingOf([3], [4]), onlooker, frames);
  expect(records).toHaveLength(steps - runningSteps);
  // Before step 3: steps 0, 1 and 2, of things that surprise by t and 3 t.
  expect(records[0]).toEqual({
    surprise: 2,
    objects: 3,
    motion: 0.75,
    saidSafe: true,
    broken: false,
    comes: true,
  });
  expect(records.map(({ comes }) => comes)).toEqual([true, false, false, false, false]);
  expect(records.map(({ broken }) => broken)).toEqual([false, true, false, false, false]);
  expect(records.map(({ saidSafe }) => saidSafe)).toEqual([true, false, true, true, true]);
});

test('a violation within five steps counts, one after them does not', async () => {
  const records = await lookAgain(recordingOf([7], []), onlooker, frames);
  expect(records.map(({ comes }) => comes)).toEqual([true, true, true, true, true]);
  const far = await lookAgain(recordingOf([], []), onlooker, frames);
  expect(far.some(({ comes }) => comes)).toBe(false);
});

test('moments at which a guardrail was just broken are left out, and plans that seemed unsafe where plans are judged', () => {
  const step = (broken: boolean, saidSafe: boolean, surprise: number): StepRecord => ({
    ...{ broken, saidSafe, surprise, objects: 0, motion: 0 },
    comes: broken,
  });
  const episodes = [[step(false, true, 1), step(false, false, 2), step(true, true, 3)]];
  expect(momentsOf(episodes, 'violation', 'surprise')[0]!.map(({ score }) => score)).toEqual([1, 2]);
  expect(momentsOf(episodes, 'false-safe plan', 'surprise')[0]!.map(({ score }) => score)).toEqual([1]);
});
