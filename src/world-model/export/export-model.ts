import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import { packageVersion } from '../../core/package-root.ts';
import { compile } from '../../engine/compile.ts';
import type { Executable } from '../../engine/program.ts';
import type { StoredModel } from '../decode-model.ts';
import { type ExportProgram, type ExportShape, exportPrograms } from './export-programs.ts';
import { pythonExample } from './python-example.ts';

export const exportSchema = 'amitable.export/1';

/** `card.json`: what the graphs of an exported model take and give. */
export interface ExportCard {
  readonly schema: typeof exportSchema;
  readonly amitable: string;
  readonly world: string;
  /** SHA-256 of the model that was exported. */
  readonly model: string;
  readonly shape: ExportShape;
  readonly normalisation: {
    readonly frames: string;
    readonly positions: string;
    readonly actions: {
      readonly unit: string;
      readonly low: readonly number[];
      readonly high: readonly number[];
      readonly maxNorm: number | null;
      /** Control steps that one predicted action is held for. */
      readonly actionRepeat: number;
    };
  };
  readonly graphs: readonly ExportedGraph[];
}

export interface ExportedGraph {
  readonly file: string;
  readonly describe: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly opset: 18;
  readonly inputs: readonly ExportedTensor[];
  readonly outputs: readonly ExportedTensor[];
}

export interface ExportedTensor {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly meaning: string;
}

const actionUnits: Readonly<Record<string, string>> = {
  tabletop: 'pusher displacement in a control step, 1 is 0.08 table widths',
  'two-rooms': 'displacement of the dot in a control step, pixels of the 65 x 65 field',
  'push-t': 'where the pusher is sent, from where it is, 1 is 100 of the 512 units of the field',
};

/**
 * Writes a model as ONNX graphs with a card that describes them and a Python program that runs them. The same model
 * and shape give the same bytes.
 *
 * @throws RunError where a graph can't be made or run
 */
export async function exportModel(model: StoredModel, shape: ExportShape, directory: string): Promise<ExportCard> {
  const { config, hash } = model;
  const graphs: ExportedGraph[] = [];
  for (const each of exportPrograms(model, shape)) {
    const executable = await compile(each.program);
    await writeFileAtomic(join(directory, `${each.program.name}.onnx`), executable.onnx);
    graphs.push(describeGraph(each, executable));
    await executable.dispose();
  }
  const { low, high, maxNorm = null } = config.action;
  const card: ExportCard = {
    schema: exportSchema,
    amitable: packageVersion(),
    world: config.world,
    model: hash,
    shape,
    normalisation: {
      frames: 'bytes as floats, 0 ... 255; the graph does the rest',
      positions: 'table widths, origin top left, x to the right, y down',
      actions: { unit: actionUnits[config.world]!, low, high, maxNorm, actionRepeat: config.actionRepeat },
    },
    graphs,
  };
  await writeFileAtomic(join(directory, 'card.json'), `${JSON.stringify(card, null, 2)}\n`);
  await writeFileAtomic(join(directory, 'run.py'), pythonExample);
  return card;
}

function describeGraph({ program, describe, meanings }: ExportProgram, executable: Executable): ExportedGraph {
  const tensors = (specs: Executable['inputs']): ExportedTensor[] =>
    Object.entries(specs).map(([name, { dtype, shape }]) => ({ name, type: dtype, shape, meaning: meanings[name]! }));
  return {
    file: `${program.name}.onnx`,
    describe,
    sha256: createHash('sha256').update(executable.onnx).digest('hex'),
    bytes: executable.onnx.length,
    opset: 18,
    inputs: tensors(executable.inputs),
    outputs: tensors(executable.outputs),
  };
}
