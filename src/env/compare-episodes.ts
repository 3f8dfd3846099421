import type { Environment, Observation, ResetResult, StepResult } from '../core/contracts.ts';
import { createRng } from '../core/rng.ts';

/** Up to `count` steps with seeded random actions, or to the end of the episode. */
export function playRandomly(environment: Environment, stream: string, count: number): StepResult[] {
  const rng = createRng(0, 'random-play', stream);
  const results: StepResult[] = [];
  while (results.length < count) {
    const result = environment.step(environment.actionSpace.sample(rng));
    results.push(result);
    if (result.terminated || result.truncated) break;
  }
  return results;
}

/** The same observations, rewards, flags and information, bit for bit. */
export function sameSteps(a: readonly StepResult[], b: readonly StepResult[]): boolean {
  const parts = ({ reward, terminated, truncated, info }: StepResult) => ({ reward, terminated, truncated, info });
  return same(a.map(parts), b.map(parts)) && a.every((step, i) => sameView(step.observation, b[i]!.observation));
}

/** The same start, goal picture and instruction, bit for bit. */
export function sameReset(a: ResetResult, b: ResetResult): boolean {
  const { goalFrame: goalA, ...instructionA } = a.instruction;
  const { goalFrame: goalB, ...instructionB } = b.instruction;
  return (
    same([instructionA, a.info], [instructionB, b.info]) &&
    sameView(a.observation, b.observation) &&
    sameNumbers(goalA?.data ?? [], goalB?.data ?? [])
  );
}

function sameView(a: Observation, b: Observation): boolean {
  return (
    sameNumbers(a.frame.data, b.frame.data) &&
    (a.proprioception === undefined) === (b.proprioception === undefined) &&
    sameNumbers(a.proprioception ?? [], b.proprioception ?? [])
  );
}

/** Plain data of finite numbers, to the last bit. */
export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
