import { RunError, UsageError } from '../../core/errors.ts';
import type { EpisodeRecord, EpisodeSummary } from '../../memory/episode-record.ts';
import { type EpisodeStore, openEpisodeStore } from '../../memory/episode-store.ts';
import { reasonNotToRecall } from '../../memory/recallable.ts';
import { type Command, defineCommand } from '../command.ts';
import { deviceOption, optionalText, requiredText, threadsOption, toggle } from '../options.ts';
import { formatTable } from '../table.ts';

const memoryOption = requiredText("The memory's folder, as given to `run` and `bench`", 'DIR');

/** As many digits of a hash as people need. */
const shortHash = 12;

export const memoryCommand: Command = {
  subcommands: {
    ls: {
      describe: 'List what is remembered',
      ...defineCommand({
        options: { memory: memoryOption, task: optionalText('Only episodes of this task', 'ID') },
        run: ({ memory, task }, terminal) =>
          withStore(memory, 'read', (store) => {
            const episodes = store.list().filter((episode) => task === undefined || episode.task === task);
            terminal.result({ memory, ...store.state(), entries: episodes }, formatEpisodes(episodes));
          }),
      }),
    },
    show: {
      describe: 'Print one remembered episode',
      ...defineCommand({
        positionals: { episode: 'Its number, as `ls` prints it' },
        options: { memory: memoryOption },
        run: ({ episode, memory }, terminal) =>
          withStore(memory, 'read', (store) => {
            const number = parseNumber(episode);
            const record = store.read(number);
            const notRecalled = reasonNotToRecall(record);
            terminal.result({ number, ...toDocument(record), notRecalled }, formatRecord(number, record, notRecalled));
          }),
      }),
    },
    forget: {
      describe: 'Remove remembered episodes for good',
      ...defineCommand({
        options: {
          memory: memoryOption,
          episodes: optionalText('These, by number', 'N,N'),
          task: optionalText('All of this task', 'ID'),
          encoder: optionalText("All that the model whose hash begins so perceived; `ls` shows each one's", 'HASH'),
          all: toggle('All there are'),
        },
        run: ({ memory, episodes, task, encoder, all }, terminal) =>
          withStore(memory, 'change', (store) => {
            const asked = { episodes, task, encoder, all: all || undefined };
            const [choice, ...more] = Object.entries(asked).filter(([, value]) => value !== undefined);
            if (choice === undefined || more.length > 0) {
              throw new UsageError('say which to forget by one of --episodes, --task, --encoder, --all');
            }
            const forgotten = store.forget(chosen(store, choice[0], choice[1] as string));
            terminal.result({ memory, forgotten, ...store.state() }, `${memory}: ${plural(forgotten)} forgotten`);
          }),
      }),
    },
    reencode: {
      describe: 'Let another model look at the episodes again, from the pictures that are kept',
      ...defineCommand({
        options: {
          memory: memoryOption,
          model: requiredText('The model that is to recall them', 'DIR'),
          device: deviceOption,
          threads: threadsOption,
        },
        async run({ memory, model: directory, device, threads }, terminal) {
          const { loadModel } = await import('../../world-model/model-store.ts');
          const { createPerception } = await import('../../agent/perception.ts');
          const { reencodeEpisode } = await import('../../agent/reencode-episode.ts');
          const model = await loadModel(directory);
          const perception = await createPerception(model, { device, threads });
          await withStore(memory, 'change', async (store) => {
            const foreign = store
              .list()
              .filter(({ world, encoder }) => world === model.config.world && encoder !== model.hash);
            const progress = terminal.progress('looking again', foreign.length);
            try {
              // Each in a transaction of its own: a call that is broken off is finished by the next.
              for (const [done, { number }] of foreign.entries()) {
                store.replace(number, await reencodeEpisode(store.read(number), model, perception));
                progress.update(done + 1);
              }
            } finally {
              progress.stop();
            }
            const count = foreign.length;
            terminal.result({ memory, reencoded: count, ...store.state() }, `${memory}: ${plural(count)} seen anew`);
          });
          await perception.dispose();
        },
      }),
    },
    verify: {
      describe: 'Read everything and say what is damaged; fails where something is',
      ...defineCommand({
        options: { memory: memoryOption },
        run: ({ memory }, terminal) =>
          withStore(memory, 'read', (store) => {
            const problems = store.verify();
            const state = store.state();
            const lines = problems.length === 0 ? [`${memory}: ${plural(state.episodes)}, all whole`] : problems;
            terminal.result({ memory, ...state, problems }, lines.join('\n'));
            if (problems.length > 0) {
              throw new RunError(
                `the memory in '${memory}' has ${problems.length} damaged entries; 'forget' drops them`,
              );
            }
          }),
      }),
    },
  },
};

