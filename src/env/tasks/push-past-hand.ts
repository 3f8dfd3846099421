import type { TaskSpec } from '../../core/task.ts';

/** Push the object across the table, where a hand goes up and down between it and its goal. */
export const pushPastHand: TaskSpec = {
  id: 'push-past-hand',
  description: 'Push the object across the table, past a hand that moves up and down between it and its goal.',
  scene: {
    objects: [
      {
        name: 'object',
        shape: ['disc', 'box'],
        colour: ['red', 'blue', 'green', 'yellow', 'purple', 'orange'],
        at: { x: [0.16, 0.3], y: [0.25, 0.75] },
      },
    ],
    targets: { goal: { at: { x: [0.7, 0.84], y: [0.25, 0.75] } } },
    hands: [
      {
        name: 'hand',
        path: [
          { x: [0.42, 0.58], y: [0.06, 0.14] },
          { x: [0.42, 0.58], y: [0.86, 0.94] },
        ],
        speed: [0.02, 0.035],
      },
    ],
  },
  objective: [{ term: 'distance', of: 'object', to: 'goal', tolerance: 0.02 }],
  guardrails: [{ kind: 'moving-hand', hand: 'hand', distance: 0.05, slowWithin: 0.2 }],
  success: { all: [{ near: ['object', 'goal'], within: 0.05 }], when: 'final-step' },
  budgetSteps: 60,
};
