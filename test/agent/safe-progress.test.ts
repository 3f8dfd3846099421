import { createSafeProgress } from '../../src/agent/safe-progress.ts';
import type { Plan } from '../../src/core/contracts.ts';

const planOf = (still: number, cost: number): Plan => ({
  actions: new Float32Array(2),
  cost,
  violation: 0,
  brake: { cost: still, violation: 0 },
});

/** What is said after each decision, given what the search found and what it would find with nothing forbidden. */
async function said(found: readonly Plan[], free: Plan, braked = false): Promise<{ said: boolean[]; asked: number }> {
  let asked = 0;
  const progress = createSafeProgress({
    async planWithoutGuardrails() {
      asked += 1;
      return free;
    },
  });
  const results: boolean[] = [];
  for (const plan of found) results.push(await progress.note(plan, braked));
  return { said: results, asked };
}

const times = (count: number, plan: Plan): Plan[] => Array.from({ length: count }, () => plan);
const stuck = planOf(1, 0.99);
const way = planOf(1, 0.4);

test('says so after ten decisions without progress that guardrails forbid, and not before', async () => {
  const result = await said(times(13, stuck), way);
  expect(result.said).toEqual([...Array(10).fill(false), true, true, true]);
});

test('asks rarely', async () => {
  expect((await said(times(10, stuck), way)).asked).toBe(0);
  expect((await said(times(11, stuck), way)).asked).toBe(1);
  expect((await said(times(21, stuck), way)).asked).toBe(3);
});

test('neither asks nor says so while things come nearer to done', async () => {
  const nearer = Array.from({ length: 30 }, (_, i) => planOf(1 - 0.031 * i, 0));
  expect(await said(nearer, planOf(1, 0))).toEqual({ said: Array(30).fill(false), asked: 0 });
});

test('takes it back once they do', async () => {
  const result = await said([...times(12, stuck), planOf(0.85, 0.8), ...times(3, planOf(0.85, 0.8))], way);
  expect(result.said.slice(-5)).toEqual([true, false, false, false, false]);
});

test('does not blame guardrails for what the way without them would not save either', async () => {
  expect((await said(times(30, stuck), planOf(1, 0.95))).said).not.toContain(true);
  // The guarded plan promises as much: it is the world that does not keep the promise.
  expect((await said(times(30, planOf(1, 0.45)), way)).said).not.toContain(true);
});

test('counts a refused plan for nothing', async () => {
  expect((await said(times(12, planOf(1, 0.45)), way, true)).said.at(-1)).toBe(true);
});

test('says nothing where all is done', async () => {
  expect((await said([planOf(1, 0.5), ...times(30, planOf(0.02, 0.02))], planOf(0.02, 0))).said).not.toContain(true);
});
