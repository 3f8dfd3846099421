import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, UsageError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import { defineCommand } from '../command.ts';
import { optionalText, wholeNumber } from '../options.ts';

export const serveCommand = defineCommand({
  options: {
    port: wholeNumber({ describe: 'Port of this machine to serve on; 0: any free one', minimum: 0, fallback: 8321 }),
    root: optionalText('Folder with another build of the page', 'DIR'),
  },
  async run({ port, root = join(packageRoot(), 'dist/page') }, terminal) {
    if (port > 65_535) throw new UsageError(`--port must be at most 65535, got ${port}`);
    if (!existsSync(join(root, 'index.html'))) {
      throw new RunError(`there is no page in '${root}'. Build it with 'npm run build:page'.`);
    }
    const { startPageServer } = await import('../serve/page-server.ts');
    const server = await startPageServer({ root, port });
    terminal.result({ url: server.url, root }, `the page is at ${server.url}`);
    terminal.note('Only this machine can reach it. Ctrl+C stops it.');
    await interrupted();
    await server.close();
  },
});

/** Until the process is asked to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
