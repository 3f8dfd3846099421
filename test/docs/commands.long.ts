import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../support/source-imports.ts';
import { documentedCalls } from './documented.ts';

/**
 * Every call that the documents tell of, in their order and in one folder, on the build; with one episode each, so
 * that it ends. What trains for minutes, waits for others, or needs a service is left to tests of its own.
 */

const main = join(repositoryRoot, 'dist/src/cli/main.js');
const left = ['train', 'watch', 'serve', 'worker', 'reproduce', 'merge', 'physics'];
const played = ['run', 'bench', 'collect'];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-commands-'));
  for (const name of ['examples', 'models', 'bench']) await symlink(join(repositoryRoot, name), join(folder, name));
  // What the calls of `train` would have made.
  await mkdir(join(folder, 'runs'));
  for (const name of ['tabletop-small', 'two-rooms']) {
    await symlink(join(repositoryRoot, 'models', name), join(folder, 'runs', name));
  }
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

const calls = documentedCalls().filter(([verb]) => !left.includes(verb!));

test.each(calls.map((call) => [call.join(' '), call] as const))('amitable %s', async (_, call) => {
  const [verb] = call;
  const needs = call.some((word) => word === '--shard' || word === '--queue' || word === '--manifests');
  if (needs) return;
  // Several documents collect into the same folder, which has to be new.
  if (verb === 'collect') await rm(join(folder, call[call.indexOf('--out') + 1]!), { recursive: true, force: true });
  const args = played.includes(verb!) ? [...call, '--episodes', '1'] : call;
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args], { cwd: folder, maxBuffer: 1e8 });
  expect(stdout.trim()).not.toBe('');
});
