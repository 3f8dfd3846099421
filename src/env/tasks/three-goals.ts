import { colourNames, type TaskSpec } from '../../core/task.ts';

/** Push three objects, each to a point of its own. */
export const threeGoals: TaskSpec = {
  id: 'three-goals',
  description: 'Push three objects to a point each, 0.15 to 0.3 table widths away.',
  scene: {
    objects: [
      { name: 'first', shape: ['disc', 'box'], colour: colourNames },
      { name: 'second', shape: ['disc', 'box'], colour: colourNames },
      { name: 'third', shape: ['disc', 'box'], colour: colourNames },
    ],
    targets: {
      'first-goal': { from: 'first', distance: [0.15, 0.3] },
      'second-goal': { from: 'second', distance: [0.15, 0.3] },
      'third-goal': { from: 'third', distance: [0.15, 0.3] },
    },
  },
  objective: [
    { term: 'distance', of: 'first', to: 'first-goal' },
    { term: 'distance', of: 'second', to: 'second-goal' },
    { term: 'distance', of: 'third', to: 'third-goal' },
  ],
  success: {
    all: [
      { near: ['first', 'first-goal'], within: 0.05 },
      { near: ['second', 'second-goal'], within: 0.05 },
      { near: ['third', 'third-goal'], within: 0.05 },
    ],
    when: 'final-step',
  },
  budgetSteps: 60,
};
