import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../support/source-imports.ts';

/** Every document that tells of commands. */
export const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(repositoryRoot, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** A file of the repository. */
export const text = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');
export interface Block {
  readonly language: string;
  readonly content: string;
}

export function fencedBlocks(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language, content]) => ({
    language: language!,
    content: content!,
  }));
}

export interface Command {
  readonly line: string;
  /** Of a shell block, so with all that it needs; a name in running text may leave options out. */
  readonly complete: boolean;
}

/** Every command of a document: the lines of its shell blocks, and what stands in backquotes and names a program. */
export function commandsOf(markdown: string): Command[] {
  const shell = fencedBlocks(markdown).flatMap(({ language, content }) =>
    language === 'sh' ? content.split('\n') : [],
  );
  const prose = markdown.replace(/^```[\s\S]*?^```$/gm, '');
  const quoted = [...prose.matchAll(/`((?:npx |npm |node |amitable )[^`]+)`/g)].map(([, line]) => line!);
  const tidy = (lines: readonly string[], complete: boolean) =>
    lines
      .flatMap((line) => line.split('&&'))
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '' && line !== 'npx amitable')
      .map((line) => ({ line, complete }));
  return [...tidy(shell, true), ...tidy(quoted, false)];
}

/** The words of a call of the tool in the shell blocks of all documents, each call once, in the order they are told. */
export function documentedCalls(): readonly (readonly string[])[] {
  const lines = documents
    .flatMap((path) => commandsOf(text(path)))
    .filter(({ line, complete }) => complete && /^(npx )?amitable /.test(line))
    .map(({ line }) => line.replace(/^(npx )?amitable /, ''));
  return [...new Set(lines)].map((line) => line.split(' '));
}
