import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { DatasetDescription } from '../../data/describe-dataset.ts';
import { benchSchema } from '../../eval/bench-report.ts';
import type { Replay } from '../../eval/replay/replay-file.ts';
import { latentSize, staticSize } from '../../world-model/config.ts';
import { defineCommand } from '../command.ts';
import { loadAnyModel } from '../load-any-model.ts';
import { readDataFile, systemReason } from '../read-data-file.ts';
import { formatResults } from '../results-table.ts';
import type { Terminal } from '../terminal.ts';

export const inspectCommand = defineCommand({
  positionals: { path: 'A model, a data set, or a report or replay that `bench` or `run` wrote' },
  async run({ path }, terminal) {
    const entry = await stat(path).catch((error: unknown) => {
      throw new UsageError(`cannot read '${path}': ${systemReason(error)}`);
    });
    if (!entry.isDirectory()) {
      await inspectFile(path, terminal);
      return;
    }
    if (existsSync(join(path, 'meta/info.json'))) {
      const { describeDataset } = await import('../../data/describe-dataset.ts');
      const description = await describeDataset(path);
      terminal.result({ path, ...description }, formatDataset(description));
      return;
    }
    const loaded = await loadAnyModel(path);
    if (loaded.kind !== 'world-model') {
      const { config, parameters, hash } = loaded.model;
      const text = [
        `${loaded.kind}, ${parameters.length.toLocaleString('en')} parameters, judges a frame by the ${config.context} before it`,
        `frame      ${config.frame.join(' x ')}`,
        `sha256     ${hash}`,
      ];
      terminal.result({ path, hash, parameters: parameters.length, config }, text.join('\n'));
      return;
    }
    const { config, layout, parameters, hash } = loaded.model;
    const largest = layout.entries.map(({ name, shape, size }) => ({ name, shape, size }));
    const still = staticSize(config);
    const lines = [
      `${config.world} model, ${parameters.length.toLocaleString('en')} parameters in ${largest.length} tensors`,
      `encoder    ${config.encoder.kind}, ${latentSize(config)} numbers a latent${still === 0 ? '' : `, ${still} of them static`}`,
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

/** A report or a replay: each says which it is. */
async function inspectFile(path: string, terminal: Terminal): Promise<void> {
  const data = await readDataFile(path, 'report or replay');
  const schema = typeof data === 'object' && data !== null && 'schema' in data ? data.schema : undefined;
  if (schema === benchSchema) {
    const { parseReport } = await import('../read-report.ts');
    const report = parseReport(data, path);
    return terminal.result(report, formatResults(report));
  }
  const { parseReplay, replaySchema } = await import('../../eval/replay/replay-file.ts');
  if (schema === replaySchema) {
    const summary = { path, ...summarise(parseReplay(JSON.stringify(data), path)) };
    return terminal.result(summary, formatReplay(summary));
  }
  throw new UsageError(
    `'${path}' is neither a model folder nor a data set, nor a report or replay: those have the schema '${benchSchema}' or '${replaySchema}'`,
  );
}

function summarise({ task, policy, seed, success, steps }: Replay) {
  return {
    schema: 'amitable.replay/1',
    task: task.id,
    policy,
    seed,
    success,
    steps: steps.length,
    finalDistance: steps.at(-1)?.distance ?? null,
    violationSteps: steps.filter(({ violations }) => violations.length > 0).length,
    fallbacks: steps.filter(({ imagined }) => imagined !== null && imagined.fallback !== null).length,
    unable: steps.at(-1)?.unable ?? false,
  };
}

function formatReplay(replay: ReturnType<typeof summarise>): string {
  const { task, policy, seed, success, steps, finalDistance, violationSteps, fallbacks, unable } = replay;
  const words = [success ? 'solved' : 'failed', ...(unable ? ['said that it could not do this safely'] : [])];
  return [
    `replay of task '${task}', ${steps} steps`,
    `policy     ${policy}, seed ${seed}`,
    `outcome    ${words.join(', ')}, ${finalDistance?.toFixed(3) ?? '-'} left`,
    `guardrails ${violationSteps} steps broke one, ${fallbacks} decisions fell back`,
  ].join('\n');
}
