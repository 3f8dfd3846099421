import type { TaskSpec } from '../../core/task.ts';
import { fieldSize, referencePoint } from '../push-t/field.ts';

const scene: TaskSpec['scene'] = {
  objects: [{ name: 'block', shape: 't', colour: 'blue' }],
  targets: {
    // Where the T and the pusher are after 25 more steps of play, wherever that is.
    goal: { at: { x: [0, 1], y: [0, 1] }, angle: [-Math.PI, Math.PI] },
    rest: { at: { x: [0, 1], y: [0, 1] } },
  },
};

/** Both to where play had them 25 steps later: DINO-WM's and LeWorldModel's success, by first hit. */
export const pushT: TaskSpec = {
  id: 'push-t',
  description: 'Push the T to its goal pose and the pusher to its place: 20 units of 512 in all, 20 degrees.',
  world: 'push-t',
  scene,
  objective: [
    { term: 'pose', of: 'block', to: 'goal', tolerance: 0.01 },
    { term: 'distance', of: 'pusher', to: 'rest', tolerance: 0.01 },
  ],
  success: {
    all: [
      {
        pose: ['block', 'goal'],
        point: referencePoint,
        together: [['pusher', 'rest']],
        within: 20 / fieldSize,
        withinAngle: Math.PI / 9,
      },
    ],
    when: 'first-hit',
  },
  budgetSteps: 50,
};

/** The T alone, to half of that, and to stay there. */
export const pushTStrict: TaskSpec = {
  id: 'push-t-strict',
  description: 'Push the T to its goal pose, within 10 units of 512 and 10 degrees, for 3 steps.',
  world: 'push-t',
  scene: { ...scene, targets: { goal: scene.targets!.goal! } },
  objective: [{ term: 'pose', of: 'block', to: 'goal', tolerance: 0.005 }],
  success: {
    all: [{ pose: ['block', 'goal'], point: referencePoint, within: 10 / fieldSize, withinAngle: Math.PI / 18 }],
    when: 'first-hit',
    holdSteps: 3,
  },
  budgetSteps: 50,
};
