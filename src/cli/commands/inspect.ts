import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { DatasetDescription } from '../../data/describe-dataset.ts';
import { type BenchReport, benchSchema } from '../../eval/bench-report.ts';
import { latentSize } from '../../world-model/config.ts';
import { defineCommand } from '../command.ts';
import { readDataFile, systemReason } from '../read-data-file.ts';
import { formatResults } from '../results-table.ts';

export const inspectCommand = defineCommand({
  positionals: { path: 'A model folder, a data set, or a report of `bench` or `run`' },
  async run({ path }, terminal) {
    const entry = await stat(path).catch((error: unknown) => {
      throw new UsageError(`cannot read '${path}': ${systemReason(error)}`);
    });
    if (!entry.isDirectory()) {
      const report = await readReport(path);
      terminal.result(report, formatResults(report));
      return;
    }
    if (existsSync(join(path, 'meta/info.json'))) {
      const { describeDataset } = await import('../../data/describe-dataset.ts');
      const description = await describeDataset(path);
      terminal.result({ path, ...description }, formatDataset(description));
      return;
    }
    const { loadModel } = await import('../../world-model/model-store.ts');
    const { config, layout, parameters, hash } = await loadModel(path);
    const largest = layout.entries.map(({ name, shape, size }) => ({ name, shape, size }));
    const lines = [
      `${config.world} model, ${parameters.length.toLocaleString('en')} parameters in ${largest.length} tensors`,
      `encoder    ${config.encoder.kind}, ${latentSize(config)} numbers a latent`,
      `predictor  ${config.ensemble === undefined ? '' : `${config.ensemble} x `}${config.predictor.kind}, ${config.actionRepeat} control steps a prediction`,
      `frame      ${config.frame.join(' x ')}`,
      `planner    ${config.planner.name} ${JSON.stringify(config.planner.options)}`,
      `sha256     ${hash}`,
    ];
    terminal.result({ path, hash, parameters: parameters.length, config, tensors: largest }, lines.join('\n'));
  },
});

function formatDataset(set: DatasetDescription): string {
  return [
    `data set of task '${set.taskId}', ${set.format}, ${set.megabytes.toFixed(1)} MB`,
    `policy     ${set.policy}, seed ${set.seed}`,
    `episodes   ${set.episodes}, of ${set.shortestEpisode} to ${set.longestEpisode} steps, ${set.successes} successful`,
    `steps      ${set.steps}`,
    `frame      ${set.frameShape.join(' x ')}`,
    `columns    ${set.columns.join(', ')}`,
  ].join('\n');
}

async function readReport(path: string): Promise<BenchReport> {
  const data = await readDataFile(path, 'report');
  if (typeof data === 'object' && data !== null && 'schema' in data && data.schema === benchSchema) {
    return data as BenchReport;
  }
  throw new UsageError(
    `'${path}' is neither a model folder nor a report nor a data set; a report has the schema '${benchSchema}'`,
  );
}
