import type { BenchOptions } from '../eval/bench.ts';
import type { Progress, Terminal } from './terminal.ts';

/** Shows a bench as it goes: a bar while a policy plays a task, a line when it is done. */
export function watchBench(
  terminal: Terminal,
  episodes: number,
  planner?: string,
): Required<Pick<BenchOptions, 'onProgress' | 'onPlayed'>> {
  let bar: Progress | undefined;
  const who = (policy: string): string => (planner === undefined ? policy : `${policy} (${planner})`);
  return {
    onProgress(task, policy, { work, successes }) {
      bar ??= terminal.progress(`${task} · ${who(policy)}`, episodes);
      bar.update(work, `${successes} solved`);
    },
    onPlayed({ task, policy, episodes: played }) {
      bar?.stop();
      bar = undefined;
      const solved = played.filter((episode) => episode.success).length;
      terminal.note(`${task}: ${who(policy)} solved ${solved} of ${played.length}`);
    },
  };
}
