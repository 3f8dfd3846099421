/**
 * A process of its own that uses a memory, for tests that need several, or one to kill:
 * `write DIR FIRST COUNT` remembers the episodes of seeds FIRST ... and prints `NUMBER SEED` for each that was
 * acknowledged; `read DIR COUNT` prints how many episodes it sees, whenever that changes, until it sees COUNT.
 */
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openEpisodeStore } from '../../src/memory/episode-store.ts';
import { rememberedEpisode } from './remembered.ts';

/** Unbuffered: what was printed was printed, whatever comes next. */
const print = (line: string) => writeSync(1, `${line}\n`);

const [role, directory, ...numbers] = process.argv.slice(2) as [string, string, ...string[]];
if (role === 'write') {
  const [first, count] = numbers.map(Number) as [number, number];
  const store = await openEpisodeStore(directory);
  for (let seed = first; seed < first + count; seed++) print(`${store.append(rememberedEpisode(seed))} ${seed}`);
  await store.close();
} else {
  const [wanted] = numbers.map(Number) as [number];
  const store = await openEpisodeStore(directory, { access: 'read' });
  for (let seen = -1; seen < wanted; await setTimeout(1)) {
    const problems = store.verify();
    if (problems.length > 0) throw new Error(problems.join('; '));
    const { length } = store.list();
    if (length !== seen) print(String(length));
    seen = length;
  }
  await store.close();
}
