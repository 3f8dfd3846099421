import type { TaskSpec } from '../../core/task.ts';

/** Through the door into the other room, by goal picture: eb_jepa's benchmark. */
export const twoRooms: TaskSpec = {
  id: 'two-rooms',
  description: 'Move the dot through the door to a point in the other room; wall and door are anywhere.',
  world: 'two-rooms',
  scene: {
    objects: [],
    // Anywhere in the room that the dot does not start in.
    targets: { goal: { at: { x: [0, 1], y: [0, 1] } } },
  },
  objective: [{ term: 'goal-image', steps: 'last' }],
  success: { all: [{ near: ['pusher', 'goal'], within: 4.5 / 65 }], when: 'final-step' },
  budgetSteps: 200,
};
