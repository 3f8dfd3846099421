import type { BenchOptions } from '../eval/bench.ts';
import type { Progress, Terminal } from './terminal.ts';

/** Shows a bench as it goes: a bar while a policy plays a task, a line when it is done. */
export function watchBench(
  terminal: Terminal,
  episodes: number,
): Required<Pick<BenchOptions, 'onProgress' | 'onPlayed'>> {
  let bar: Progress | undefined;
  return {
    onProgress(task, policy, { work, successes }) {
      bar ??= terminal.progress(`${task} · ${policy}`, episodes);
      bar.update(work, `${successes} solved`);
    },
    onPlayed({ task, policy, episodes: played }) {
      bar?.stop();
      bar = undefined;
      const solved = played.filter((episode) => episode.success).length;
      terminal.note(`${task}: ${policy} solved ${solved} of ${played.length}`);
    },
  };
}
