import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recipeByName } from '../../src/training/recipes.ts';
import { saveModel } from '../../src/world-model/model-store.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

/**
 * What people get wrong: files and arguments. Each is refused in one line that says what is wrong where, with exit
 * code 2 (or 1 where a thing is damaged), no stack trace, and nothing written.
 */

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-malformed-'));
  const { config, parameters } = untrainedTabletopModel();
  await saveModel(join(folder, 'model'), config, parameters);
  const collected = ['collect', '--task', 'reach', '--episodes', '2', '--steps', '4', '--out', join(folder, 'data')];
  expect((await callCommandLine(collected)).code).toBe(0);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string): Promise<string> {
  const path = join(folder, `${count++}-${name}`);
  await writeFile(path, content);
  return path;
}

async function copyOf(name: string): Promise<string> {
  const path = join(folder, `${count++}-${name}`);
  await cp(join(folder, name), path, { recursive: true });
  return path;
}

async function refuses(args: readonly string[], codes: readonly number[], message: string | RegExp): Promise<void> {
  const before = await readdir(folder, { recursive: true });
  const { code, stdout, stderr } = await callCommandLine(args);
  expect(stderr).toMatch(/^amitable: [^\n]+\n$/);
  if (typeof message === 'string') expect(stderr).toContain(message);
  else expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(codes).toContain(code);
  expect(await readdir(folder, { recursive: true })).toEqual(before);
}

const task = {
  id: 'mine',
  scene: {
    objects: [
      { name: 'cup', shape: 'disc', colour: 'red', at: { x: [0.3, 0.6], y: [0.3, 0.6] } },
      { name: 'tray', shape: 'box', colour: 'blue' },
    ],
    targets: { goal: { at: [0.5, 0.5] }, turned: { at: [0.2, 0.2], angle: 1 } },
  },
  stages: [[{ term: 'distance', of: 'pusher', to: 'goal' }]],
  objective: [
    { term: 'distance', of: 'cup', to: 'goal' },
    { term: 'inside', object: 'tray', region: { x: [0, 1], y: [0.5, 1] } },
    { term: 'pose', of: 'tray', to: 'turned' },
  ],
  guardrails: [
    { kind: 'keep-out', who: 'pusher', region: { centre: [0.1, 0.1], radius: 0.05 } },
    { kind: 'fragile', object: 'tray' },
    { kind: 'speed', limit: 1 },
  ],
  success: {
    after: [[{ near: ['pusher', 'goal'], within: 0.05 }]],
    all: [
      { near: ['cup', 'goal'], within: 0.05 },
      { pose: ['tray', 'turned'], within: 0.05, withinAngle: 0.3 },
      { inside: ['tray', { x: [0, 1], y: [0.5, 1] }] },
    ],
    when: 'final-step',
  },
  budgetSteps: 30,
};

