import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../../../src/core/contracts.ts';
import { createRng } from '../../../src/core/rng.ts';
import type { TaskSpec } from '../../../src/core/task.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { createPlayPolicy } from '../../../src/env/tabletop/play-policy.ts';
import { pushToGoal } from '../../../src/env/tasks/push-to-goal.ts';
import { compileSources } from '../../support/compile-sources.ts';

const crowd: TaskSpec = {
  id: 'crowd',
  scene: {
    objects: [
      { name: 'a', shape: 't', colour: 'red' },
      { name: 'b', shape: 'l', colour: 'blue' },
      { name: 'c', shape: 'box', colour: 'green' },
      { name: 'd', shape: 'disc', colour: 'yellow' },
    ],
    targets: { goal: { from: 'a', distance: [0.2, 0.6] } },
  },
  objective: [{ term: 'distance', of: 'a', to: 'goal' }],
  success: { all: [{ near: ['a', 'goal'], within: 0.02 }], when: 'final-step' },
  budgetSteps: 40,
};

const episodes = 30;
const restartsPerEpisode = 4;
const futureSteps = 8;

/** A moment in the middle of play, what was done from there on, and what came of it. */
interface Moment {
  readonly state: readonly number[];
  readonly actions: readonly (readonly number[])[];
  readonly outcome: string;
  readonly moved: boolean;
}

/** All bits of what a future shows: states and frames. */
function outcomeOf(environment: Environment, actions: readonly ArrayLike<number>[]): string {
  const hash = createHash('sha256');
  for (const action of actions) {
    const { observation } = environment.step(action);
    hash.update(new Uint8Array(environment.getState().buffer)).update(observation.frame.data);
  }
  return hash.digest('hex');
}

/** Episodes played without a break, with moments taken out of them. */
function collect(task: TaskSpec): Moment[] {
  const moments: Moment[] = [];
  for (let seed = 0; seed < episodes; seed++) {
    const environment = createEnvironment(task);
    environment.reset({ seed });
    const policy = createPlayPolicy(createRng(seed, 'restart'));
    const states: Float64Array[] = [environment.getState()];
    const positions: string[] = [];
    const actions: Float32Array[] = [];
    const shown: Uint8Array[] = [];
    for (let t = 0; t < task.budgetSteps; t++) {
      const { pusher, ...objects } = environment.inspect().truth.positions;
      positions.push(JSON.stringify(objects));
      actions.push(policy.act(environment.inspect().truth));
      shown.push(environment.step(actions[t]!).observation.frame.data);
      states.push(environment.getState());
    }
    for (let k = 0; k < restartsPerEpisode; k++) {
      const t = k * Math.floor((task.budgetSteps - futureSteps - 1) / (restartsPerEpisode - 1));
      const hash = createHash('sha256');
      for (let u = t; u < t + futureSteps; u++) {
        hash.update(new Uint8Array(states[u + 1]!.buffer)).update(shown[u]!);
      }
      moments.push({
        state: [...states[t]!],
        actions: actions.slice(t, t + futureSteps).map((action) => [...action]),
        outcome: hash.digest('hex'),
        moved: positions[t] !== positions[t + futureSteps],
      });
    }
  }
  return moments;
}

const compiled = compileSources('src/core', 'src/env');
afterAll(() => rmSync(compiled, { recursive: true }));

describe.each([pushToGoal, crowd])('a state of $id', (task) => {
  const moments = collect(task);

  it('comes from the thick of it: objects are pushed in most of the futures', () => {
    expect(moments).toHaveLength(episodes * restartsPerEpisode);
    expect(moments.filter(({ moved }) => moved).length).toBeGreaterThan(moments.length / 2);
  });

  it('has one future, bit for bit, in an environment that was elsewhere and in a new one', () => {
    const used = createEnvironment(task);
    const failed = moments.filter(({ state, actions, outcome }) => {
      const fresh = createEnvironment(task);
      return [used, fresh].some((environment) => {
        environment.setState(Float64Array.from(state));
        return outcomeOf(environment, actions) !== outcome;
      });
    });
    expect(failed).toEqual([]);
  });

  it('has the same future in a process of its own', () => {
    const source = pathToFileURL(join(compiled, 'src/env/create-environment.js')).href;
    const program = `
      import { createHash } from 'node:crypto';
      import { readFileSync } from 'node:fs';
      import { createEnvironment } from ${JSON.stringify(source)};
      const { task, moments } = JSON.parse(readFileSync(0, 'utf8'));
      const outcomeOf = ${outcomeOf.toString()};
      const environment = createEnvironment(task);
      const outcomes = moments.map(({ state, actions }) => {
        environment.setState(Float64Array.from(state));
        return outcomeOf(environment, actions);
      });
      process.stdout.write(JSON.stringify(outcomes));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      input: JSON.stringify({ task, moments }),
      maxBuffer: 1 << 26,
    });
    expect(JSON.parse(output.toString())).toEqual(moments.map(({ outcome }) => outcome));
  });
});
