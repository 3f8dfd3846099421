import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { inTurn } from '../../core/in-turn.ts';
import { type BenchShard, mergeShards, type NamedShard, shardSchema } from '../../eval/bench-plan.ts';
import { defineCommand } from '../command.ts';
import { optionalText, wholeNumber } from '../options.ts';
import { readDataFile, systemReason } from '../read-data-file.ts';
import { writeBench } from '../write-bench.ts';

export const mergeCommand = defineCommand({
  positionals: { shards: 'Files that `bench --shard` wrote, or folders with them, with commas between' },
  options: {
    out: optionalText('Folder for the report', 'DIR'),
    replays: wholeNumber({ describe: 'How many failures to draw in the report, with --out', minimum: 0, fallback: 6 }),
  },
  async run({ shards: places, out, replays }, terminal) {
    const files = (await inTurn(places.split(','), shardFiles)).flat();
    const shards = await inTurn(files, readShard);
    const report = mergeShards(shards);
    await writeBench({ report, plan: shards[0]!.shard.plan, out, replays, terminal });
  },
});

async function shardFiles(place: string): Promise<string[]> {
  const entry = await stat(place).catch((error: unknown) => {
    throw new UsageError(`cannot read '${place}': ${systemReason(error)}`);
  });
  if (!entry.isDirectory()) return [place];
  const names = (await readdir(place)).filter((name) => /^shard-\d+-of-\d+\.json$/.test(name)).sort();
  if (names.length === 0) throw new UsageError(`'${place}' holds no shard-1-of-n.json`);
  return names.map((name) => join(place, name));
}

async function readShard(path: string): Promise<NamedShard> {
  const data = await readDataFile(path, 'shard');
  if (typeof data === 'object' && data !== null && 'schema' in data && data.schema === shardSchema) {
    return { source: path, shard: data as BenchShard };
  }
  throw new UsageError(`'${path}' is not a shard: \`bench --shard i/n --out DIR\` writes them`);
}
