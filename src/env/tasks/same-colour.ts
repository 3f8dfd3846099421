import { colourNames, type TaskSpec } from '../../core/task.ts';

/** Push one of two objects that look alike: which one is told by where it starts. */
export const sameColour: TaskSpec = {
  id: 'same-colour',
  description: 'Push one of two objects of the same colour, named by where it starts, to a point 0.2 to 0.5 away.',
  scene: {
    objects: [
      { name: 'object', shape: ['disc', 'box', 't'], colour: colourNames, knownBy: 'place' },
      { name: 'twin', shape: ['disc', 'box', 't'], colour: { sameAs: 'object' }, knownBy: 'place' },
    ],
    targets: { goal: { from: 'object', distance: [0.2, 0.5] } },
  },
  objective: [{ term: 'distance', of: 'object', to: 'goal' }],
  success: { all: [{ near: ['object', 'goal'], within: 0.05 }], when: 'final-step' },
  budgetSteps: 30,
};
