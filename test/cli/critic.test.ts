import type { BenchReport } from '../../src/eval/bench-report.ts';
import { callCommandLine } from '../support/call-command-line.ts';

const call = ['bench', '--tasks', 'two-rooms', '--policies', 'agent', '--episodes', '1', '--json', '--quiet'];

test('--critic and --horizon decide how the agent plays, and the record says so', async () => {
  const play = async (...more: readonly string[]): Promise<BenchReport> => {
    const { code, stdout, stderr } = await callCommandLine([...call, ...more]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  const plain = await play('--horizon', '4');
  const asked = await play('--horizon', '4', '--critic', 'terminal');
  expect(plain.environment.horizon).toBe(4);
  expect(plain.environment).not.toHaveProperty('critic');
  expect(asked.environment).toMatchObject({ horizon: 4, critic: 'terminal' });
  const ends = [plain, asked].map(({ episodes }) => episodes[0]!.finalDistance);
  expect(ends[0]).not.toBe(ends[1]);
});

test('a model without a critic is no reason to play without', async () => {
  const { code, stderr } = await callCommandLine(['run', '--task', 'reach', '--episodes', '1', '--critic', 'running']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/models\/tabletop-small' has no critic: train one with .*, or leave it off/);
});

test('what --critic may be is said', async () => {
  const { code, stderr } = await callCommandLine(['run', '--task', 'two-rooms', '--critic', 'always']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/terminal.*running/);
});