/** `[where it is put, what, what the message says]`; a value of undefined takes the field away. */
const taskFaults: readonly (readonly [path: string, value: unknown, message: string])[] = [
  ['id', undefined, 'id: is missing'],
  ['id', 'My Task', 'id: must be lower-case words'],
  ['id', 7, 'id: must be a name, got 7'],
  ['ID', 'x', "ID: is not a field here. Did you mean 'id'?"],
  ['world', 'moon', "world: 'moon' is not allowed. Allowed: tabletop, two-rooms, push-t"],
  ['scene', undefined, 'scene: is missing'],
  ['scene', [], 'scene: must be an object with fields'],
  ['scene.objects', {}, 'scene.objects: must be a list'],
  ['scene.objects.0', 'cup', 'scene.objects[0]: must be an object with fields'],
  ['scene.objects.0.name', '', 'scene.objects[0].name: must not be empty'],
  ['scene.objects.0.colour', 'blue', "knownBy: must be 'place', since 'cup' and 'tray' have one colour"],
  ['scene.objects.0.shape', 'disk', "'disk' is not allowed. Did you mean 'disc'?"],
  ['scene.objects.0.shape', null, 'scene.objects[0].shape'],
  ['scene.objects.0.colour', 'rde', "Did you mean 'red'?"],
  ['scene.objects.0.colour', [], 'must have at least 1 entries'],
  ['scene.objects.0.knownBy', 'smell', "'smell' is not allowed"],
  ['scene.objects.0.at', [0.5, 2], 'scene.objects[0].at[1]: must be <= 1, got 2'],
  ['scene.objects.0.at', { x: [0.6, 0.3], y: [0, 1] }, 'must go from low to high'],
  ['scene.objects.0.at', 'left', 'scene.objects[0].at: must be'],
  ['scene.objects.0.angle', 'north', 'scene.objects[0].angle: must be'],
  ['scene.objects.0.weight', 3, 'scene.objects[0].weight: is not a field here'],
  ['scene.targets', [], 'scene.targets: must be an object with fields'],
  ['scene.targets.goal', {}, 'scene.targets.goal.at: is missing'],
  ['scene.targets.goal.at', [-0.1, 0], 'scene.targets.goal.at[0]: must be >= 0, got -0.1'],
  ['scene.targets.goal', { from: 'cop', distance: [0.1, 0.2] }, "'cop' is no entity of the scene. Did you mean 'cup'?"],
  ['scene.targets.goal', { from: 'cup', distance: [0.3, 0.1] }, 'distance: must go from low to high'],
  ['scene.targets.goal', { between: ['cup'] }, 'between: must have at least 2 entries'],
  ['scene.targets.goal', { between: ['cup', 'here'] }, "'here' is no entity or target"],
  ['scene.targets.cup', { at: [0, 0] }, 'scene.targets.cup: is also the name of an entity'],
  ['stages', [], 'stages: must have at least 1 entries'],
  ['stages', [[]], 'stages[0]: must have at least 1 entries'],
  ['stages.0', { term: 'distance' }, 'stages[0]: must be a list'],
  ['stages.0.0.term', 'distanec', "stages[0][0].term: 'distanec' is not allowed. Did you mean 'distance'?"],
  ['stages.0.0.of', 'cub', "stages[0][0].of: 'cub' is no entity of the scene. Did you mean 'cup'?"],
  ['stages.0', [{ term: 'effort', weight: 1 }], 'stages[0]: has no end'],
  ['stages.0', [{ term: 'goal-image' }], 'stages[0][0].term: a picture shows the goal'],
  ['objective', undefined, 'objective: is missing; a list'],
  ['objective', [], 'objective: must have at least 1 entries'],
  ['objective', 'win', 'objective: must be a list'],
  ['objective.0.term', undefined, 'objective[0].term: is missing; one of goal-image, distance'],
  ['objective.0.of', 'cpu', "objective[0].of: 'cpu' is no entity of the scene. Did you mean 'cup'?"],
  ['objective.0.to', 'gaol', "objective[0].to: 'gaol' is no target of the scene. Did you mean 'goal'?"],
  ['objective.0.to', [0.5], 'objective[0].to: must have at least 2 entries'],
  ['objective.0.weight', -1, 'objective[0].weight: must be >= 0, got -1'],
  ['objective.0.weight', 1e9, 'objective[0].weight: must be <= 1000000'],
  ['objective.0.weight', 'heavy', 'objective[0].weight: must be a number'],
  ['objective.0.steps', 'lsat', "Did you mean 'last'?"],
  ['objective.0.tolerance', 0.2, 'costs nothing within 0.2, and success needs 0.05'],
  ['objective.1.region', { x: [0, 1] }, 'objective[1].region.y: is missing'],
  ['objective.1.region', { centre: [0.5, 0.5] }, 'objective[1].region.radius: is missing'],
  ['objective.1.object', 3, 'objective[1].object: must be'],
  ['objective.2.of', 'cup', "'cup' can be a disc, which looks the same however it is turned"],
  ['objective.2.to', 'goal', "target 'goal' has no angle"],
  ['objective', [{ term: 'effort', weight: 1 }], 'objective: asks for nothing but little motion'],
  ['objective.0', { term: 'custom' }, 'objective[0].use: is missing'],
  ['objective.0', { term: 'custom', use: 'nothing' }, "objective[0].use: there is no custom term 'nothing'"],
  ['objective.0', { term: 'custom', use: './nowhere.ts' }, 'cannot read the custom term file'],
  ['guardrails', {}, 'guardrails: must be a list'],
  ['guardrails.0.kind', 'keepout', "Did you mean 'keep-out'?"],
  ['guardrails.0.who', 'puhser', "Did you mean 'pusher'?"],
  ['guardrails.0.region.radius', 0, 'guardrails[0].region.radius: must be > 0, got 0'],
  ['guardrails.0.strength', 0.5, 'guardrails[0].strength: is not a field here'],
  ['guardrails.1.object', 'pusher', "guardrails[1].object: 'pusher' is no object"],
  ['guardrails.2.limit', -1, 'guardrails[2].limit: must be > 0, got -1'],
  ['success', undefined, 'success: is missing'],
  ['success.all', [], 'success.all: must have at least 1 entries'],
  ['success.all.0', {}, 'success.all[0].'],
  ['success.all.0.within', -1, 'success.all[0].within: must be > 0, got -1'],
  ['success.all.0.near', ['cup', 'gaol'], "success.all[0].near[1]: 'gaol' is no target"],
  ['success.all.1.withinAngle', undefined, 'success.all[1].withinAngle: is missing'],
  ['success.after', [[]], 'success.after[0]: must have at least 1 entries'],
  ['success.after.0.0.near.0', 'pushre', "success.after[0][0].near[0]: 'pushre' is no entity"],
  ['success.when', 'sometimes', "success.when: 'sometimes' is not allowed. Allowed: final-step, first-hit"],
  ['success.holdSteps', 0, 'success.holdSteps: must be >= 1, got 0'],
  ['success.holdSteps', 99, "success.holdSteps: 99 steps can't fit in a budget of 30"],
  ['budgetSteps', 0, 'budgetSteps: must be >= 1, got 0'],
  ['budgetSteps', 2.5, 'budgetSteps: must be a whole number'],
  ['budgetSteps', '30', "budgetSteps: must be a number, got '30'"],
];

