import { colourNames, type TaskSpec } from '../../core/task.ts';

/** Push an object to a place and turn it to a heading. */
export const pushToPose: TaskSpec = {
  id: 'push-to-pose',
  description: 'Push the object to a point 0.1 to 0.3 table widths away and turn it to any heading, within 15 degrees.',
  scene: {
    objects: [{ name: 'object', shape: ['box', 't'], colour: colourNames }],
    targets: { goal: { from: 'object', distance: [0.1, 0.3], angle: [-Math.PI, Math.PI] } },
  },
  objective: [{ term: 'pose', of: 'object', to: 'goal' }],
  success: { all: [{ pose: ['object', 'goal'], within: 0.05, withinAngle: Math.PI / 12 }], when: 'final-step' },
  budgetSteps: 60,
};
