import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel } from '../../src/world-model/model-store.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { tinyTabletop } from '../training/tiny-recipes.ts';

let folder: string;
let recipe: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-sweep-test-'));
  recipe = join(folder, 'tiny.json');
  await writeFile(recipe, JSON.stringify({ ...tinyTabletop(), name: 'tiny' }));
});

afterAll(() => rm(folder, { recursive: true }));

test('a sweep trains what `train` trains, a model a seed, and nothing twice', async () => {
  const out = join(folder, 'sweep');
  const sweep = (...seeds: readonly number[]) =>
    callCommandLine(['sweep', '--configs', recipe, '--seeds', seeds.join(), '--threads', '1', '--out', out, '--json']);
  const { code, stdout } = await sweep(3);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema: 'amitable.sweep/1',
    runs: [{ name: 'tiny-3', seed: 3, model: join(out, 'tiny-3'), heldOut: { loss: expect.any(Number) } }],
  });
  const alone = join(folder, 'alone');
  const options = ['--seed', '3', '--threads', '1', '--workers', '0', '--quiet'];
  const train = ['train', '--config', recipe, '--out', alone, ...options];
  expect((await callCommandLine(train)).code).toBe(0);
  expect((await loadModel(join(out, 'tiny-3'))).hash).toBe((await loadModel(alone)).hash);

  const written = (await stat(await resultOf(out))).mtimeMs;
  const more = JSON.parse((await sweep(3, 4)).stdout);
  expect(more.runs.map(({ name }: { readonly name: string }) => name)).toEqual(['tiny-3', 'tiny-4']);
  expect((await stat(await resultOf(out))).mtimeMs).toBe(written);
  const other = (await loadModel(join(out, 'tiny-4'))).hash;
  expect(other).not.toBe((await loadModel(alone)).hash);
  expect(JSON.parse(await readFile(join(out, 'sweep.json'), 'utf8'))).toEqual(more);
});

test('two runs of one name, and seeds that are none, are wrong calls', async () => {
  const call = async (...more: readonly string[]) => {
    const { code, stderr } = await callCommandLine(['sweep', '--out', join(folder, 'wrong'), ...more]);
    return [code, stderr];
  };
  const copy = join(folder, 'copy.json');
  await writeFile(copy, await readFile(recipe));
  expect(await call('--configs', `${recipe},${copy}`)).toEqual([2, expect.stringContaining("named 'tiny-0'")]);
  expect(await call('--configs', recipe, '--seeds', '1,x')).toEqual([2, expect.stringContaining("got 'x'")]);
});

/** The file that holds the result of the first run. */
async function resultOf(out: string): Promise<string> {
  const names = (await readdir(join(out, 'results'), { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name));
  const ages = await Promise.all(names.map(async (name) => (await stat(join(out, 'results', name))).mtimeMs));
  return join(out, 'results', names[ages.indexOf(Math.min(...ages))]!);
}
