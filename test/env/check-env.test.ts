import ndarray from 'ndarray';
import type { Environment, Frame, StepResult } from '../../src/core/contracts.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { checkEnvironment } from '../../src/env/check-env.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { registeredTasks } from '../../src/env/registry.ts';
import { twoRooms } from '../../src/env/tasks/two-rooms.ts';

describe.each(registeredTasks)('the registered task $id', (task) => {
  it('keeps the contract of environments', () => {
    expect(checkEnvironment(() => createEnvironment(task))).toEqual([]);
  });
});

const task: TaskSpec = { ...twoRooms, budgetSteps: 20 };

/** A sound environment with one part replaced. */
type Fault = (sound: Environment) => Partial<Environment>;

function planted(fault: Fault): string[] {
  return checkEnvironment(() => {
    const sound = createEnvironment(task);
    const properties = Object.getOwnPropertyDescriptors(sound);
    return Object.defineProperties(
      {},
      { ...properties, ...Object.getOwnPropertyDescriptors(fault(sound)) },
    ) as Environment;
  });
}

const withStep = (change: (result: StepResult, action: ArrayLike<number>) => Partial<StepResult>): Fault => {
  return (sound) => ({
    step(action) {
      const result = sound.step(action);
      return { ...result, ...change(result, action) };
    },
  });
};

let chance = 0;

const faults: readonly { problem: string; fault: Fault }[] = [
  {
    problem: 'same seed: two resets with seed 0 differ',
    fault: (sound) => ({ reset: ({ seed }) => sound.reset({ seed: seed + chance++ }) }),
  },
  {
    problem: 'same seed: two episodes with seed 0 and the same actions differ',
    fault: withStep(({ info }) => ({ info: { ...info, violations: [`noise ${chance++}`] } })),
  },
  {
    problem: 'other seeds: four seeds give the same start',
    fault: (sound) => ({ reset: () => sound.reset({ seed: 1 }) }),
  },
  {
    problem: 'not bytes of the declared shape',
    fault: () => ({ frameShape: [64, 64, 3] }),
  },
  {
    problem: 'a reward is not within the declared range [0, 1]',
    fault: () => ({ rewardRange: [0, 1] }),
  },
  {
    problem: 'not clipped',
    fault: (sound) => ({
      actionSpace: { ...sound.actionSpace, clip: (value) => Float32Array.from(value, (v) => v / 20) },
    }),
  },
  {
    problem: 'information: a reward is not minus the distance left',
    fault: withStep(({ reward }) => ({ reward: reward + 1 })),
  },
  {
    problem: 'information: a true position, angle, target or distance is not finite',
    fault: withStep(({ info }) => ({ info: { ...info, truth: { ...info.truth, angles: { pusher: Number.NaN } } } })),
  },
  {
    problem: 'inspect() disagrees',
    fault: (sound) => ({ inspect: () => ({ ...sound.inspect(), distance: 9 }) }),
  },
  {
    problem: 'memory: two frames share one buffer',
    fault: (sound) => {
      const shared = ndarray(new Uint8Array(65 * 65 * 2), [65, 65, 2]) as Frame;
      return withStep(({ observation }) => {
        shared.data.set(observation.frame.data);
        return { observation: { frame: shared } };
      })(sound);
    },
  },
  {
    problem: 'spaces: some observations have proprioception, others not',
    fault: withStep(({ observation: { frame } }) => ({ observation: { frame, proprioception: new Float32Array(4) } })),
  },
  {
    problem: 'spaces: a proprioception is not 4 finite numbers',
    fault: withStep(({ observation: { frame } }) => ({ observation: { frame, proprioception: Float32Array.of(0) } })),
  },
  {
    problem: 'memory: two proprioceptions share one buffer',
    fault: (sound) => {
      const shared = new Float32Array(4);
      return {
        reset(options) {
          const start = sound.reset(options);
          return { ...start, observation: { ...start.observation, proprioception: shared } };
        },
        step(action) {
          const result = sound.step(action);
          return { ...result, observation: { ...result.observation, proprioception: shared } };
        },
      };
    },
  },
  {
    problem: 'memory: writing into a returned state changes the environment',
    fault: (sound) => {
      let state: Float64Array | null = null;
      return {
        getState: () => {
          state ??= sound.getState();
          return state;
        },
      };
    },
  },
  {
    problem: 'memory: a step writes into the action',
    fault: (sound) => ({
      step(action) {
        (action as Float32Array).set(sound.actionSpace.clip(action));
        return sound.step(action);
      },
    }),
  },
  {
    problem: 'snapshot and restore: setState(getState()) changes the state',
    fault: (sound) => ({
      setState: (state) => sound.setState(state.map((value, i) => (i === 5 ? value + 1e-9 : value))),
    }),
  },
  {
    problem: 'snapshot and restore: a restored state has another future, in the same environment',
    fault: (sound) => {
      // Something that decides the future and is not in the state.
      let age = 0;
      return withStep(({ info }) => ({ info: { ...info, violations: ++age % 7 === 0 ? ['moody'] : [] } }))(sound);
    },
  },
  {
    problem: 'snapshot and restore: a restored state has another future, in a new environment',
    fault: (sound) => {
      let everReset = false;
      return {
        reset(options) {
          everReset = true;
          return sound.reset(options);
        },
        step(action) {
          return everReset ? sound.step(action) : sound.step(Float32Array.from(action, (a) => a / 2));
        },
      };
    },
  },
  {
    problem: 'ends of episodes: truncated after 19 steps of a budget of 20',
    fault: (sound) => {
      let steps = 0;
      return {
        reset(options) {
          steps = 0;
          return sound.reset(options);
        },
        step(action) {
          const result = sound.step(action);
          return { ...result, truncated: result.truncated || ++steps === 19 };
        },
      };
    },
  },
  {
    problem: 'ends of episodes: a step after the end is not refused',
    fault: (sound) => {
      let last: StepResult | null = null;
      return {
        step(action) {
          if (last?.truncated) return last;
          last = sound.step(action);
          return last;
        },
      };
    },
  },
  {
    problem: 'ends of episodes: terminated without success',
    fault: withStep(({ truncated }) => ({ terminated: truncated })),
  },
  {
    problem: 'bad calls: an action that is too short is not refused',
    fault: (sound) => ({ step: (action) => sound.step([action[0] ?? 0, action[1] ?? 0]) }),
  },
  {
    problem: 'bad calls: an action that is not a number is not refused',
    fault: (sound) => ({ step: (action) => sound.step(Float32Array.from(action, (a) => (Number.isNaN(a) ? 0 : a))) }),
  },
  {
    problem: 'bad calls: a state that is too short is not refused',
    fault: (sound) => ({
      setState(state) {
        if (state.length === sound.getState().length) sound.setState(state);
      },
    }),
  },
  {
    problem: 'rendering: render(48) is not bytes [48, 48, 3]',
    fault: (sound) => ({ render: () => sound.render(97) }),
  },
  {
    problem: 'information: the environment threw "out of order"',
    fault: () => ({
      inspect() {
        throw new Error('out of order');
      },
    }),
  },
];

describe('a planted fault', () => {
  it('is needed: without one there is no problem', () => {
    expect(planted(() => ({}))).toEqual([]);
  });

  it.each(faults)('is found: $problem', ({ problem, fault }) => {
    expect(planted(fault)).toContainEqual(expect.stringContaining(problem));
  });
});
