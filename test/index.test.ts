import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { repositoryRoot } from './support/source-imports.ts';

/** Runs a module in a process of its own that imports the built package by its name. */
async function runModule(source: string): Promise<unknown> {
  const args = ['--input-type=module', '-e', `${source}\nprocess.stdout.write(JSON.stringify(result));`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repositoryRoot });
  return JSON.parse(stdout);
}

test('the package is imported by its name, and importing starts nothing', async () => {
  const result = await runModule(`
    const before = process.getActiveResourcesInfo();
    const { default: _, ...library } = await import('amitable');
    await new Promise(setImmediate);
    // Not the reading of modules, which may not have ended.
    const lasting = /Timeout|Worker|Socket|Server|Port|Process/;
    const started = process.getActiveResourcesInfo().filter((name) => !before.includes(name) && lasting.test(name));
    const result = { names: Object.keys(library), started, listeners: process.eventNames().map(String) };
  `);
  const { names, started, listeners } = result as { names: string[]; started: string[]; listeners: string[] };
  expect(names).toEqual(
    expect.arrayContaining(['createAgent', 'createEnvironment', 'taskById', 'createPlanner', 'runEpisodes', 'compile']),
  );
  expect({ started, signals: listeners.filter((name) => name.startsWith('SIG')) }).toEqual({
    started: [],
    signals: [],
  });
});

test('a policy of one’s own plays a registered task in ten lines', async () => {
  const result = await runModule(`
    import { createEnvironment, episodeSeeds, runEpisodes, taskById, wilson95 } from 'amitable';
    const task = taskById('reach');
    const still = { name: 'still', begin: async () => {}, act: async (all) => all.map(() => ({ action: new Float32Array(2) })) };
    const episodes = await runEpisodes({
      policy: still,
      createEnvironment: () => createEnvironment(task),
      seeds: episodeSeeds(1, task.id, 5),
    });
    const result = { steps: episodes.map((episode) => episode.steps), interval: wilson95(0, episodes.length) };
  `);
  expect(result).toEqual({ steps: [15, 15, 15, 15, 15], interval: [0, expect.closeTo(0.4345, 4)] });
});
