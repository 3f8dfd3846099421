import type { BenchEpisode, BenchReport } from '../bench-report.ts';

/**
 * The episodes that each task's first row did worst in, worst first: those in which a guardrail was broken, by how
 * long, then those that were not solved, by the distance left. At most `count`, and none where all went well.
 */
export function worstFailures({ results, episodes }: BenchReport, count: number): BenchEpisode[] {
  const firsts = new Map([...results].reverse().map((result) => [result.task, result]));
  return episodes
    .filter(({ task, policy, planner, model }) => {
      const first = firsts.get(task)!;
      return first.policy === policy && first.planner === planner && first.model === model;
    })
    .filter(({ success, violationSteps }) => !success || violationSteps > 0)
    .sort((a, b) => b.violationSteps - a.violationSteps || b.finalDistance - a.finalDistance)
    .slice(0, count);
}
