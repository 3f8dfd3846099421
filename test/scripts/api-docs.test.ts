import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDeclarations, parseImported, parsePassed } from '../../scripts/api-docs/parse-declarations.ts';
import { formatIndex, formatPage, readApi } from '../../scripts/make-api-docs.ts';
import { repositoryRoot } from '../support/source-imports.ts';

test('declarations are found whole, with what is said of them', () => {
  const text = `import { type A, B as C } from './a.ts';
/** Says { what } it is. */
export interface Shape<T> extends C {
    /** A brace } in a comment. */
    readonly of: { readonly deep: T };
}
/**
 * Makes one.
 *
 * @throws UsageError sometimes
 */
export declare function make(options?: { readonly a: 'x;' | 'y' }): Shape<number>;
export type Kind = {
    readonly a: 1;
} | 'b';
export declare const names: readonly ["a;", 'b'];
export { one, type Two as Three } from './b.ts';
`;
  expect(parseDeclarations(text)).toEqual([
    {
      name: 'Shape',
      kind: 'interface',
      comment: 'Says { what } it is.',
      code: 'interface Shape<T> extends C {\n    /** A brace } in a comment. */\n    readonly of: { readonly deep: T };\n}',
    },
    {
      name: 'make',
      kind: 'function',
      comment: 'Makes one.\n\n@throws UsageError sometimes',
      code: "function make(options?: { readonly a: 'x;' | 'y' }): Shape<number>;",
    },
    { name: 'Kind', kind: 'type', comment: '', code: "type Kind = {\n    readonly a: 1;\n} | 'b';" },
    { name: 'names', kind: 'const', comment: '', code: 'const names: readonly ["a;", \'b\'];' },
  ]);
  expect(parsePassed(text)).toEqual([
    { from: './b.ts', name: 'one', as: 'one' },
    { from: './b.ts', name: 'Two', as: 'Three' },
  ]);
  expect(parseImported(text)).toEqual([
    { from: './a.ts', name: 'A', as: 'A' },
    { from: './a.ts', name: 'B', as: 'C' },
  ]);
});

describe('the reference', () => {
  const exported = () => {
    const text = readFileSync(join(repositoryRoot, 'dist/src/index.d.ts'), 'utf8');
    return parsePassed(text).map(({ as }) => as);
  };

  test('has all that the package exports, and a word on every function', async () => {
    const pages = await readApi();
    const entries = pages.flatMap((page) => page.entries);
    expect(entries.map(({ name }) => name).sort()).toEqual(exported().sort());
    expect(
      entries.filter(({ kind, comment }) => kind === 'function' && comment === '').map(({ name }) => name),
    ).toEqual([]);
    for (const { name, code } of entries) expect(code).toMatch(new RegExp(`\\b(${name}|[A-Z]\\w+)\\b`));
    for (const page of pages) {
      const text = formatPage(page);
      for (const { name } of page.entries) expect(text).toContain(`\n## ${name}\n`);
      expect(formatIndex(pages)).toContain(`[${page.folder}](${page.folder}.md)`);
    }
  });

  test('that is in docs/api knows of every export; otherwise run `npm run docs:api`', async () => {
    for (const { folder, entries } of await readApi()) {
      const text = readFileSync(join(repositoryRoot, `docs/api/${folder}.md`), 'utf8');
      expect(entries.map(({ name }) => name).filter((name) => !text.includes(`## ${name}\n`))).toEqual([]);
    }
  });
});
