import type { TaskSpec } from '../../core/task.ts';

/** Move the pusher to a point, around the object that is in the way or not. */
export const reach: TaskSpec = {
  id: 'reach',
  description: 'Move the pusher to a point at least 0.2 table widths away.',
  scene: {
    objects: [
      { name: 'object', shape: ['disc', 'box'], colour: ['red', 'blue', 'green', 'yellow', 'purple', 'orange'] },
    ],
    targets: { goal: { from: 'pusher', distance: [0.2, 0.8] } },
  },
  objective: [{ term: 'distance', of: 'pusher', to: 'goal' }],
  success: { all: [{ near: ['pusher', 'goal'], within: 0.05 }], when: 'final-step' },
  budgetSteps: 15,
};
