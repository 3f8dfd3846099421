/**
 * Puts measured tables into a document: node dist/scripts/fill-document.js docs/planners.md NAME=FILE ... replaces
 * what stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->` by the Markdown in FILE, headings two levels down.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { UsageError } from '../src/core/errors.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [document, ...parts] = positionals;
if (document === undefined || parts.length === 0) throw new UsageError('name a document and at least one NAME=FILE');
let text = await readFile(document, 'utf8');
for (const part of parts) {
  const [, name, file] = /^([\w-]+)=(.+)$/.exec(part) ?? [];
  if (name === undefined || file === undefined) throw new UsageError(`'${part}' is not NAME=FILE`);
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new UsageError(`${document} has no part between '${begin}' and '${end}'`);
  const content = (await readFile(file, 'utf8')).trim().replace(/^#/gm, '###');
  text = `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
await writeFileAtomic(document, text);
