import { existsSync } from 'node:fs';
import { RunError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import { optionalWholeNumber, requiredText, toggle, wholeNumber } from '../options.ts';
import { formatTable } from '../table.ts';

export const exportCommand = defineCommand({
  options: {
    model: requiredText('The model to export', 'DIR'),
    out: requiredText('Folder for encoder, predictor, rollout and probe as ONNX, card.json and run.py', 'DIR'),
    rows: wholeNumber({ describe: 'Frames, latents or futures in one call', minimum: 1, fallback: 1 }),
    slots: optionalWholeNumber('Slots that are predicted; without it all of the encoder', 1),
    horizon: optionalWholeNumber("Steps of a rollout; without it the planner's", 1),
    force: toggle('Replace what --out holds'),
  },
  async run({ model: directory, out, rows, slots, horizon, force }, terminal) {
    if (existsSync(`${out}/card.json`) && !force)
      throw new RunError(`'${out}' already holds an exported model. Export elsewhere, or replace it with --force.`);
    const { loadModel } = await import('../../world-model/model-store.ts');
    const { defaultExportShape } = await import('../../world-model/export/export-programs.ts');
    const { exportModel } = await import('../../world-model/export/export-model.ts');
    const model = await loadModel(directory);
    const usual = defaultExportShape(model.config);
    const shape = { rows, slots: slots ?? usual.slots, horizon: horizon ?? usual.horizon };
    const card = await exportModel(model, shape, out);
    const list = (tensors: (typeof card.graphs)[number]['inputs']) =>
      tensors.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
    const rowsOfTable = card.graphs.map(({ file, bytes, inputs, outputs }) => [
      file,
      `${(bytes / 1000).toFixed(0)}`,
      list(inputs),
      list(outputs),
    ]);
    const table = formatTable(['file', 'kB', 'takes', 'gives'], rowsOfTable, { left: ['file', 'takes', 'gives'] });
    terminal.result({ out, ...card }, `${table}\n\n${out}/card.json describes them, ${out}/run.py runs them in Python`);
  },
});
