/**
 * Calibrates a trained tabletop model anew: node dist/scripts/calibrate.js MODEL [--quantile Q] [--episodes N]
 * [--seed N] [--out DIR]. Without --out, writes into MODEL's own config.json.
 */
import { parseArgs } from 'node:util';
import { calibrate } from '../src/training/calibrate.ts';
import { recipeByName } from '../src/training/recipes.ts';
import { loadModel, saveModel } from '../src/world-model/model-store.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quantile: { type: 'string', default: '0.9' },
    episodes: { type: 'string', default: '600' },
    seed: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
});
const [directory] = positionals;
if (directory === undefined) throw new Error('name the folder of the model');
const model = await loadModel(directory);
const { data } = recipeByName('tabletop-small');
if (data.kind !== 'tabletop-play') throw new Error('the recipe of the table plays on the table');
const calibration = await calibrate({
  model,
  data,
  seed: Number(values.seed),
  episodes: Number(values.episodes),
  quantile: Number(values.quantile),
  device: 'native',
  threads: 1,
});
await saveModel(values.out ?? directory, { ...model.config, calibration }, model.parameters);
process.stdout.write(`${JSON.stringify(calibration, null, 2)}\n`);
