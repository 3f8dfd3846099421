import { colourNames, type TaskSpec } from '../../core/task.ts';

/** Push the one object that is named to a point, between two others. */
export const pushOneOfThree: TaskSpec = {
  id: 'push-one-of-three',
  description: 'Push the named one of three objects to a point 0.2 to 0.5 table widths away.',
  scene: {
    objects: [
      { name: 'object', shape: ['disc', 'box', 't'], colour: colourNames },
      { name: 'other', shape: ['disc', 'box', 't', 'l'], colour: colourNames },
      { name: 'third', shape: ['disc', 'box', 't', 'l'], colour: colourNames },
    ],
    targets: { goal: { from: 'object', distance: [0.2, 0.5] } },
  },
  objective: [{ term: 'distance', of: 'object', to: 'goal' }],
  success: { all: [{ near: ['object', 'goal'], within: 0.05 }], when: 'final-step' },
  budgetSteps: 30,
};