async function withStore(
  directory: string,
  access: 'read' | 'change',
  use: (store: EpisodeStore) => void | Promise<void>,
): Promise<void> {
  const store = await openEpisodeStore(directory, { access });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

function chosen(store: EpisodeStore, by: string, value: string): number[] {
  if (by === 'episodes') return value.split(',').map((text) => parseNumber(text.trim()));
  const found = store.list().filter((episode) => {
    if (by === 'task') return episode.task === value;
    return by === 'all' || episode.encoder.startsWith(value);
  });
  return found.map(({ number }) => number);
}

function parseNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new UsageError(`an episode's number is a whole number of at least 1, got '${text}'`);
}

function formatEpisodes(episodes: readonly EpisodeSummary[]): string {
  const rows = episodes.map(({ number, task, seed, steps, outcome, encoder, bytes }) => [
    String(number),
    task,
    String(seed),
    String(steps),
    outcome.success ? 'solved' : 'failed',
    outcome.finalDistance.toFixed(3),
    String(outcome.violationSteps),
    encoder.slice(0, shortHash),
    (bytes / 1000).toFixed(1),
  ]);
  const header = ['episode', 'task', 'seed', 'steps', 'outcome', 'distance', 'violating', 'encoder', 'kB'];
  return formatTable(header, rows, { left: ['task', 'outcome', 'encoder'] });
}

/** Numbers and words; pictures are counted. */
function toDocument({ experience, ...rest }: EpisodeRecord) {
  const { instruction, moments, actions, actionSize } = experience;
  const { goalFrame, ...told } = instruction;
  return {
    ...rest,
    instruction: { ...told, goalFrame: goalFrame === null ? null : goalFrame.shape },
    actions: chunk(actions, actionSize),
    moments: moments.map(({ step, positions, situation }) => ({
      step,
      positions: chunk(positions, 2),
      situation: situation && {
        kind: situation.kind,
        points: chunk(situation.points, 2),
        key: Array.from(situation.key),
      },
    })),
  };
}

function formatRecord(number: number, record: EpisodeRecord, notRecalled: string | null): string {
  const { world, encoder, seed, outcome, experience } = record;
  const { instruction, moments, actions, actionSize } = experience;
  const [start] = moments;
  const point = (values: readonly number[]) => `(${values.map((value) => value.toFixed(3)).join(', ')})`;
  const places = chunk(start?.positions ?? [], 2).map(
    (position, i) => `  ${instruction.entities[i]!.name.padEnd(10)} ${point(position)}`,
  );
  const targets = Object.entries(instruction.targets).map(([name, at]) => `  ${name.padEnd(10)} ${point(at)}`);
  const verdict = outcome.success ? 'solved' : 'failed';
  const broken = outcome.violationSteps === 0 ? 'no guardrail broken' : `broke ${outcome.violations.join(', ')}`;
  return [
    `episode ${number}: ${instruction.taskId} in ${world}, seed ${seed}`,
    `outcome    ${verdict}, ${outcome.finalDistance.toFixed(3)} left, ${broken} (${outcome.violationSteps} steps)`,
    `length     ${actions.length / actionSize} steps, ${moments.length} looks`,
    `recalled   ${notRecalled === null ? 'where it is alike' : `never: ${notRecalled}`}`,
    `kind       ${start?.situation?.kind ?? '-'}`,
    `encoder    ${encoder}`,
    'seen at the start',
    ...places,
    ...(targets.length === 0 ? [] : ['targets', ...targets]),
  ].join('\n');
}

function chunk(values: ArrayLike<number>, size: number): number[][] {
  return Array.from({ length: values.length / size }, (_, i) =>
    Array.from({ length: size }, (_, j) => values[i * size + j]!),
  );
}

function plural(count: number): string {
  return `${count} episode${count === 1 ? '' : 's'}`;
}
