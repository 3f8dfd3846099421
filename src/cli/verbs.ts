import type { Command } from './command.ts';

/** A verb as `--help` lists it. Its module is loaded when the verb is called, and not before. */
export interface Verb {
  /** The name, with positional arguments: `inspect <path>`. */
  readonly usage: string;
  readonly describe: string;
  load(): Promise<Command>;
}

/** The parser's own. */
export const completionVerb = {
  usage: 'completion',
  describe: 'Print a script for completion in bash or zsh',
} as const;

export const verbs: readonly Verb[] = [
  {
    usage: 'run',
    describe: 'Play planning episodes and draw what happened',
    load: async () => (await import('./commands/run.ts')).runCommand,
  },
  {
    usage: 'bench',
    describe: 'Compare policies on the same held-out episodes',
    load: async () => (await import('./commands/bench.ts')).benchCommand,
  },
  {
    usage: 'merge <shards>',
    describe: 'Make one report of the shards of a benchmark',
    load: async () => (await import('./commands/merge.ts')).mergeCommand,
  },
  {
    usage: 'reproduce <id>',
    describe: 'Run a published result again and say whether it comes out the same',
    load: async () => (await import('./commands/reproduce.ts')).reproduceCommand,
  },
  {
    usage: 'collect',
    describe: 'Collect a data set in the LeRobot layout',
    load: async () => (await import('./commands/collect.ts')).collectCommand,
  },
  {
    usage: 'train',
    describe: 'Train a world model from nothing',
    load: async () => (await import('./commands/train.ts')).trainCommand,
  },
  {
    usage: 'watch',
    describe: 'Train an encoder on frames alone, for `train --from`',
    load: async () => (await import('./commands/watch.ts')).watchCommand,
  },
  {
    usage: 'sweep',
    describe: 'Train several configurations, objectives and seeds',
    load: async () => (await import('./commands/sweep.ts')).sweepCommand,
  },
  {
    usage: 'worker',
    describe: 'Do what `--queue` of bench, collect and sweep hands out, on any number of machines',
    load: async () => (await import('./commands/worker.ts')).workerCommand,
  },
  {
    usage: 'physics',
    describe: 'Show films of which some can not be, and say what surprises',
    load: async () => (await import('./commands/physics.ts')).physicsCommand,
  },
  {
    usage: 'memory',
    describe: 'List, show, verify and forget remembered episodes',
    load: async () => (await import('./commands/memory.ts')).memoryCommand,
  },
  {
    usage: 'tasks',
    describe: 'List and show registered tasks, check task files',
    load: async () => (await import('./commands/tasks.ts')).tasksCommand,
  },
  {
    usage: 'inspect <path>',
    describe: 'Say what a model, a data set, a report or a replay holds',
    load: async () => (await import('./commands/inspect.ts')).inspectCommand,
  },
  {
    usage: 'export',
    describe: 'Write a model as ONNX graphs, with a card and a Python program',
    load: async () => (await import('./commands/export.ts')).exportCommand,
  },
  {
    usage: 'config',
    describe: 'Print the options of a call and where they come from',
    load: async () => (await import('./commands/config.ts')).configCommand,
  },
  {
    usage: 'serve',
    describe: 'Show the agent planning in a browser, on this machine only',
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  {
    usage: 'doctor',
    describe: 'Say what this machine has, what is missing, and the fix',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
];
