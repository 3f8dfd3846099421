import { describeError, UsageError } from '../../core/errors.ts';
import { createEnvironment } from '../../env/create-environment.ts';
import { registeredTasks } from '../../env/registry.ts';
import { type Command, defineCommand } from '../command.ts';
import { loadTask, loadTaskFile } from '../load-task.ts';
import { formatTable } from '../table.ts';

/** Scenes that `check` draws: enough to meet a placement that fails once in thirty. */
const scenesDrawn = 100;

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
        async run({ file }, terminal) {
          const task = await loadTaskFile(file);
          const environment = createEnvironment(task);
          for (let seed = 0; seed < scenesDrawn; seed++) {
            try {
              environment.reset({ seed });
            } catch (error) {
              throw new UsageError(`${file}: the scene of seed ${seed} cannot be drawn: ${describeError(error)}`);
            }
          }
          terminal.result({ file, id: task.id, ok: true }, `${file}: task '${task.id}' is fine`);
        },
      }),
    },
  },
};
