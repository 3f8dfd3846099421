/**
 * The quick benchmark: does everything still work, and about as well and as fast as it should? A few episodes of
 * every task on the shipped models, then the quick forms of the other benchmarks. A few minutes on two cores. Exits
 * with 1 where a benchmark fails, or where the agent no longer clearly beats chance.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BenchReport } from '../src/eval/bench-report.ts';

const episodes = 10;
/** Far below what the shipped models achieve (0.9 and more), so that only a real loss of quality falls below. */
const leastSuccess = 0.6;

/** Runs a script of this build and returns what it printed; its complaints go where ours go. */
function runScript(script: string, ...args: readonly string[]): string {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} exited with ${status}`);
  return stdout;
}

const tasks = 'reach,push-to-goal,two-rooms';
const bench = ['bench', '--tasks', tasks, '--policies', 'agent,random', '--episodes', String(episodes), '--seed', '0'];
const report: BenchReport = JSON.parse(runScript('../src/cli/main.js', ...bench, '--json'));
for (const { task, policy, successes, planMillisecondsMedian } of report.results) {
  const time = planMillisecondsMedian === null ? '' : `, ${planMillisecondsMedian.toFixed(1)} ms a plan`;
  console.log(`${task}: ${policy} solved ${successes} of ${episodes}${time}`);
}
const weak = report.results.filter(({ policy, successRate }) => policy === 'agent' && successRate < leastSuccess);
console.log(`\n${runScript('./engine.js', '--quick')}`);
console.log(runScript('./env.js', '--quick'));
for (const { task, successRate } of weak) {
  console.error(`the agent solves ${successRate} of ${task}, less than ${leastSuccess}`);
}
process.exitCode = weak.length > 0 ? 1 : 0;
