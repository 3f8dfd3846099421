import type { TaskSpec } from 'amitable';

/** Bring the cup into the bottom right corner, and keep the pusher out of a spill in the middle of the table. */
export default {
  id: 'tidy-corner',
  description: 'Bring the cup into the bottom right corner, around the spill.',
  scene: { objects: [{ name: 'cup', shape: 'disc', colour: 'red', at: { x: [0.2, 0.45], y: [0.2, 0.8] } }] },
  objective: [{ term: 'inside', object: 'cup', region: { x: [0.68, 0.92], y: [0.68, 0.92] } }],
  guardrails: [{ kind: 'keep-out', who: 'pusher', region: { centre: [0.62, 0.3], radius: 0.1 } }],
  success: { all: [{ inside: ['cup', { x: [0.65, 0.95], y: [0.65, 0.95] }] }], when: 'first-hit', holdSteps: 3 },
  budgetSteps: 50,
} satisfies TaskSpec;
