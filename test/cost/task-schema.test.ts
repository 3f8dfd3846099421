import fc from 'fast-check';
import { UsageError } from '../../src/core/errors.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { parseTask } from '../../src/cost/task-schema.ts';
import { registeredTasks } from '../../src/env/registry.ts';

const valid = {
  id: 'tidy-corner',
  description: 'Everything into its place.',
  world: 'tabletop',
  scene: {
    objects: [
      { name: 'cup', shape: 'disc', colour: 'red', at: [0.2, 0.2], angle: [0, 1] },
      {
        name: 'plate',
        shape: ['box', 't'],
        colour: ['blue', 'green'],
        at: { centre: [0.5, 0.5], radius: 0.1 },
        angle: 0,
      },
      { name: 'tee', shape: ['t', 'box'], colour: ['green', 'orange'], knownBy: 'place' },
      { name: 'twin', shape: 't', colour: { sameAs: 'tee' }, knownBy: 'place' },
    ],
    hands: [{ name: 'hand', path: [[0.5, 0.1], 'goal', { x: [0.4, 0.6], y: [0.8, 0.9] }], speed: [0.02, 0.03] }],
    targets: {
      goal: { at: [0.8, 0.8] },
      somewhere: { at: { x: [0.1, 0.3], y: [0.1, 0.3] } },
      near: { from: 'cup', distance: [0.1, 0.3] },
      midway: { between: ['cup', 'goal'], fraction: 0.3 },
      pose: { from: ['tee', 'cup'], distance: [0.1, 0.4], angle: [-1, 2] },
      turned: { at: [0.5, 0.5], angle: 1 },
    },
  },
  objective: [
    { term: 'goal-image', weight: 0.1, steps: 'last' },
    { term: 'distance', of: 'cup', to: 'goal', tolerance: 0.01, weight: 1, steps: 'ramp' },
    { term: 'distance', of: 'pusher', to: [0.1, 0.1] },
    { term: 'inside', object: 'plate', region: { x: [0.7, 0.95], y: [0.7, 0.95] } },
    { term: 'inside', object: 'plate', region: { centre: 'goal', radius: 0.2 } },
    { term: 'effort', weight: 0.01 },
    { term: 'smoothness', weight: 0.01 },
    { term: 'pose', of: 'tee', to: 'pose', tolerance: 0.01, weight: 2, steps: 'last' },
    { term: 'pose', of: 'tee', to: [0.1, 0.9], angle: 'turned' },
    { term: 'angle', of: 'twin', to: 0.3, tolerance: 0.2, weight: 2, steps: 'ramp' },
    { term: 'angle', of: 'twin', to: 'pose' },
    { term: 'inside', object: 'objects', region: { x: [0, 1], y: [0, 1] } },
    { term: 'inside', object: ['cup', 'tee'], region: { x: [0, 1], y: [0, 1] } },
    { term: 'critic', weight: 0.1, tolerance: 2, steps: 'last' },
  ],
  guardrails: [
    { kind: 'keep-out', who: 'pusher', region: { centre: 'midway', radius: 0.1 } },
    { kind: 'keep-out', who: 'objects', region: { x: [0, 0.1], y: [0, 1] } },
    { kind: 'keep-out', who: 'plate', region: { centre: [0.2, 0.9], radius: 0.1 } },
    { kind: 'fragile', object: 'plate' },
    { kind: 'stay-on-table', who: 'cup', margin: 0.02 },
    { kind: 'speed', limit: 0.5 },
    { kind: 'moving-hand', hand: 'hand', distance: 0.05, slowWithin: 0.2 },
  ],
  success: {
    all: [
      { near: ['cup', 'goal'], within: 0.05 },
      { inside: ['plate', { x: [0.7, 0.95], y: [0.7, 0.95] }] },
      { pose: ['tee', 'pose'], within: 0.05, withinAngle: 0.26 },
      { pose: ['tee', [0.1, 0.9]], angle: 1, within: 0.05, withinAngle: 0.26 },
      { angle: ['twin', 'turned'], within: 0.3 },
      { inside: [['cup', 'tee'], { centre: 'goal', radius: 0.3 }] },
      { inside: ['objects', { x: [0, 1], y: [0, 1] }] },
    ],
    when: 'first-hit',
    holdSteps: 3,
  },
  budgetSteps: 60,
} satisfies TaskSpec;

