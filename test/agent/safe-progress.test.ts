import { createSafeProgress } from '../../src/agent/safe-progress.ts';
import type { Plan } from '../../src/core/contracts.ts';

const planOf = (still: number, cost: number): Plan => ({
  actions: new Float32Array(2),
  cost,
  violation: 0,
  brake: { cost: still, violation: 0 },
});
const placeless = { closed: false, left: null };

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
  for (const plan of found) results.push(await progress.note({ plan, braked, ways: placeless }));
  return { said: results, asked };
}

const times = (count: number, plan: Plan): Plan[] => Array.from({ length: count }, () => plan);
const stuck = planOf(1, 0.99);
const way = planOf(1, 0.4);

describe('of an objective that names places', () => {
  const told = async (closed: readonly boolean[], left = 0.5): Promise<boolean[]> => {
    const progress = createSafeProgress({
      planWithoutGuardrails: () => Promise.reject(new Error('not asked: where ways are known, they are the answer')),
    });
    const results: boolean[] = [];
    for (const each of closed)
      results.push(await progress.note({ plan: stuck, braked: false, ways: { closed: each, left } }));
    return results;
  };

  test('says so once three looks found the way closed', async () => {
    expect(await told([true, true, true, true])).toEqual([false, false, true, true]);
    expect(await told([true, true, false, true, true, true])).toEqual([false, false, false, false, false, true]);
  });

  test('takes it back when a way opens, and never says so while one is open, however long nothing moves', async () => {
    expect((await told([true, true, true, false])).at(-1)).toBe(false);
    expect(await told(Array(60).fill(false))).not.toContain(true);
  });
});

describe('of others', () => {
  test('says so after ten decisions without progress that guardrails forbid, and not before', async () => {
    const result = await said(times(13, stuck), way);
    expect(result.said).toEqual([...Array(10).fill(false), true, true, true]);
  });

  test('asks rarely, and no more once it knows', async () => {
    expect((await said(times(10, stuck), way)).asked).toBe(0);
    expect((await said(times(31, stuck), way)).asked).toBe(1);
    expect((await said(times(21, stuck), planOf(1, 0.97))).asked).toBe(3);
  });

  test('neither asks nor says so while things come nearer to done', async () => {
    const nearer = Array.from({ length: 30 }, (_, i) => planOf(1 - 0.031 * i, 0));
    expect(await said(nearer, planOf(1, 0))).toEqual({ said: Array(30).fill(false), asked: 0 });
  });

  test('holds to it until they do', async () => {
    const result = await said([...times(40, stuck), planOf(0.85, 0.8), ...times(3, planOf(0.85, 0.8))], way);
    expect(result.said.slice(10, 40)).toEqual(Array(30).fill(true));
    expect(result.said.slice(40)).toEqual([false, false, false, false]);
  });

  test('does not blame guardrails for what the way without them would not save either', async () => {
    expect((await said(times(30, stuck), planOf(1, 0.95))).said).not.toContain(true);
    // The guarded plan promises as much: it is the world that does not keep the promise.
    expect((await said(times(30, planOf(1, 0.45)), way)).said).not.toContain(true);
  });

  test('measures hindrance by what is left to do', async () => {
    const late = [planOf(2, 1), ...times(14, planOf(1, 0.99))];
    expect((await said(late, planOf(1, 0.85))).said.at(-1)).toBe(true);
  });

  test('counts a refused plan for nothing', async () => {
    expect((await said(times(12, planOf(1, 0.45)), way, true)).said.at(-1)).toBe(true);
  });

  test('says nothing where all is done', async () => {
    expect((await said([planOf(1, 0.5), ...times(30, planOf(0.02, 0.02))], planOf(0.02, 0))).said).not.toContain(true);
  });
});
