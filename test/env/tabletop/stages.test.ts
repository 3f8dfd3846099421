import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Environment } from '../../../src/core/contracts.ts';
import type { TaskSpec } from '../../../src/core/task.ts';
import { parseTask } from '../../../src/cost/task-schema.ts';
import { checkEnvironment } from '../../../src/env/check-env.ts';
import { createEnvironment } from '../../../src/env/create-environment.ts';
import { tabletopExpert } from '../../../src/env/tabletop/expert.ts';
import { findTroubles } from '../../../src/env/tabletop/find-troubles.ts';
import { repositoryRoot } from '../../support/source-imports.ts';

const file = join(repositoryRoot, 'examples/follow-way-points.yaml');
/** Without the cone, which the expert does not walk around. */
const task: TaskSpec = {
  ...parseTask(parse(readFileSync(file, 'utf8')), file),
  scene: {
    objects: [],
    targets: {
      first: { at: { x: [0.1, 0.35], y: [0.1, 0.35] } },
      second: { at: { x: [0.65, 0.9], y: [0.1, 0.35] } },
      third: { at: { x: [0.65, 0.9], y: [0.65, 0.9] } },
    },
  },
  guardrails: [],
};

/** Goes on for so many steps, to the places in this order, and returns the distance left after each. */
function walk(environment: Environment, ways: readonly string[], steps: number): number[] {
  const left = [...ways];
  return Array.from({ length: steps }, () => {
    const { positions, targets } = environment.inspect().truth;
    const [x, y] = positions.pusher!;
    const arrived = () => Math.hypot(targets[left[0]!]![0] - x, targets[left[0]!]![1] - y) < 0.02;
    while (left.length > 1 && arrived()) left.shift();
    const to = targets[left[0]!]!;
    const reach = Math.max(0.08, Math.abs(to[0] - x), Math.abs(to[1] - y));
    return environment.step([(to[0] - x) / reach, (to[1] - y) / reach]).info.distance;
  });
}

test('a task in stages keeps the contract of environments: its state knows what has passed', () => {
  expect(checkEnvironment(() => createEnvironment(task))).toEqual([]);
});

test('is solved by passing all places in their order, and not by being at the last', () => {
  const { budgetSteps } = task;
  const inOrder = createEnvironment(task);
  inOrder.reset({ seed: 1 });
  expect(walk(inOrder, ['first', 'second', 'third'], budgetSteps).at(-1)).toBeLessThan(0.05);
  expect(inOrder.inspect().success).toBe(true);

  const outOfOrder = createEnvironment(task);
  outOfOrder.reset({ seed: 1 });
  const distances = walk(outOfOrder, ['second', 'first', 'third'], budgetSteps);
  expect(outOfOrder.inspect().success).toBe(false);
  // What is left is the way back to the second.
  expect(distances.at(-1)).toBeGreaterThan(0.3);
});

test('what has passed is in the state, and goes with it into another environment', () => {
  const first = createEnvironment(task);
  first.reset({ seed: 2 });
  walk(first, ['first'], 20);
  const second = createEnvironment(task);
  second.setState(first.getState());
  expect(second.inspect()).toEqual(first.inspect());
  expect(walk(second, ['second', 'third'], 25)).toEqual(walk(first, ['second', 'third'], 25));
  expect(second.inspect().success).toBe(true);
});

test('the agent is told the stages, with the numbers of the episode, and not how far it has come', () => {
  const environment = createEnvironment(task);
  const { instruction } = environment.reset({ seed: 3 });
  expect(instruction.stages).toEqual(task.stages);
  expect(Object.keys(instruction.targets)).toEqual(['first', 'second', 'third']);
});

test('the expert goes from stage to stage', () => {
  for (let seed = 0; seed < 5; seed++) {
    const environment = createEnvironment(task);
    environment.reset({ seed });
    for (let step = 0; step < task.budgetSteps; step++) environment.step(tabletopExpert(environment));
    expect(environment.inspect().success).toBe(true);
  }
});

test('terms of one stage that want different things are found; of two stages they are none', () => {
  const to = (x: number) => ({ term: 'distance', of: 'pusher', to: [x, 0.5] }) as const;
  const both = { ...task, objective: [to(0.2), to(0.8)] };
  expect(findTroubles(both, 3)).toEqual([
    { severity: 'warning', message: "the objective wants 'pusher' at [0.2,0.5] and at [0.8,0.5] at once" },
  ]);
  expect(findTroubles({ ...task, stages: [[to(0.2)]], objective: [to(0.8)] }, 3)).toEqual([]);
  const region = { term: 'inside', object: 'pusher', region: { x: [0.1, 0.3], y: [0.4, 0.6] } } as const;
  expect(findTroubles({ ...task, objective: [to(0.2), region] }, 3)).toEqual([]);
});

test('a stage that cannot be reached is found, and one that the agent is not told of', () => {
  const stage = (within: number) => [[{ near: ['pusher', [0.01, 0.01]] as const, within }]];
  const unreachable = { ...task, success: { ...task.success, after: stage(0.012) } };
  expect(findTroubles(unreachable, 3)).toEqual([
    { severity: 'error', message: expect.stringMatching(/^'pusher' can't be within 0\.012 of \[0\.01,0\.01\]/) },
  ]);
  const cup = { name: 'cup', shape: 'disc', colour: 'red' } as const;
  const untold = {
    ...task,
    scene: { ...task.scene, objects: [cup] },
    success: { ...task.success, after: [[{ near: ['cup', [0.5, 0.5]] as const, within: 0.05 }]] },
  };
  expect(findTroubles(untold, 3)).toContainEqual({
    severity: 'warning',
    message: "success asks something of 'cup', and the objective says nothing of it",
  });
});
