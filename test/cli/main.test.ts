import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/source-imports.ts';

const main = join(repositoryRoot, 'dist/src/cli/main.js');

interface Exit {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Node in a process of its own, on the build. */
async function node(...args: readonly string[]): Promise<Exit> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [...args], { env: {}, cwd: repositoryRoot });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Exit;
    return { code, stdout, stderr };
  }
}

/** Preloaded: prints what the process used when it ends. */
const meter = (expression: string): string =>
  `data:text/javascript,${encodeURIComponent(
    `import { createRequire } from 'node:module';
     const { cache } = createRequire('/');
     process.on('exit', () => process.stderr.write(JSON.stringify(${expression})));`,
  )}`;

describe('the built command', () => {
  it('prints help within 300 ms of processor time, where Node alone takes 50', async () => {
    const milliseconds = async (...args: string[]): Promise<number> => {
      const { stderr } = await node('--import', meter('process.cpuUsage()'), ...args);
      const { user, system } = JSON.parse(stderr);
      return (user + system) / 1000;
    };
    // One and the same machine was seen at two fifths of its speed another day, and slower still beside other work: each
    // time is told in those of a Node that does nothing, begun just before.
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const bare = await milliseconds('-e', '0');
      times.push((await milliseconds(main, '--help')) * Math.min(1, 50 / bare));
    }
    expect(Math.min(...times)).toBeLessThan(300);
  });

  it.each([['--help'], ['run --help'], ['bench --help'], ['tasks ls']])(
    'loads no tensor library for %s',
    async (line) => {
      const { code, stderr } = await node('--import', meter('Object.keys(cache)'), main, ...line.split(' '));
      expect(code).toBe(0);
      const loaded: string[] = JSON.parse(stderr);
      expect(loaded.filter((file) => /@tensorflow|onnxruntime/.test(file))).toEqual([]);
    },
  );

  it('would be caught loading one: the check sees them', async () => {
    const engine = pathToFileURL(join(repositoryRoot, 'dist/src/engine/tf.js')).href;
    const { stderr } = await node(
      '--import',
      meter('Object.keys(cache)'),
      '--input-type=module',
      '-e',
      `import '${engine}'`,
    );
    expect(stderr).toContain('tfjs-core');
  });

  it('exits with 2 and one line for a wrong call', async () => {
    expect(await node(main, 'rnu')).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^amitable: unknown verb 'rnu'\. Did you mean 'run'\? [^\n]+\n$/),
    });
  });

  it('exits with 1 for work that failed', async () => {
    const { code, stderr } = await node(main, 'run', '--task', 'reach', '--model', 'src');
    expect({ code, lines: stderr.trimEnd().split('\n').length }).toEqual({ code: 1, lines: 1 });
  });

  it.each([
    [2, 'tasks check LICENSE'],
    [2, 'tasks check nowhere.yaml'],
    [2, 'run --task reach --config package-lock.json'],
    [1, 'export --model src --out nowhere'],
    [1, 'run --task reach --model src --out nowhere'],
  ])('exits with %d, one line and nothing written for: %s', async (expected, line) => {
    const { code, stdout, stderr } = await node(main, ...line.split(' '));
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(/^amitable: [^\n]+\n$/);
    expect(existsSync(join(repositoryRoot, 'nowhere'))).toBe(false);
  });

  it('prints one JSON document on stdout, and nothing else anywhere under --quiet', async () => {
    const args = ['bench', '--tasks', 'reach', '--policies', 'random', '--episodes', '2', '--json', '--quiet'];
    const { code, stdout, stderr } = await node(main, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'amitable.bench/1', results: [{ episodes: 2 }] });
  });

  it('survives a reader that goes away', async () => {
    // More than a pipe holds, so that writing goes on after the reader has left.
    const line = 'bench --tasks reach --policies noop --episodes 300 --seed 0 --json --quiet';
    const pipe = `"${process.execPath}" "${main}" ${line} | head -c 1`;
    const { stderr } = await promisify(execFile)('bash', ['-o', 'pipefail', '-c', pipe]);
    expect(stderr).toBe('');
  });

  it('finds every device, version and model, or says why not', async () => {
    const { code, stdout } = await node(main, 'doctor', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report.ready).toBe(true);
    expect(report.tools).toEqual([
      { name: 'node', needed: true, found: process.versions.node, fix: null },
      expect.objectContaining({ name: 'ffmpeg', needed: false }),
    ]);
    for (const { found, fix } of report.tools) expect(found === null).toBe(fix !== null);
    expect(report.versions).toMatchObject({ amitable: expect.any(String), node: process.versions.node });
    const native = report.devices.find((device: { name: string }) => device.name === 'native');
    expect(native).toMatchObject({ available: true, why: null, fix: null });
    for (const device of report.devices) {
      if (!device.available)
        expect(device).toMatchObject({ why: expect.stringMatching(/./), fix: expect.stringMatching(/./) });
    }
    for (const model of report.models) expect(model).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});
