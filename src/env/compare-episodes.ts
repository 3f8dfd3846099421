import type { Environment, ResetResult, StepResult } from '../core/contracts.ts';
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

/** The same frames, rewards, flags and information, bit for bit. */
export function sameSteps(a: readonly StepResult[], b: readonly StepResult[]): boolean {
  const parts = ({ reward, terminated, truncated, info }: StepResult) => ({ reward, terminated, truncated, info });
  const sameFrame = ({ observation }: StepResult, i: number) =>
    sameNumbers(observation.frame.data, b[i]!.observation.frame.data);
  return same(a.map(parts), b.map(parts)) && a.every(sameFrame);
}

/** The same start, goal picture and instruction, bit for bit. */
export function sameReset(a: ResetResult, b: ResetResult): boolean {
  const { goalFrame: goalA, ...instructionA } = a.instruction;
  const { goalFrame: goalB, ...instructionB } = b.instruction;
  return (
    same([instructionA, a.info], [instructionB, b.info]) &&
    sameNumbers(a.observation.frame.data, b.observation.frame.data) &&
    sameNumbers(goalA?.data ?? [], goalB?.data ?? [])
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
