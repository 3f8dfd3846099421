import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelConfig, parseModelConfig } from '../../src/world-model/config.ts';
import { loadModel, saveModel } from '../../src/world-model/model-store.ts';
import { stirred } from './sample-models.ts';

/** What a model's folder owes each of its parts, named as in `config.json`. */
export function testStoring(part: 'encoder' | 'predictor' | 'decoder', config: ModelConfig): void {
  test('is saved and loaded with its model, to the bit', async () => {
    const folder = await mkdtemp(join(tmpdir(), `amitable-${part}-`));
    const { parameters } = stirred(config);
    await saveModel(folder, config, parameters);
    const stored = await loadModel(folder);
    expect(stored.config).toEqual(config);
    expect(stored.parameters).toEqual(parameters);
    await rm(folder, { recursive: true });
  });

  test('takes no setting that it does not know', () => {
    const foreign = { ...config, [part]: { ...config[part], dropout: 0.1 } };
    expect(() => parseModelConfig(foreign, 'config.json')).toThrow(new RegExp(`${part}: .*dropout`));
  });
}
