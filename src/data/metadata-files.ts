import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { type Feature, listSchema } from './features.ts';
import { dataPathTemplate, filesPerChunk, formatVersion, type Manifest } from './manifest.ts';

/** One episode in the table of episodes. */
export interface EpisodeRow {
  readonly seed: number;
  readonly length: number;
  readonly task: string;
  readonly success: boolean;
  /** The file of data it lies in, counted over all chunks. */
  readonly file: number;
  /** Its rows of the whole data set: [fromIndex, toIndex). */
  readonly fromIndex: number;
  readonly toIndex: number;
}

/** `meta/info.json` as LeRobot reads it. */
export function infoDocument(
  features: Readonly<Record<string, Feature>>,
  episodes: readonly EpisodeRow[],
  framesPerSecond: number,
  fileMegabytes: number,
) {
  return {
    codebase_version: formatVersion,
    robot_type: 'amitable',
    total_episodes: episodes.length,
    total_frames: episodes.at(-1)?.toIndex ?? 0,
    total_tasks: 1,
    chunks_size: filesPerChunk,
    data_files_size_in_mb: fileMegabytes,
    video_files_size_in_mb: 500,
    fps: framesPerSecond,
    splits: { train: `0:${episodes.length}` },
    data_path: dataPathTemplate,
    video_path: null,
    features,
  };
}

/** `meta/episodes/...`: where each episode lies. The last three columns are ours. */
export function createEpisodeTable(episodes: readonly EpisodeRow[]): Uint8Array {
  const integers = (name: string, value: (row: EpisodeRow, i: number) => number): ColumnSource => ({
    name,
    data: episodes.map((row, i) => BigInt(value(row, i))),
    type: 'INT64',
  });
  const columns: ColumnSource[] = [
    integers('episode_index', (_, i) => i),
    { name: 'tasks', data: episodes.map(({ task }) => [task]) },
    integers('length', ({ length }) => length),
    integers('data/chunk_index', ({ file }) => Math.floor(file / filesPerChunk)),
    integers('data/file_index', ({ file }) => file % filesPerChunk),
    integers('dataset_from_index', ({ fromIndex }) => fromIndex),
    integers('dataset_to_index', ({ toIndex }) => toIndex),
    integers('meta/episodes/chunk_index', () => 0),
    integers('meta/episodes/file_index', () => 0),
    integers('seed', ({ seed }) => seed),
    { name: 'success', data: episodes.map(({ success }) => success), type: 'BOOLEAN' },
  ];
  const text = { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;
  const schema = columns.flatMap(({ name, type }) =>
    name === 'tasks'
      ? listSchema(name, text)
      : [{ name, type: type === 'BOOLEAN' ? 'BOOLEAN' : 'INT64', repetition_type: 'OPTIONAL' } as const],
  );
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map(({ name, data }) => ({ name, data })),
      schema: [{ name: 'schema', num_children: columns.length }, ...schema],
      createdBy: 'amitable',
    }),
  );
}

/** `meta/tasks.parquet`: a pandas frame with the task's text as its index, as LeRobot looks tasks up. */
export function writeTaskTable(tasks: readonly string[]): Uint8Array {
  const column = (name: string, pandasType: string, numpyType: string) => ({
    name,
    field_name: name,
    pandas_type: pandasType,
    numpy_type: numpyType,
    metadata: null,
  });
  const pandas = {
    index_columns: ['task'],
    column_indexes: [
      { name: null, field_name: null, pandas_type: 'unicode', numpy_type: 'object', metadata: { encoding: 'UTF-8' } },
    ],
    columns: [column('task_index', 'int64', 'int64'), column('task', 'unicode', 'object')],
    creator: { library: 'amitable', version: '1' },
    pandas_version: '2.0.0',
  };
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'task_index', data: tasks.map((_, i) => BigInt(i)), type: 'INT64' },
        { name: 'task', data: [...tasks], type: 'STRING' },
      ],
      kvMetadata: [{ key: 'pandas', value: JSON.stringify(pandas) }],
      createdBy: 'amitable',
    }),
  );
}

/** What a person who finds the folder needs to know. */
export function readmeText(
  { task, policy, seed, frameShape, truthNames, proprioceptionNames }: Manifest,
  episodes: readonly EpisodeRow[],
): string {
  const frames = episodes.at(-1)?.toIndex ?? 0;
  const felt =
    proprioceptionNames === undefined
      ? ''
      : `| \`observation.state\` | what the pusher's body tells then: ${proprioceptionNames.join(', ')} (table widths, and table widths a step) |\n`;
  return `# ${task.id}: ${episodes.length} episodes by ${policy}

${frames} steps, frames of ${frameShape.join('x')}, collected by \`amitable collect\` with policy \`${policy}\` and seed ${seed}.
The layout is LeRobot ${formatVersion}; \`meta/amitable.json\` holds the whole task.

| column | what |
|---|---|
| \`observation.image\` | what an agent sees when it decides: PNG bytes |
${felt}| \`action\` | what was done then |
| \`truth.poses\` | privileged: ${truthNames.join(', ')} (table widths, radians) |
| \`simulator.state\` | privileged: the simulator's exact state, to play on from |
| \`next.reward\`, \`next.done\`, \`next.success\`, \`next.violation\` | what came of the action |

An agent may learn from the observations and \`action\`. The privileged columns are labels for probes and checks;
a model that is trained on them no longer learns from pixels.
`;
}
