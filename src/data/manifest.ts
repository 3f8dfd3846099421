import { z } from 'zod';

/** LeRobot's data set format that is written and read. */
export const formatVersion = 'v3.0';

/** Where a data set keeps what, relative to its folder. */
export const paths = {
  info: 'meta/info.json',
  stats: 'meta/stats.json',
  tasks: 'meta/tasks.parquet',
  episodes: 'meta/episodes/chunk-000/file-000.parquet',
  /** Beside LeRobot's own files, which its tools would not keep unknown keys in. */
  manifest: 'meta/amitable.json',
  readme: 'README.md',
} as const;

export const dataPathTemplate = 'data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet';

/** LeRobot's limit of files in one folder. */
export const filesPerChunk = 1000;

/** `data/chunk-000/file-007.parquet`: the file of data with this number, counted over all chunks. */
export function dataPath(file: number): string {
  const three = (value: number) => String(value).padStart(3, '0');
  return `data/chunk-${three(Math.floor(file / filesPerChunk))}/file-${three(file % filesPerChunk)}.parquet`;
}

/** What the data were collected with: enough to collect them again. */
export const manifestSchema = z.object({
  schema: z.literal('amitable.dataset/1'),
  /** The whole task, as plain data. */
  task: z.looseObject({ id: z.string() }),
  policy: z.string(),
  /** The seed that every episode's own is derived from. */
  seed: z.number().int(),
  frameShape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  actionSize: z.number().int(),
  stateSize: z.number().int(),
  truthNames: z.array(z.string()),
  /** Absent where the world gives no proprioception. */
  proprioceptionNames: z.array(z.string()).optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** What of LeRobot's `info.json` reading needs. */
export const infoSchema = z.looseObject({
  codebase_version: z.string(),
  fps: z.number(),
  total_episodes: z.number().int(),
  total_frames: z.number().int(),
  features: z.record(z.string(), z.looseObject({ dtype: z.string(), shape: z.array(z.number().int()) })),
});

export type Info = z.infer<typeof infoSchema>;