/** A copy of `data` in which what stands at the path is another. */
function altered(data: object, path: string, value: unknown): object {
  const copy = structuredClone(data) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((at, key) => at[key] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

test('the task that the others are made of is well-formed', async () => {
  const path = await write('fine.json', JSON.stringify(task));
  expect(await callCommandLine(['tasks', 'show', path])).toMatchObject({ code: 0, stderr: '' });
});

test.each(taskFaults)('a task file with %s: %j', async (path, value, message) => {
  const file = await write('task.json', JSON.stringify(altered(task, path, value)));
  await refuses(['tasks', 'check', file, '--out', join(folder, 'out.png')], [2], message);
});

test.each([
  ['empty.json', '', /is not JSON/],
  ['cut.json', '{"id": "x"', /is not JSON/],
  ['bytes.json', '\u0000\u0001', /is not JSON/],
  ['null.json', 'null', /must be an object with fields, got null/],
  ['list.yaml', '- a', /must be an object with fields/],
  ['text.yaml', 'hello', /must be an object with fields, got 'hello'/],
  ['tabs.yaml', 'id:\n\t- x', /is not YAML/],
  ['twice.yaml', 'id: a\nid: b', /is not YAML: Map keys must be unique/],
  ['bomb.yaml', `a: &a [x, x]\nb: &b [*a, *a]\n${'c: [*b, *b, *b, *b, *b, *b]\n'.repeat(1)}`, /bomb\.yaml/],
  ['throws.ts', "throw new Error('no such luck');", /cannot be loaded: Error: no such luck/],
  ['imports.ts', "import 'no-such-package'; export default {};", /cannot be loaded: .*no-such-package/],
  ['function.ts', 'export default () => {};', /must be an object with fields/],
  ['task.toml', 'id = "x"', /must end in one of \.json, \.yaml/],
] as const)('a task file %s that is none', async (name, content, message) => {
  const path = await write(name, content);
  const { code, stdout, stderr } = await callCommandLine(['tasks', 'check', path]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

test.each([
  ["'name'", 'export default { name: 3 };', /a name of lower-case words/],
  ["'residual'", "export default { name: 'x', parameters: {} };", /a function 'residual'/],
  ["'parameters'", "export default { name: 'x', residual() {} };", /'parameters'/],
  ['a default export', 'export const term = {};', /must export the custom term as its default/],
  ['sense', 'export default {{', /cannot be loaded/],
] as const)('a custom term without %s', async (_, content, message) => {
  const term = await write('term.ts', content);
  const own = altered(task, 'objective.0', { term: 'custom', use: term });
  await refuses(['tasks', 'check', await write('task.json', JSON.stringify(own))], [2], message);
});

type Damage = (path: string) => Promise<void>;
const rewrite =
  (file: string, change: (text: string) => string): Damage =>
  async (path) =>
    writeFile(join(path, file), change(await readFile(join(path, file), 'utf8')));
const config = (change: (config: Record<string, unknown>) => void): Damage =>
  rewrite('config.json', (text) => {
    const data = JSON.parse(text);
    change(data);
    return JSON.stringify(data);
  });
const flip =
  (file: string, at: number): Damage =>
  async (path) => {
    const bytes = await readFile(join(path, file));
    bytes[at < 0 ? bytes.length + at : at]! ^= 0xff;
    await writeFile(join(path, file), bytes);
  };

const modelDamage: readonly (readonly [what: string, damage: Damage])[] = [
  ['no config.json', (path) => rm(join(path, 'config.json'))],
  ['no weights', (path) => rm(join(path, 'model.safetensors'))],
  ['an empty config', rewrite('config.json', () => '')],
  ['a config that is cut short', rewrite('config.json', (text) => text.slice(0, 40))],
  ['a config that is a list', rewrite('config.json', () => '[]')],
  [
    'another format',
    config((data) => {
      data.format = 'amitable.world-model/0';
    }),
  ],
  [
    'another world',
    config((data) => {
      data.world = 'moon';
    }),
  ],
  [
    'no encoder',
    config((data) => {
      delete data.encoder;
    }),
  ],
  [
    'a field that is not known',
    config((data) => {
      data.magic = 1;
    }),
  ],
  [
    'an action space of text',
    config((data) => {
      data.action = 'fast';
    }),
  ],
  ['empty weights', (path) => truncate(join(path, 'model.safetensors'), 0)],
  ['weights that are cut short', (path) => truncate(join(path, 'model.safetensors'), 4000)],
  ['a flipped byte in the header', flip('model.safetensors', 12)],
  ['a flipped byte in the weights', flip('model.safetensors', -5)],
];

test.each(modelDamage)('a model with %s', async (_, damage) => {
  const model = await copyOf('model');
  await damage(model);
  await refuses(['inspect', model], [1], model);
  const run = ['run', '--task', 'reach', '--model', model, '--episodes', '1', '--out', join(folder, 'out')];
  await refuses(run, [1], model);
});

const dataDamage: readonly (readonly [what: string, damage: Damage])[] = [
  ['an empty meta/info.json', rewrite('meta/info.json', () => '')],
  ['a meta/info.json that is cut short', rewrite('meta/info.json', (text) => text.slice(0, 100))],
  ['a meta/info.json that is a list', rewrite('meta/info.json', () => '[]')],
  [
    'another version',
    rewrite('meta/info.json', (text) => text.replace(/"codebase_version": *"[^"]*"/, '"codebase_version": "v1.0"')),
  ],
  ['no episodes', (path) => rm(join(path, 'meta/episodes'), { recursive: true })],
  ['episodes that are cut short', (path) => truncate(join(path, 'meta/episodes/chunk-000/file-000.parquet'), 50)],
  ['episodes that are text', rewrite('meta/episodes/chunk-000/file-000.parquet', () => 'PAR1')],
];

test.each(dataDamage)('a data set with %s', async (_, damage) => {
  const data = await copyOf('data');
  await damage(data);
  await refuses(['inspect', data], [1, 2], data);
});

const replay = {
  schema: 'amitable.replay/1',
  task: altered(task, 'stages', undefined),
  seed: 1,
  policy: 'agent',
  success: true,
  initialState: [1],
  steps: [],
};

test.each([
  ['a text file', 'hello', /is not JSON/],
  ['an empty object', '{}', /is neither a model folder/],
  ['another schema', '{"schema": "amitable.bench/9"}', /is neither a model folder/],
  ['a report without results', '{"schema": "amitable.bench/1"}', /results/],
  ['a report whose results are text', '{"schema": "amitable.bench/1", "results": "good", "episodes": []}', /results/],
  ['a replay without steps', JSON.stringify(altered(replay, 'steps', undefined)), /steps/],
  ['a replay of no task', JSON.stringify(altered(replay, 'task', {})), /task/],
  ['a replay with text for numbers', JSON.stringify(altered(replay, 'initialState', ['a'])), /initialState/],
] as const)('`inspect` of %s', async (_, content, message) => {
  const { code, stdout, stderr } = await callCommandLine(['inspect', await write('file.json', content)]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/\n\s+at /);
});

const recipe = recipeByName('tabletop-small');

test.each([
  ['batch', 0],
  ['batch', undefined],
  ['stages', []],
  ['stages.0.learningRate', -1],
  ['data.kind', 'dreams'],
  ['data.shapes', ['pyramid']],
  ['objective.name', 'vicrge'],
  ['optimizer', {}],
  ['model.encoder.kind', 'eyes'],
])('a recipe with %s: %j', async (path, value) => {
  const file = await write('recipe.json', JSON.stringify(altered(recipe, path, value)));
  await refuses(['train', '--config', file, '--out', join(folder, 'out')], [2], /is not a training recipe: /);
});

test.each([
  ['train --config tabletop-smal --out OUT', /Did you mean 'tabletop-small'\?/],
  ['train --config two-rooms', /--out is needed/],
  ['train --config nowhere.yaml --out OUT', /nowhere\.yaml/],
  ['collect --task reach', /--out is needed/],
  ['collect --task reach --policy sleep --out OUT', /unknown --policy value 'sleep'/],
  ['collect --task reach --episodes none --out OUT', /--episodes must be a whole number/],
  ['memory', /'amitable memory' needs a verb/],
  ['memory ls', /--memory is needed/],
  ['memory show one --memory OUT', /whole number of at least 1|no memory/],
  ['memory forget --memory OUT', /say which to forget|no memory/],
  ['config', /'amitable config' needs a verb: print/],
  ['config print', /'amitable config print' needs another argument/],
  ['config print rnu', /unknown verb 'rnu'\. Did you mean 'run'\?/],
  ['config print run --episodes none', /--episodes must be a whole number/],
  ['run --task=reach --json=maybe', /--json is on or off|--json/],
  ['tasks check OUT/../nowhere.yaml', /there is no such file/],
  ['inspect OUT', /there is no such file/],
] as const)('amitable %s', async (line, message) => {
  const args = line.split(' ').map((word) => word.replace('OUT', join(folder, 'out')));
  await refuses(args, [1, 2], message);
});
