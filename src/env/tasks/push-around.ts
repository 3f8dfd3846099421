import type { TaskSpec } from '../../core/task.ts';

/** Push the object to a point, where the straight way leads through a region that nothing may enter. */
export const pushAround: TaskSpec = {
  id: 'push-around',
  description: 'Push the object to a point 0.38 to 0.5 table widths away, around a zone midway that nothing may enter.',
  scene: {
    objects: [
      { name: 'object', shape: ['disc', 'box'], colour: ['red', 'blue', 'green', 'yellow', 'purple', 'orange'] },
    ],
    targets: {
      goal: { from: 'object', distance: [0.38, 0.5] },
      midway: { between: ['object', 'goal'] },
    },
  },
  objective: [{ term: 'distance', of: 'object', to: 'goal', tolerance: 0.02 }],
  guardrails: [
    { kind: 'keep-out', who: 'pusher', region: { centre: 'midway', radius: 0.08 } },
    { kind: 'keep-out', who: 'objects', region: { centre: 'midway', radius: 0.08 } },
  ],
  success: { all: [{ near: ['object', 'goal'], within: 0.05 }], when: 'final-step' },
  budgetSteps: 45,
};
