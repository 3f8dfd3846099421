import { extname } from 'node:path';
import { writeFileAtomic } from '../../core/atomic-file.ts';
import type { Environment } from '../../core/contracts.ts';
import { describeError, UsageError } from '../../core/errors.ts';
import type { TaskSpec } from '../../core/task.ts';
import { createEnvironment } from '../../env/create-environment.ts';
import { registeredTasks } from '../../env/registry.ts';
import { type Command, defineCommand } from '../command.ts';
import { loadTask, loadTaskFile } from '../load-task.ts';
import { optionalText } from '../options.ts';
import { formatTable } from '../table.ts';

/** Scenes that `check` draws: enough to meet a placement that fails once in thirty. */
const scenesDrawn = 100;
const picturedScenes = { count: 4, size: 320 } as const;
/** Pixels a side on a terminal: as many columns, half as many lines. */
const watchedSize = 48;

export const tasksCommand: Command = {
  subcommands: {
    ls: {
      describe: 'List the registered tasks',
      ...defineCommand({
        async run(_args, terminal) {
          const rows = registeredTasks.map(({ id, world = 'tabletop', scene, budgetSteps, description = '' }) => [
            id,
            world,
            String(scene.objects.length),
            String(budgetSteps),
            description,
          ]);
          const header = ['task', 'world', 'objects', 'steps', 'description'];
          terminal.result(registeredTasks, formatTable(header, rows, { left: ['task', 'world', 'description'] }));
        },
      }),
    },
    show: {
      describe: 'Print a task as it would stand in a file',
      ...defineCommand({
        positionals: { task: "A registered task's ID or a task file" },
        async run({ task: name }, terminal) {
          const task = await loadTask(name);
          const { stringify } = await import('yaml');
          terminal.result(task, stringify(task).trimEnd());
        },
      }),
    },
    check: {
      describe: 'Say whether a task file is right, and what is wrong with it',
      ...defineCommand({
        positionals: { file: 'A task file: JSON, YAML or TypeScript' },
        options: { out: optionalText('Draw four of its scenes, goals and zones marked, as a PNG', 'FILE') },
        async run({ file, out }, terminal) {
          const task = await loadTaskFile(file);
          drawScenes(task, file);
          const warnings = await checkGoals(task, file);
          terminal.picture(sceneOf(task, 0).render(watchedSize));
          if (out !== undefined) await drawPicture(task, out);
          const verdict = warnings.length === 0 ? 'is fine' : 'can be played, but';
          const lines = [
            `${file}: task '${task.id}' ${verdict}`,
            ...warnings.map((warning) => `  warning: ${warning}`),
          ];
          terminal.result({ file, id: task.id, ok: true, warnings }, lines.join('\n'));
        },
      }),
    },
  },
};

/** @throws UsageError for the first scene that cannot be drawn */
function drawScenes(task: TaskSpec, file: string): void {
  const environment = createEnvironment(task);
  for (let seed = 0; seed < scenesDrawn; seed++) {
    try {
      environment.reset({ seed });
    } catch (error) {
      throw new UsageError(`${file}: the scene of seed ${seed} cannot be drawn: ${describeError(error)}`);
    }
  }
}

/** What may be wrong with the task's goals. @throws UsageError for goals that no episode can reach */
async function checkGoals(task: TaskSpec, file: string): Promise<string[]> {
  if ((task.world ?? 'tabletop') !== 'tabletop') return [];
  const { findTroubles } = await import('../../env/tabletop/find-troubles.ts');
  const troubles = findTroubles(task);
  const errors = troubles.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new UsageError(errors.map(({ message }) => `${file}: in every scene, ${message}`).join('\n'));
  return troubles.map(({ message }) => message);
}

function sceneOf(task: TaskSpec, seed: number): Environment {
  const environment = createEnvironment(task);
  environment.reset({ seed });
  return environment;
}

/** Scenes of the seeds from 0 on, side by side. */
async function drawPicture(task: TaskSpec, path: string): Promise<void> {
  const { encodePng } = await import('../../data/encode-png.ts');
  const { count, size } = picturedScenes;
  if (extname(path).toLowerCase() !== '.png') throw new UsageError(`--out names a .png file, got '${path}'`);
  const strip = new Uint8Array(count * size * size * 3);
  for (let seed = 0; seed < count; seed++) {
    const { data } = sceneOf(task, seed).render(size);
    for (let row = 0; row < size; row++)
      strip.set(data.subarray(row * size * 3, (row + 1) * size * 3), (row * count + seed) * size * 3);
  }
  await writeFileAtomic(path, encodePng(strip, count * size, size));
}
