import { colourNames, type TaskSpec } from '../../core/task.ts';

/** Push two objects into one place, where they must not be in each other's way. */
export const bothInRegion: TaskSpec = {
  id: 'both-in-region',
  description: 'Push two objects into a disc of radius 0.16, from 0.22 to 0.5 table widths away.',
  scene: {
    objects: [
      { name: 'one', shape: ['disc', 'box'], colour: colourNames },
      { name: 'other', shape: ['disc', 'box'], colour: colourNames },
    ],
    targets: { place: { from: ['one', 'other'], distance: [0.22, 0.5] } },
  },
  objective: [{ term: 'inside', object: ['one', 'other'], region: { centre: 'place', radius: 0.16 } }],
  success: { all: [{ inside: [['one', 'other'], { centre: 'place', radius: 0.16 }] }], when: 'final-step' },
  budgetSteps: 45,
};
