import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createRng } from '../../src/core/rng.ts';
import { runEager } from '../../src/engine/run-eager.ts';
import { type ExportCard, exportModel } from '../../src/world-model/export/export-model.ts';
import { defaultExportShape, exportPrograms } from '../../src/world-model/export/export-programs.ts';
import type { StoredModel } from '../../src/world-model/model-store.ts';
import { callCommandLine } from '../support/call-command-line.ts';
import { encoders, feeling, modelWith, predictors, started } from './sample-models.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-export-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** With and without slots, with and without memory. */
const models = [
  ['interaction', modelWith({ encoder: encoders['colour-slots'] })],
  ['residual-mlp', modelWith({ encoder: encoders['spatial-softmax'] })],
  ['slots with proprioception', feeling['colour-slots with proprioception']!],
  ['causal-transformer', modelWith({ predictor: predictors['causal-transformer'] })],
] as const;

/** Runs a file as any other program would: by ONNX Runtime, knowing the card alone. */
async function runFile(
  directory: string,
  { file, inputs, outputs }: ExportCard['graphs'][number],
  feeds: Readonly<Record<string, Float32Array>>,
): Promise<Record<string, Float32Array>> {
  const session = await InferenceSession.create(join(directory, file));
  const tensors = inputs.map(({ name, shape }) => [name, new Tensor('float32', feeds[name]!, [...shape])]);
  const results = await session.run(Object.fromEntries(tensors));
  await session.release();
  expect(Object.keys(results).sort()).toEqual(outputs.map(({ name }) => name).sort());
  for (const { name, shape } of outputs) expect(results[name]!.dims).toEqual(shape);
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, data as Float32Array]));
}

describe.each(models)('%s', (kind, config) => {
  const model: StoredModel = { config, ...started(config), hash: 'abc', directory: 'none' };
  const shape = { ...defaultExportShape(config), rows: 2 };

  it('is the same model in its files as in the library, and the card says what they are', async () => {
    const directory = join(folder, kind);
    const card = await exportModel(model, shape, directory);
    expect((await readdir(directory)).sort()).toEqual(
      ['card.json', 'encoder.onnx', 'predictor.onnx', 'probe.onnx', 'rollout.onnx', 'run.py'].sort(),
    );
    expect(JSON.parse(await readFile(join(directory, 'card.json'), 'utf8'))).toEqual(card);
    const rng = createRng(1, kind);
    const programs = exportPrograms(model, shape);
    for (const [i, graph] of card.graphs.entries()) {
      const bytes = await readFile(join(directory, graph.file));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(graph.sha256);
      const feeds = Object.fromEntries(
        graph.inputs.map(({ name, shape }) => {
          const size = shape.reduce((product, n) => product * n, 1);
          const draw = name === 'frames' ? () => rng.between(0, 255) : () => rng.between(-1, 1);
          return [name, Float32Array.from({ length: size }, draw)];
        }),
      );
      const expected = await runEager(programs[i]!.program, feeds);
      for (const [name, values] of Object.entries(await runFile(directory, graph, feeds)))
        for (const [at, value] of values.entries()) expect(Math.abs(value - expected[name]![at]!)).toBeLessThan(2e-3);
      for (const { meaning } of [...graph.inputs, ...graph.outputs]) expect(meaning).toMatch(/./);
    }
  });
});

test('`export` writes them for any number of rows, slots and steps, and replaces nothing unasked', async () => {
  const { saveModel } = await import('../../src/world-model/model-store.ts');
  const config = modelWith({ encoder: encoders['colour-slots'] });
  const model = join(folder, 'model');
  await saveModel(model, config, started(config).parameters);
  const out = join(folder, 'out');
  const call = ['export', '--model', model, '--out', out, '--rows', '4', '--slots', '2', '--horizon', '5'];
  const { code, stdout } = await callCommandLine([...call, '--json']);
  expect(code).toBe(0);
  const { graphs } = JSON.parse(stdout) as ExportCard;
  const rollout = graphs.find(({ file }) => file === 'rollout.onnx')!;
  expect(rollout.outputs.map(({ name, shape }) => [name, shape.slice(0, 3)])).toEqual(
    expect.arrayContaining([
      ['latents', [4, 6, 2]],
      ['positions', [4, 6, 2]],
      ['headings', [4, 6, 2]],
    ]),
  );
  const again = await callCommandLine(call);
  expect(again).toMatchObject({ code: 1, stdout: '' });
  expect(again.stderr).toMatch(/already holds an exported model/);
  expect((await callCommandLine([...call, '--force'])).code).toBe(0);
});