/** The valid task with one place changed; `undefined` removes it. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(valid) as unknown;
  let parent = copy as Record<string | number, unknown>;
  for (const part of path.slice(0, -1)) parent = parent[part] as Record<string | number, unknown>;
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
  return copy;
}

function complaint(data: unknown): string {
  try {
    parseTask(data, 'tidy.json');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'no complaint';
}

test('accepts everything the grammar has, as it is', () => {
  expect(parseTask(valid, 'tidy.json')).toEqual(valid);
});

test('accepts every registered task', () => {
  expect(registeredTasks.length).toBeGreaterThan(2);
  for (const task of registeredTasks) expect(parseTask(structuredClone(task), task.id)).toEqual(task);
});

const misshapen: readonly (readonly [path: readonly (string | number)[], value: unknown, message: string])[] = [
  [['id'], undefined, 'tidy.json: id: is missing; a name'],
  [['id'], 'Tidy Corner', "id: must be lower-case words joined by hyphens, such as tidy-corner, got 'Tidy Corner'"],
  [['world'], 'table', "world: 'table' is not allowed. Allowed: tabletop, two-rooms, push-t"],
  [['budgetStep'], 3, "budgetStep: is not a field here. Did you mean 'budgetSteps'? Fields: id, description,"],
  [['budgetSteps'], 0, 'budgetSteps: must be >= 1, got 0'],
  [['budgetSteps'], 2.5, 'budgetSteps: must be a whole number, got 2.5'],
  [['budgetSteps'], '60', "budgetSteps: must be a number, got '60'"],
  [['scene'], undefined, 'scene: is missing; an object with fields'],
  [
    ['scene', 'objects', 0, 'colour'],
    'rde',
    "scene.objects[0].colour: 'rde' is not allowed. Did you mean 'red'? Allowed: red, blue,",
  ],
  [
    ['scene', 'objects', 0, 'colour'],
    ['red', 'bleu'],
    "scene.objects[0].colour[1]: 'bleu' is not allowed. Did you mean 'blue'?",
  ],
  [['scene', 'objects', 0, 'shape'], [], 'scene.objects[0].shape: must have at least 1 entries, got []'],
  [['scene', 'objects', 0, 'shape'], 3, 'scene.objects[0].shape: 3 is not allowed. Allowed: disc, box, t, l'],
  [
    ['scene', 'objects', 0, 'colour'],
    { sameas: 'cup' },
    "scene.objects[0].colour.sameas: is not a field here. Did you mean 'sameAs'?",
  ],
  [
    ['scene', 'objects', 0, 'knownBy'],
    'size',
    "scene.objects[0].knownBy: 'size' is not allowed. Allowed: colour, place",
  ],
  [
    ['scene', 'targets', 'pose', 'angle'],
    'north',
    "scene.targets.pose.angle: must be a number or a list of two, got 'north'",
  ],
  [['scene', 'targets', 'pose', 'from'], [], 'scene.targets.pose.from: must have at least 1 entries, got []'],
  [['objective', 7, 'angel'], 1, "objective[7].angel: is not a field here. Did you mean 'angle'?"],
  [['objective', 9, 'to'], [0, 1], 'objective[9].to: must be a name or a number, got [0,1]'],
  [['objective', 11, 'object'], 3, 'objective[11].object: must be a name or a list, got 3'],
  [['success', 'all', 2, 'withinAngle'], undefined, 'success.all[2].withinAngle: is missing; a number'],
  [
    ['success', 'all', 2, 'withinAngel'],
    1,
    "success.all[2].withinAngel: is not a field here. Did you mean 'withinAngle'?",
  ],
  [['success', 'all', 4, 'within'], -1, 'success.all[4].within: must be > 0, got -1'],
  [['scene', 'objects', 0, 'at'], [0.5], 'scene.objects[0].at: must have at least 2 entries, got [0.5]'],
  [['scene', 'objects', 0, 'at'], [0.5, 7], 'scene.objects[0].at[1]: must be <= 1, got 7'],
  [
    ['scene', 'objects', 0, 'at'],
    { center: [0, 0], radius: 0.1 },
    "scene.objects[0].at.center: is not a field here. Did you mean 'centre'?",
  ],
  [['scene', 'targets', 'near', 'distance'], [0.1], 'scene.targets.near.distance: must have at least 2 entries'],
  [['scene', 'targets', 'goal'], { to: 3 }, 'scene.targets.goal.to: is not a field here'],
  [['objective'], [], 'objective: must have at least 1 entries'],
  [
    ['objective', 1, 'term'],
    'distanse',
    "objective[1].term: 'distanse' is not allowed. Did you mean 'distance'? Allowed: goal-image, distance, pose, angle, inside, custom, effort, smoothness, critic",
  ],
  [['objective', 1, 'term'], undefined, 'objective[1].term: is missing; one of goal-image, distance'],
  [['objective', 1, 'tolerance'], -1, 'objective[1].tolerance: must be >= 0, got -1'],
  [['objective', 1, 'weight'], -1, 'objective[1].weight: must be >= 0, got -1'],
  [['objective', 1, 'steps'], 'lst', "objective[1].steps: 'lst' is not allowed. Did you mean 'last'?"],
  [['objective', 5, 'weight'], undefined, 'objective[5].weight: is missing; a number'],
  [['objective', 3, 'region', 'z'], 1, 'objective[3].region.z: is not a field here'],
  [['objective', 3, 'region'], 'goal', "objective[3].region: must be an object with fields, got 'goal'"],
  [['guardrails', 0, 'kind'], 'keepout', "guardrails[0].kind: 'keepout' is not allowed. Did you mean 'keep-out'?"],
  [['guardrails', 0, 'region', 'radius'], 0, 'guardrails[0].region.radius: must be > 0, got 0'],
  [['guardrails', 4, 'margin'], -0.1, 'guardrails[4].margin: must be >= 0, got -0.1'],
  [['guardrails', 5, 'limit'], 0, 'guardrails[5].limit: must be > 0, got 0'],
  [['guardrails', 6, 'distance'], -1, 'guardrails[6].distance: must be >= 0, got -1'],
  [['guardrails', 6, 'slowWithin'], undefined, 'guardrails[6].slowWithin: is missing; a number'],
  [['scene', 'hands', 0, 'speed'], 0.05, 'scene.hands[0].speed: must be <= 0.04, got 0.05'],
  [['scene', 'hands', 0, 'path'], [[0.1, 0.1]], 'scene.hands[0].path: must have at least 2 entries, got [[0.1,0.1]]'],
  [['guardrails', 0, 'off'], true, 'guardrails[0].off: is not a field here'],
  [['success', 'all'], [], 'success.all: must have at least 1 entries'],
  [['success', 'when'], 'always', "success.when: 'always' is not allowed. Allowed: final-step, first-hit"],
  [['success', 'all', 0, 'within'], 0, 'success.all[0].within: must be > 0, got 0'],
  [['success', 'all', 0, 'near'], ['cup'], 'success.all[0].near'],
];

test.each(misshapen)('says what is wrong with %j being %j', (path, value, message) => {
  expect(complaint(changed(path, value))).toContain(message);
});

const contradictory: typeof misshapen = [
  [['scene', 'objects', 1, 'name'], 'cup', "scene.objects[1].name: 'cup' names two objects"],
  [['scene', 'objects', 1, 'name'], 'pusher', "scene.objects[1].name: 'pusher' has a meaning of its own"],
  [
    ['scene', 'objects', 0, 'at'],
    { x: [0.5, 0.4], y: [0, 1] },
    'scene.objects[0].at.x: must go from low to high, got [0.5,0.4]',
  ],
  [['scene', 'objects', 0, 'angle'], [2, 1], 'scene.objects[0].angle: must go from low to high, got [2,1]'],
  [['scene', 'targets', 'cup'], { at: [0, 0] }, 'scene.targets.cup: is also the name of an entity'],
  [
    ['scene', 'targets', 'near', 'from'],
    'cop',
    "scene.targets.near.from: 'cop' is no entity of the scene. Did you mean 'cup'?",
  ],
  [['scene', 'targets', 'near', 'distance'], [0.3, 0.1], 'scene.targets.near.distance: must go from low to high'],
  [
    ['scene', 'targets', 'midway', 'between', 1],
    'goat',
    "scene.targets.midway.between[1]: 'goat' is no entity or target",
  ],
  [['objective', 1, 'of'], 'cap', "objective[1].of: 'cap' is no entity"],
  [['objective', 1, 'to'], 'gaol', "objective[1].to: 'gaol' is no target of the scene. Did you mean 'goal'?"],
  [['objective', 3, 'object'], 'plte', "objective[3].object: 'plte' is no entity"],
  [['objective', 3, 'region', 'x'], [0.9, 0.7], 'objective[3].region.x: must go from low to high'],
  [['objective', 4, 'region', 'centre'], 'gaol', "objective[4].region.centre: 'gaol' is no target"],
  [
    ['scene', 'objects', 3, 'colour'],
    { sameAs: 'te' },
    "scene.objects[3].colour.sameAs: 'te' is no object that comes before this one",
  ],
  [
    ['scene', 'objects', 2, 'colour'],
    { sameAs: 'twin' },
    "scene.objects[2].colour.sameAs: 'twin' is no object that comes before",
  ],
  [
    ['scene', 'objects', 2, 'knownBy'],
    'colour',
    "scene.objects[2].knownBy: must be 'place', since 'tee' and 'twin' have one colour",
  ],
  [
    ['scene', 'objects', 3, 'knownBy'],
    undefined,
    "scene.objects[3].knownBy: must be 'place', since 'tee' and 'twin' have one colour",
  ],
  [
    ['scene', 'objects', 2, 'colour'],
    'red',
    "scene.objects[0].knownBy: must be 'place', since 'cup' and 'tee' have one colour",
  ],
  [['scene', 'targets', 'pose', 'angle'], [2, 1], 'scene.targets.pose.angle: must go from low to high, got [2,1]'],
  [
    ['scene', 'targets', 'pose', 'from', 1],
    'cop',
    "scene.targets.pose.from[1]: 'cop' is no entity of the scene. Did you mean 'cup'?",
  ],
  [['objective', 7, 'of'], 'cup', "objective[7].of: 'cup' can be a disc, which looks the same however it is turned"],
  [['objective', 7, 'of'], 'pusher', "objective[7].of: 'pusher' is no object of the scene"],
  [['scene', 'objects', 2, 'shape'], ['t', 'disc'], "objective[7].of: 'tee' can be a disc"],
  [
    ['objective', 7, 'to'],
    'near',
    "objective[7].to: target 'near' has no angle: give it one under scene.targets.near.angle",
  ],
  [['objective', 7, 'to'], [0.1, 0.1], 'objective[7].to: needs an angle beside the coordinates'],
  [['objective', 8, 'angle'], 'trned', "objective[8].angle: 'trned' is no target of the scene. Did you mean 'turned'?"],
  [['objective', 7, 'tolerance'], 0.04, 'objective[7].tolerance: costs nothing within 0.04, and success needs 0.0259'],
  [['objective', 10, 'to'], 'goal', "objective[10].to: target 'goal' has no angle"],
  [
    ['objective', 12, 'object', 1],
    'te',
    "objective[12].object[1]: 'te' is no entity of the scene. Did you mean 'tee'?",
  ],
  [['success', 'all', 2, 'pose', 0], 'cup', "success.all[2].pose[0]: 'cup' can be a disc"],
  [['success', 'all', 2, 'pose', 1], 'goal', "success.all[2].pose[1]: target 'goal' has no angle"],
  [['success', 'all', 3, 'angle'], 'goal', "success.all[3].angle: target 'goal' has no angle"],
  [
    ['success', 'all', 4, 'angle', 0],
    'twn',
    "success.all[4].angle[0]: 'twn' is no object of the scene. Did you mean 'twin'?",
  ],
  [['success', 'all', 5, 'inside', 0], ['cup', 'te'], "success.all[5].inside[0][1]: 'te' is no entity"],
  [['objective'], [{ term: 'effort', weight: 1 }], 'objective: asks for nothing but little motion'],
  [['objective', 1, 'tolerance'], 0.06, 'objective[1].tolerance: costs nothing within 0.06, and success needs 0.05'],
  [
    ['guardrails', 2, 'who'],
    'object',
    "guardrails[2].who: 'object' is no entity of the scene. Did you mean 'objects'?",
  ],
  [['guardrails', 3, 'object'], 'pusher', "guardrails[3].object: 'pusher' is no object of the scene"],
  [['guardrails', 4, 'who'], 'cups', "guardrails[4].who: 'cups' is no entity of the scene. Did you mean 'cup'?"],
  [['guardrails', 6, 'hand'], 'arm', "guardrails[6].hand: 'arm' is no hand of the scene. (known hands: hand)"],
  [['guardrails', 6, 'slowWithin'], 0.04, 'guardrails[6].slowWithin: must be at least the distance 0.05'],
  [['scene', 'hands', 0, 'name'], 'cup', "scene.hands[0].name: 'cup' names something else"],
  [['scene', 'hands', 0, 'path', 1], 'home', "scene.hands[0].path[1]: 'home' is no target"],
  [['scene', 'hands', 0, 'path', 2], 'goal', 'scene.hands[0].path[2]: is the corner before it'],
  [['scene', 'hands', 0, 'speed'], [0.03, 0.02], 'scene.hands[0].speed: must go from low to high'],
  [['guardrails', 0, 'region', 'centre'], 'mid', "guardrails[0].region.centre: 'mid' is no target"],
  [['success', 'all', 0, 'near', 0], 'glass', "success.all[0].near[0]: 'glass' is no entity"],
  [['success', 'all', 0, 'near', 1], 'home', "success.all[0].near[1]: 'home' is no target"],
  [['success', 'all', 1, 'inside', 0], 'bowl', "success.all[1].inside[0]: 'bowl' is no entity"],
  [['success', 'holdSteps'], 99, "success.holdSteps: 99 steps can't fit in a budget of 60"],
];

test.each(contradictory)('finds the contradiction where %j is %j', (path, value, message) => {
  expect(complaint(changed(path, value))).toContain(message);
});

test('lists every problem, a line each', () => {
  const data = { ...valid, id: 3, budgetSteps: -1, objective: [{ term: 'nope' }] };
  const lines = complaint(data).split('\n');
  expect(lines[0]).toBe('tidy.json has 3 problems:');
  expect(lines.slice(1).map((line) => line.split(':')[0])).toEqual(['  id', '  objective[0].term', '  budgetSteps']);
});

test.each([null, undefined, 3, 'task', [], [valid]])('refuses %j', (data) => {
  expect(complaint(data)).toMatch(/^tidy\.json: (must be an object with fields, got|is missing)/);
});

test('never throws anything but a UsageError of readable lines, whatever it is given', () => {
  const paths = ['id', 'world', 'scene', 'objective', 'guardrails', 'success', 'budgetSteps'];
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.anything({ maxDepth: 4 }), (key, value) => {
      const message = complaint({ ...valid, [key]: value });
      expect(message).not.toContain('[object Object]');
      if (message !== 'no complaint') expect(message.startsWith('tidy.json')).toBe(true);
    }),
    { seed: 2, numRuns: 300 },
  );
});
