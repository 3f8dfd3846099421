import { UsageError } from '../../core/errors.ts';
import { type Command, defineCommand } from '../command.ts';

/** `print` takes a whole call, so `runCommandLine` reads it; what stands here is for help, completion and mistakes. */
export const configCommand: Command = {
  subcommands: {
    print: {
      describe: "Print what a call's options are and where from, as a file for --config: config print run --seed 3",
      ...defineCommand({
        positionals: { call: 'A verb, with options of its own' },
        async run({ call }) {
          throw new UsageError(`'config print' takes the verb first: amitable config print ${call} [options]`);
        },
      }),
    },
  },
};
