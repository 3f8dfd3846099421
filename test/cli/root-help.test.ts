import { rootHelp } from '../../src/cli/root-help.ts';
import { completionVerb, verbs } from '../../src/cli/verbs.ts';

test('names every verb with what it does, and needs no more columns than there are', () => {
  for (const columns of [60, 80, 120]) {
    const text = rootHelp(columns);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    const flowing = text.replace(/\s+/g, ' ');
    for (const { usage, describe } of [...verbs, completionVerb]) {
      expect(flowing).toContain(`amitable ${usage} ${describe.split(' ')[0]}`);
      for (const word of describe.split(' ')) expect(flowing).toContain(word);
    }
  }
});

test('descriptions stand in one column, wrapped lines too', () => {
  const lines = rootHelp(60).split('\n');
  const first = lines.indexOf('Commands:') + 1;
  const commands = lines.slice(first, lines.indexOf('', first));
  const column = commands[0]!.indexOf('Play');
  expect(commands.length).toBeGreaterThan(verbs.length + 1);
  for (const line of commands) expect(line[column - 1]).toBe(' ');
  for (const line of commands) expect(line[column]).not.toBe(' ');
});
