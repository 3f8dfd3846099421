import type { TaskSpec } from '../../../src/core/task.ts';
import { createTabletop } from '../../../src/env/tabletop/environment.ts';
import { tabletopExpert } from '../../../src/env/tabletop/expert.ts';
import { pushToGoal } from '../../../src/env/tasks/push-to-goal.ts';
import { reach } from '../../../src/env/tasks/reach.ts';

const episodes = 60;

function successes(task: TaskSpec): number {
  const environment = createTabletop({ task });
  let count = 0;
  for (let seed = 0; seed < episodes; seed++) {
    let { info } = environment.reset({ seed });
    for (let t = 0; t < task.budgetSteps; t++) info = environment.step(tabletopExpert(environment)).info;
    if (info.success) count++;
  }
  return count;
}

function withShape(shape: 'disc' | 'box'): TaskSpec {
  const objects = pushToGoal.scene.objects.map((object) => ({ ...object, shape }));
  return { ...pushToGoal, scene: { ...pushToGoal.scene, objects } };
}

describe('the expert of the table', () => {
  // Measured over 400: reach and disc all, box 394.
  it('reaches', () => expect(successes(reach)).toBe(episodes));
  it('pushes a disc to its goal', () => expect(successes(withShape('disc'))).toBe(episodes));
  it('pushes a box to its goal', () => expect(successes(withShape('box'))).toBeGreaterThanOrEqual(57));

  it('looks and does not touch', () => {
    const environment = createTabletop({ task: pushToGoal });
    environment.reset({ seed: 0 });
    const before = environment.getState();
    const first = tabletopExpert(environment);
    expect(tabletopExpert(environment)).toEqual(first);
    expect(environment.getState()).toEqual(before);
    expect(environment.actionSpace.contains(first)).toBe(true);
  });

  it('rests where success names nobody', () => {
    const environment = createTabletop({ task: { ...pushToGoal, success: { all: [], when: 'final-step' } } });
    environment.reset({ seed: 0 });
    expect(tabletopExpert(environment)).toEqual(new Float32Array(2));
  });
});
