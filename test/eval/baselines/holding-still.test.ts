import { createEnvironment } from '../../../src/env/create-environment.ts';
import { taskById } from '../../../src/env/registry.ts';
import { bodyStateSize } from '../../../src/env/tabletop/rigid-body.ts';
import { createOraclePolicy } from '../../../src/eval/baselines/oracle.ts';

/** The action of the planner with true dynamics, where each object has been put where success wants it, `off` by some. */
async function actionWhenDone(taskId: string, off: number): Promise<number[]> {
  const task = taskById(taskId);
  const environment = createEnvironment(task);
  const { instruction } = environment.reset({ seed: 3 });
  const state = environment.getState();
  const bodies = state.length - instruction.entities.length * bodyStateSize;
  for (const term of instruction.objective) {
    if (term.term !== 'distance' && term.term !== 'pose') throw new Error(`no place known for a ${term.term} term`);
    const slot = instruction.entities.findIndex(({ name }) => name === term.of);
    const [x, y] = instruction.targets[term.to as string]!;
    const angle = term.term === 'pose' ? [term.angle + off] : [];
    state.set([x + off, y, ...angle], bodies + slot * bodyStateSize);
  }
  environment.setState(state);
  const oracle = createOraclePolicy({ task, createEnvironment });
  oracle.attach([environment]);
  await oracle.begin([{ instruction, seed: 1 }]);
  const [decision] = await oracle.act([{ frame: environment.render(8) }]);
  await oracle.dispose?.();
  return [...decision!.action];
}

// Doing nothing is the first candidate and no other is better than one that costs nothing.
test.each(['push-to-goal', 'three-goals', 'push-to-pose', 'reach'])(
  'once %s is done, nothing is done',
  async (task) => {
    expect(await actionWhenDone(task, 0)).toEqual([0, 0]);
    expect(await actionWhenDone(task, 0.015)).toEqual([0, 0]);
  },
);

test.each(['push-to-goal', 'three-goals', 'push-to-pose'])('%s is not done yet a little further off', async (task) => {
  expect(await actionWhenDone(task, 0.06)).not.toEqual([0, 0]);
});
