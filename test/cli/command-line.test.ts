import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callCommandLine } from '../support/call-command-line.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-cli-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const write = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};

describe('a wrong call exits with 2, one line that says what is wrong, and no stack trace', () => {
  it.each([
    ['', /^amitable: 'amitable' needs a verb: run, bench, .*See 'amitable --help'\.$/],
    ['rnu', /unknown verb 'rnu'\. Did you mean 'run'\?/],
    ['bnech --episodes 3', /unknown verb 'bnech'\. Did you mean 'bench'\?/],
    ['tasks', /'amitable tasks' needs a verb: ls, show, check/],
    ['tasks shwo reach', /unknown verb 'shwo'\. Did you mean 'show'\?/],
    ['tasks show', /'amitable tasks show' needs another argument/],
    ['tasks show reach more', /'amitable tasks show' takes no argument 'more'/],
    ['tasks show raech', /unknown task 'raech'\. Did you mean 'reach'\?/],
    ['tasks check', /'amitable tasks check' needs another argument/],
    ['tasks check nowhere.yaml', /cannot read the task file 'nowhere\.yaml': there is no such file/],
    ['tasks check nowhere.ts', /cannot read the task file 'nowhere\.ts': there is no such file/],
    ['tasks check nowhere.txt', /'nowhere\.txt' must end in one of \.json, \.yaml/],
    ['tasks check src/core', /the task file 'src\/core' must end in one of/],
    ['inspect', /'amitable inspect' needs another argument/],
    ['inspect nowhere', /cannot read 'nowhere': there is no such file/],
    ['inspect package.json', /'package\.json' is neither a model folder nor a data set/],
    ['inspect LICENSE', /is not YAML|is neither a model folder nor/],
    ['run', /--task is needed/],
    ['run --task', /--task needs a value/],
    ['run --task --json', /--task needs a value/],
    ['run --task=', /--task must not be empty/],
    ['run --tsak reach', /unknown option '--tsak'\. Did you mean '--task'\?/],
    ['run --tsak=reach', /unknown option '--tsak'\. Did you mean '--task'\?/],
    ['run reach', /'amitable run' takes no argument 'reach'/],
    ['run --task raech', /unknown task 'raech'\. Did you mean 'reach'\?/],
    ['run --task nowhere.json', /cannot read the task file 'nowhere\.json'/],
    ['run --task reach --episodes 0', /--episodes must be a whole number of at least 1, got '0'/],
    ['run --task reach --episodes many', /--episodes must be a whole number of at least 1, got 'many'/],
    ['run --task reach --episodes -3', /--episodes must be a whole number of at least 1, got '-3'/],
    ['run --task reach --seed 1.5', /--seed must be a whole number of at least 0, got '1\.5'/],
    ['run --task reach --batch 0', /--batch must be a whole number of at least 1/],
    ['run --task reach --threads 0', /--threads must be a whole number of at least 1/],
    ['run --task reach --device gpu', /unknown --device value 'gpu'.*Known: native/],
    ['run --task reach --planner icme', /unknown --planner value 'icme'\. Did you mean 'icem'\?/],
    ['run --task reach --guardrails of', /unknown --guardrails value 'of'/],
    ['run --task reach --beside radnom', /unknown --beside value 'radnom'\. Did you mean 'random'\?/],
    ['run --task reach --no-json', /unknown option '--no-json'/],
    ['run --task reach --config nowhere.json', /cannot read the config file 'nowhere\.json'/],
    ['run -t reach', /takes no argument|unknown option/],
    ['bench --policies agent,agent', /--policies names 'agent' twice/],
    ['bench --policies agent,', /--policies is a list of names with commas between/],
    ['bench --policies rnadom', /unknown --policies value 'rnadom'\. Did you mean 'random'\?/],
    ['bench --tasks reach,raech', /unknown task 'raech'\. Did you mean 'reach'\?/],
    ['bench --tasks reach,reach', /--tasks names 'reach' twice/],
    ['doctor --frobnicate', /unknown option '--frobnicate'/],
  ])('amitable %s', async (line, message) => {
    const { code, stdout, stderr } = await callCommandLine(line.split(' ').filter((word) => word !== ''));
    expect(stderr).toMatch(/^amitable: [^\n]+\n$/);
    expect(stderr.trimEnd()).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('a wrong file exits with 2 and one line that names it', () => {
  it.each([
    ['task.json', '{ "id": ', /the task file '.*task\.json' is not JSON/],
    ['task.yaml', 'id: [a', /the task file '.*task\.yaml' is not YAML/],
    ['empty.yaml', '', /empty\.yaml/],
    ['list.json', '[]', /list\.json/],
    [
      'name.yaml',
      'id: x\nscene: {objects: []}\nobjective: []\nbudgetsteps: 3\n',
      /name\.yaml has 4 problems:\n(.*\n)*.*Did you mean 'budgetSteps'/,
    ],
    ['broken.ts', 'export default {', /the task file '.*broken\.ts' cannot be loaded/],
    ['none.ts', 'export const task = {};', /the task file '.*none\.ts' must export the task as its default/],
  ])('tasks check %s', async (name, content, message) => {
    const path = await write(name, content);
    const { code, stdout, stderr } = await callCommandLine(['tasks', 'check', path]);
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr).toMatch(/^amitable: /);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    ['list.json', '[1]', /must hold an object of options/],
    ['nested.json', '{"episodes": {"a": 1}}', /'episodes' in .*nested\.json must be text, a number/],
    ['typo.yaml', 'epsiodes: 3', /unknown option in .*typo\.yaml 'epsiodes'\. Did you mean 'episodes'\?/],
    ['value.yaml', 'episodes: none', /'episodes' in .*value\.yaml must be a whole number/],
  ])('--config %s', async (name, content, message) => {
    const path = await write(name, content);
    const { code, stderr } = await callCommandLine(['bench', '--config', path]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('task files', () => {
  const task = {
    id: 'mine',
    scene: { objects: [{ name: 'cup', shape: 'disc', colour: 'red' }], targets: { goal: { at: [0.5, 0.5] } } },
    objective: [{ term: 'distance', of: 'cup', to: 'goal' }],
    success: { all: [{ near: ['cup', 'goal'], within: 0.05 }], when: 'final-step' },
    budgetSteps: 5,
  };

  it.each([
    ['task.json', JSON.stringify(task)],
    ['task.yml', `# a comment\n${JSON.stringify(task)}`],
    ['task.ts', `interface Unused { readonly a: number }\nexport default ${JSON.stringify(task)} as const;`],
  ])('are read from %s', async (name, content) => {
    const path = await write(name, content);
    const checked = await callCommandLine(['tasks', 'check', path]);
    expect(checked).toEqual({ code: 0, stdout: `${path}: task 'mine' is fine\n`, stderr: '' });
    const shown = await callCommandLine(['tasks', 'show', path, '--json']);
    expect(JSON.parse(shown.stdout)).toEqual(task);
  });

  it('are checked for goals that nobody can reach', async () => {
    const region = { x: [0, 0.04], y: [0, 1] };
    const tight = {
      ...task,
      objective: [{ term: 'inside', object: 'cup', region }],
      success: { all: [{ inside: ['cup', region] }], when: 'final-step' },
    };
    const path = await write('tight.json', JSON.stringify(tight));
    const { code, stdout, stderr } = await callCommandLine(['tasks', 'check', path]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `amitable: ${path}: in every scene, 'cup' can't be in its region: its size keeps it further from the walls\n`,
    );
  });

  it('are checked for what may be meant otherwise, and drawn', async () => {
    const silent = { ...task, objective: [{ term: 'distance', of: 'pusher', to: 'goal' }] };
    const path = await write('silent.json', JSON.stringify(silent));
    const picture = `${path}.png`;
    const { code, stdout } = await callCommandLine(['tasks', 'check', path, '--out', picture, '--json']);
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      file: path,
      id: 'mine',
      ok: true,
      warnings: ["success asks something of 'cup', and the objective says nothing of it"],
    });
    const png = await readFile(picture);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // Width and height.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1280, 320]);
  });

  it('are drawn on a terminal that is watched, in colours unless NO_COLOR is set, and nowhere else', async () => {
    const path = await write('watched.json', JSON.stringify(task));
    const drawn = async (environment: Record<string, string>, isTTY: boolean, ...more: string[]) =>
      (await callCommandLine(['tasks', 'check', path, ...more], environment, isTTY)).stderr;
    const coloured = (await drawn({}, true)).trimEnd().split('\n');
    expect(coloured.map((line) => line.split('▀').length)).toEqual(Array(24).fill(49));
    // The red cup is there.
    expect(coloured.join('')).toMatch(/38;2;2[0-4]\d;[2-5]\d;[2-5]\d/);
    const plain = (await drawn({ NO_COLOR: '1' }, true)).trimEnd().split('\n');
    expect(plain.map((line) => line.length)).toEqual(Array(24).fill(48));
    expect(plain.join('')).toMatch(/[=+*#%@]/);
    expect([await drawn({}, false), await drawn({}, true, '--quiet')]).toEqual(['', '']);
  });

  it('can be benchmarked like registered tasks', async () => {
    const path = await write('bench.json', JSON.stringify(task));
    const args = ['bench', '--tasks', path, '--policies', 'noop', '--episodes', '3', '--json', '--quiet'];
    const { code, stdout, stderr } = await callCommandLine(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout).results).toMatchObject([{ task: 'mine', policy: 'noop', episodes: 3 }]);
  });
});

describe('bench', () => {
  const bench = (...more: string[]) =>
    callCommandLine(['bench', '--tasks', 'reach', '--policies', 'random,noop', '--episodes', '6', ...more]);

  it('prints the same JSON for the same seed at any batch size, and another for another seed', async () => {
    const [first, again, unbatched, other] = await Promise.all([
      bench('--json', '--seed', '3'),
      bench('--json', '--seed', '3'),
      bench('--json', '--seed', '3', '--batch', '1'),
      bench('--json', '--seed', '4'),
    ]);
    expect(first!.code).toBe(0);
    expect(again!.stdout).toBe(first!.stdout);
    expect(unbatched!.stdout).toBe(first!.stdout);
    expect(JSON.parse(other!.stdout).episodes).not.toEqual(JSON.parse(first!.stdout).episodes);
  });

  it('puts the table on stdout and all else on stderr', async () => {
    const { stdout, stderr } = await bench();
    expect(stdout).toMatch(/^task +policy .*\n-.*\nreach +random .*\nreach +noop .*\n$/);
    expect(stderr).toMatch(/^reach: random solved \d of 6\nreach: noop solved \d of 6\n$/);
  });

  it('takes options from the environment and a file', async () => {
    const path = await write('bench.yaml', 'tasks: [reach]\npolicies: noop\nepisodes: 2\njson: true\n');
    const { stdout } = await callCommandLine(['bench', '--quiet'], { AMITABLE_CONFIG: path, AMITABLE_SEED: '9' });
    expect(JSON.parse(stdout)).toMatchObject({ results: [{ episodes: 2 }], environment: { seed: 9 } });
  });

  it('writes a report that `inspect` reads', async () => {
    const out = join(folder, 'report');
    const { stdout } = await bench('--out', out);
    expect((await readdir(out)).sort()).toEqual(['replays', 'report.html', 'report.json', 'report.md', 'results']);
    const inspected = await callCommandLine(['inspect', join(out, 'report.json')]);
    expect(inspected).toEqual({ code: 0, stdout, stderr: '' });
  });
});

test('a missing model is found before anything is played', async () => {
  const args = ['bench', '--tasks', 'reach,two-rooms', '--policies', 'random,agent', '--model', folder];
  const { code, stderr } = await callCommandLine(args);
  expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 1, lines: 1 });
  expect(stderr).toMatch(/^amitable: no model in /);
});

describe('help', () => {
  it.each([['--help'], ['run --help'], ['bench --help'], ['tasks --help'], ['tasks show --help'], ['--version']])(
    'amitable %s prints to stdout and exits with 0',
    async (line) => {
      const { code, stdout, stderr } = await callCommandLine(line.split(' '));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.trim()).not.toBe('');
    },
  );

  it('lists every verb', async () => {
    const { stdout } = await callCommandLine(['--help']);
    for (const verb of ['run', 'bench', 'train', 'tasks', 'inspect', 'doctor', 'completion']) {
      expect(stdout).toMatch(new RegExp(`amitable ${verb}\\b`));
    }
  });

  it('is the same whatever switches stand beside it', async () => {
    const { stdout } = await callCommandLine(['--help']);
    expect(await callCommandLine(['--json', '--help'])).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('completes verbs and options', async () => {
    const verbs = await callCommandLine(['--get-yargs-completions', 'amitable', '']);
    expect(verbs.stdout.split('\n')).toEqual(expect.arrayContaining(['run', 'bench', 'tasks']));
    const options = await callCommandLine(['--get-yargs-completions', 'amitable', 'run', '--']);
    expect(options.stdout.split('\n')).toEqual(expect.arrayContaining(['--task', '--episodes', '--json']));
    const values = await callCommandLine(['--get-yargs-completions', 'amitable', 'run', '--beside', '']);
    expect(values.stdout.split('\n')).toEqual(expect.arrayContaining(['random', 'noop', 'oracle']));
    const script = await callCommandLine(['completion']);
    expect(script.stdout).toContain('amitable --get-yargs-completions');
  });

  it.each([
    ['', ['run', 'train', 'config', 'completion']],
    ['ta', ['tasks']],
    ['tasks ', ['ls', 'show', 'check']],
    ['tasks ch', ['check']],
    ['tasks check --o', ['--out']],
    ['run --planner ic', ['icem']],
    ['run --json --planner ic', ['icem']],
    ['run --task push-to', ['push-to-goal', 'push-to-pose']],
    ['train --config two', ['two-rooms', 'two-rooms-pixels']],
    ['run --out ', []],
    ['run --planner icem --beside o', ['oracle']],
    ['rnu --pl', []],
  ])('completes `amitable %s`', async (line, expected) => {
    const { code, stdout } = await callCommandLine(['--get-yargs-completions', 'amitable', ...line.split(' ')]);
    expect(code).toBe(0);
    const offered = stdout.split('\n').filter((word) => word !== '');
    if (line === '') expect(offered).toEqual(expect.arrayContaining(expected));
    else expect(offered).toEqual(expected);
  });
});

test('a failure that is no wrong call exits with 1; AMITABLE_DEBUG=1 adds the stack', async () => {
  const args = ['run', '--task', 'reach', '--model', folder, '--episodes', '1'];
  const plain = await callCommandLine(args);
  expect(plain.code).toBe(1);
  expect(plain.stderr).toMatch(/^amitable: no model in '.*': config\.json cannot be read\. .*\n$/);
  const debug = await callCommandLine(args, { AMITABLE_DEBUG: '1' });
  expect(debug.stderr).toMatch(/\n\s+at /);
});

describe('config print', () => {
  it('prints what a call would take and where from, as a file that gives the same call', async () => {
    const file = await write('options.yaml', 'seed: 4\nplanner: icem\n');
    const call = ['run', '--episodes', '7', '--config', file];
    const environment = { AMITABLE_BATCH: '2' };
    const { code, stdout, stderr } = await callCommandLine(['config', 'print', ...call], environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^episodes: 7 +# --episodes$/m);
    expect(stdout).toMatch(/^batch: 2 +# AMITABLE_BATCH$/m);
    expect(stdout).toMatch(/^seed: 4 +# 'seed' in .*options\.yaml$/m);
    expect(stdout).toMatch(/^threads: 2 +# default; or AMITABLE_THREADS$/m);
    expect(stdout).toMatch(/^# task: is needed/m);
    const printed = await write('printed.yaml', stdout);
    const again = await callCommandLine(['config', 'print', 'run', '--config', printed, '--json']);
    const document = JSON.parse(again.stdout);
    expect(document.values).toMatchObject({ episodes: '7', batch: '2', seed: '4', planner: 'icem', json: 'true' });
    expect(document.from).toMatchObject({ episodes: `'episodes' in ${printed}`, task: null, json: '--json' });
  });
});
