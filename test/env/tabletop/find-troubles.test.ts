import type { ObjectSpec, TaskSpec } from '../../../src/core/task.ts';
import { registeredTasks, taskById } from '../../../src/env/registry.ts';
import { findTroubles } from '../../../src/env/tabletop/find-troubles.ts';
import { inscribedRadius } from '../../../src/env/tabletop/places.ts';
import { createShape, discRadius, pusherRadius } from '../../../src/env/tabletop/shapes.ts';

const tabletop = registeredTasks.filter(({ world = 'tabletop' }) => world === 'tabletop');

test.each(tabletop)('nothing is wrong with $id', (task) => {
  expect(findTroubles(task, 5)).toEqual([]);
});

const cup: ObjectSpec = { name: 'cup', shape: 'disc', colour: 'red', at: { x: [0.4, 0.6], y: [0.4, 0.6] } };
const can: ObjectSpec = { name: 'can', shape: 'disc', colour: 'blue', at: { x: [0.1, 0.3], y: [0.1, 0.9] } };
const corner = { x: [0.7, 0.95], y: [0.7, 0.95] } as const;

/** A task about a cup and a can whose success and objective say the same. */
function wanting(all: TaskSpec['success']['all'], rest: Partial<TaskSpec> = {}): TaskSpec {
  return {
    id: 'wanting',
    scene: { objects: [cup, can] },
    objective: [
      { term: 'distance', of: 'cup', to: [0.5, 0.5] },
      { term: 'distance', of: 'can', to: [0.5, 0.5] },
      { term: 'distance', of: 'pusher', to: [0.5, 0.5] },
    ],
    success: { all, when: 'final-step' },
    budgetSteps: 30,
    ...rest,
  };
}

const impossible: readonly (readonly [what: string, task: TaskSpec, message: string])[] = [
  [
    'a region along the edge, which only points fit into',
    wanting([{ inside: ['cup', { x: [0, 0.05], y: [0, 1] }] }]),
    "'cup' can't be in its region: its size keeps it further from the walls",
  ],
  [
    'a point too near to a corner',
    wanting([{ near: ['cup', [0, 0]], within: 0.07 }]),
    "'cup' can't be within 0.07 of [0,0]: its size keeps it further from the walls",
  ],
  [
    'a point that the pusher is too large for',
    wanting([{ near: ['pusher', [0.01, 0.5]], within: 0.015 }]),
    "'pusher' can't be within 0.015 of [0.01,0.5]",
  ],
  [
    'two places at once',
    wanting([{ near: ['cup', [0.2, 0.2]], within: 0.05 }, { inside: ['cup', corner] }]),
    "'cup' can't be within 0.05 of [0.2,0.2] and in its region at once",
  ],
  [
    'a region under a keep-out zone',
    wanting([{ inside: ['cup', corner] }], {
      guardrails: [{ kind: 'keep-out', who: 'objects', region: { centre: [0.85, 0.85], radius: 0.17 } }],
    }),
    "'cup' can't be in its region and stay out of its keep-out zones",
  ],
  [
    'a region nearer to the edge than a guardrail allows',
    wanting([{ inside: ['cup', { x: [0.9, 1], y: [0, 1] }] }], {
      guardrails: [{ kind: 'stay-on-table', who: 'cup', margin: 0.15 }],
    }),
    "'cup' can't be in its region and stay at least 0.15 from every edge",
  ],
  [
    'two things in one small place',
    wanting([
      { near: ['cup', [0.5, 0.5]], within: 0.05 },
      { near: ['can', [0.5, 0.5]], within: 0.04 },
    ]),
    "'cup' and 'can' have no room beside each other where success wants them",
  ],
  [
    'a way too long for the budget',
    wanting([{ near: ['can', [0.9, 0.5]], within: 0.05 }], { budgetSteps: 4 }),
    'success needs more than the budget of 4 steps, however fast the pusher',
  ],
  [
    'moving what is fragile',
    wanting([{ inside: ['cup', corner] }], { guardrails: [{ kind: 'fragile', object: 'cup' }] }),
    "'cup' has to move, and a guardrail says that it is fragile",
  ],
  [
    'three things of two colours',
    wanting([{ inside: ['cup', corner] }], {
      scene: {
        objects: ['cup', 'can', 'jug'].map((name) => ({ name, shape: 'disc', colour: ['red', 'blue'] })),
      },
    }),
    'have one colour, and the agent is told of them by colour',
  ],
];

test.each(impossible)('finds %s', (_, task, message) => {
  const troubles = findTroubles(task, 8);
  expect(troubles.map((trouble) => trouble.message).join('\n')).toContain(message);
});

test('what no episode can do is an error, what some can do is not', () => {
  const [, cornered] = impossible[0]!;
  expect(findTroubles(cornered)).toEqual([
    { severity: 'error', message: expect.stringContaining("'cup' can't be in its region") },
  ]);
  // From the left half of its places the can is too far away.
  const hasty = wanting([{ inside: ['can', { x: [0.6, 1], y: [0, 1] }] }], { budgetSteps: 4 });
  expect(
    findTroubles({ ...hasty, scene: { objects: [{ ...can, at: { x: [0.1, 0.4], y: [0.4, 0.6] } }] } }, 12),
  ).toEqual([
    { severity: 'warning', message: expect.stringMatching(/^in \d+ of 12 scenes, success needs more than the budget/) },
  ]);
});

test('just possible is possible', () => {
  const least = discRadius + 0.005;
  const fine: readonly TaskSpec[] = [
    wanting([{ inside: ['cup', { x: [0, least], y: [0, 1] }] }]),
    wanting([{ near: ['pusher', [pusherRadius, 0.5]], within: 0.011 }]),
    // Discs of this radius fit beside each other at this distance.
    wanting([
      { near: ['cup', [0.5, 0.5]], within: discRadius },
      { near: ['can', [0.5, 0.5]], within: discRadius },
    ]),
    wanting([{ inside: ['cup', corner] }], {
      guardrails: [{ kind: 'keep-out', who: 'pusher', region: { centre: [0.85, 0.85], radius: 0.15 } }],
    }),
    // It is wanted where it is.
    wanting([{ near: ['can', [0.9, 0.5]], within: 0.05 }, { inside: ['cup', { x: [0, 1], y: [0, 1] }] }], {
      guardrails: [{ kind: 'fragile', object: 'cup' }],
    }),
  ];
  for (const task of fine) expect(findTroubles(task, 5)).toEqual([]);
});

test('warns where the agent is not told of what success asks', () => {
  const { objective, ...rest } = wanting([{ inside: ['objects', { x: [0, 1], y: [0.4, 1] }] }]);
  const ofCup = { ...rest, objective: objective.slice(0, 1) };
  expect(findTroubles(ofCup, 3)).toEqual([
    { severity: 'warning', message: "success asks something of 'can', and the objective says nothing of it" },
  ]);
  expect(findTroubles({ ...ofCup, objective: [{ term: 'goal-image' }] }, 3)).toEqual([]);
  expect(findTroubles({ ...taskById('clear-table'), objective: [{ term: 'effort', weight: 1 }] }, 3)).toHaveLength(3);
});

test('the circle that is all body', () => {
  expect(inscribedRadius(createShape('disc'))).toBe(discRadius);
  expect(inscribedRadius(createShape('box'))).toBeCloseTo(0.05, 12);
  // The centre of an L may be outside of it; that of a T is within its bar or stem.
  for (const name of ['t', 'l'] as const) expect(inscribedRadius(createShape(name))).toBeLessThan(0.04);
});
