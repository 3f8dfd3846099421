import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCall } from '../../src/cli/parse-call.ts';
import { compareCounts, readRecordedResults, recordedResult } from '../../src/eval/recorded-results.ts';
import { callCommandLine } from '../support/call-command-line.ts';

const table = readRecordedResults();

test('a recorded result comes out the same, to the last count', async () => {
  const { code, stdout } = await callCommandLine(['reproduce', 'quick', '--json', '--quiet']);
  const { same, counts } = JSON.parse(stdout);
  expect(counts).toHaveLength(3 * 4);
  expect({ code, same }).toEqual({ code: 0, same: true });
});

test('one that was never so is told, and the exit code is 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'amitable-reproduce-'));
  const quick = recordedResult(table, 'quick');
  const [random, ...others] = quick.expected;
  const flattered = { ...quick, expected: [{ ...random, successes: random!.successes + 7 }, ...others] };
  const results = join(folder, 'results.json');
  await writeFile(results, JSON.stringify({ ...table, rows: [flattered] }));
  const { code, stdout, stderr } = await callCommandLine(['reproduce', 'quick', '--results', results]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    new RegExp(`reach +random +successes +${random!.successes + 7} +${random!.successes} +DIFFERENT`),
  );
  expect(stderr).toContain("'quick' did not come out the same: 1 of 12 counts differ");
  await rm(folder, { recursive: true });
});

test('an unknown one is a wrong call', async () => {
  const { code, stderr } = await callCommandLine(['reproduce', 'quikc']);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/'quikc'.*quick/)]);
});

test.each(table.rows.map((row) => [row.id, row] as const))('%s is a call that can be made', async (id, { command }) => {
  expect(table.rows.filter((row) => row.id === id)).toHaveLength(1);
  expect(await parseCall(command)).toHaveProperty('command');
});

test('rows that were added or left out count as different', () => {
  const [row] = recordedResult(table, 'quick').expected;
  const different = compareCounts([row!], [{ ...row!, model: 'models/another' }]).filter(
    ({ recorded, now }) => recorded !== now,
  );
  expect(different).toHaveLength(8);
  expect(compareCounts([row!], [row!]).every(({ recorded, now }) => recorded === now)).toBe(true);
});
