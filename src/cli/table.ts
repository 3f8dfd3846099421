export interface TableOptions {
  /** Headers of columns that are set flush left. @defaultValue the first column's */
  readonly left?: readonly string[];
}

/** Columns of text with two spaces between, numbers flush right. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { left = header.slice(0, 1) }: TableOptions = {},
): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    header
      .map((name, column) => {
        const cell = row[column] ?? '';
        return left.includes(name) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
      })
      .join('  ')
      .trimEnd();
  return [line(header), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
