import type { TaskSpec } from '../../core/task.ts';

/** Push one object, a disc, a box or a T, to a point. */
export const pushToGoal: TaskSpec = {
  id: 'push-to-goal',
  description: 'Push the object to a point 0.2 to 0.5 table widths away.',
  scene: {
    objects: [
      { name: 'object', shape: ['disc', 'box', 't'], colour: ['red', 'blue', 'green', 'yellow', 'purple', 'orange'] },
    ],
    targets: { goal: { from: 'object', distance: [0.2, 0.5] } },
  },
  objective: [{ term: 'distance', of: 'object', to: 'goal', tolerance: 0.02 }],
  success: { all: [{ near: ['object', 'goal'], within: 0.05 }], when: 'final-step' },
  budgetSteps: 30,
};
