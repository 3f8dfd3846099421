import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks a second in /proc, on every Linux there is today. */
const ticksPerSecond = 100;

/** Processor time of all threads on this machine whose name begins so, in seconds. Linux only. */
export async function threadSeconds(name: string): Promise<number> {
  let ticks = 0;
  for (const process of await readdir('/proc')) {
    if (!/^\d+$/.test(process)) continue;
    for (const thread of await readdir(`/proc/${process}/task`).catch(() => [])) {
      // Threads end while they are listed.
      const stat = await readFile(`/proc/${process}/task/${thread}/stat`, 'utf8').catch(() => '');
      const [, found, fields] = /^\d+ \((.*)\) (.*)$/s.exec(stat) ?? [];
      if (!found?.startsWith(name)) continue;
      const [user, system] = fields!.split(' ').slice(11, 13);
      ticks += Number(user) + Number(system);
    }
  }
  return ticks / ticksPerSecond;
}
