import { formatTable } from '../../src/cli/table.ts';

test('sets names flush left and numbers flush right, without trailing blanks', () => {
  expect(
    formatTable(
      ['task', 'n'],
      [
        ['reach', '5'],
        ['two-rooms', '12'],
      ],
    ),
  ).toBe(['task        n', '---------  --', 'reach       5', 'two-rooms  12'].join('\n'));
  expect(
    formatTable(
      ['a', 'b'],
      [
        ['x', 'long text'],
        ['y', 'z'],
      ],
      { left: ['a', 'b'] },
    ),
  ).toBe(['a  b', '-  ---------', 'x  long text', 'y  z'].join('\n'));
});
