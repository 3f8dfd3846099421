/** A declaration that a module exports, as its `.d.ts` has it. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'function' | 'interface' | 'type' | 'const' | 'class';
  /** What its comment says, without stars; empty where there is none. */
  readonly comment: string;
  /** `interface X { ... }`, without `export declare`. */
  readonly code: string;
}

/** Names that a module passes on: from which module, and under which name there. */
export interface Passed {
  readonly from: string;
  readonly name: string;
  readonly as: string;
}

/** Top-level declarations of a `.d.ts` file as the compiler writes them. */
export function parseDeclarations(text: string): Declaration[] {
  const declarations: Declaration[] = [];
  const start =
    /(?:\/\*\*((?:[^*]|\*(?!\/))*)\*\/\n)?export (?:declare )?(?:abstract )?(function|interface|type|const|class) (\w+)/g;
  for (let match = start.exec(text); match !== null; match = start.exec(text)) {
    const [whole, comment = '', kind, name] = match;
    const begin = match.index + whole.indexOf('export ', comment === '' ? 0 : comment.length);
    const end = endOf(text, begin, kind === 'interface' || kind === 'class');
    start.lastIndex = end;
    const code = text.slice(begin, end).replace(/^export (declare )?/, '');
    declarations.push({ name: name!, kind: kind as Declaration['kind'], comment: plainComment(comment), code });
  }
  return declarations;
}

/** What `export { a, type b as c } from './d.ts'` passes on. */
export function parsePassed(text: string): Passed[] {
  return parseNames(text, /export (?:type )?\{([^}]*)\} from '([^']+)'/g);
}

/** What `import type { a, b as c } from './d.ts'` brings. */
export function parseImported(text: string): Passed[] {
  return parseNames(text, /import (?:type )?\{([^}]*)\} from '([^']+)'/g);
}

function parseNames(text: string, statement: RegExp): Passed[] {
  return [...text.matchAll(statement)].flatMap(([, names, from]) =>
    names!
      .split(',')
      .map((part) => part.trim().replace(/^type /, ''))
      .filter((part) => part !== '')
      .map((part) => {
        const [name, as = name] = part.split(' as ');
        return { from: from!, name: name!, as: as! };
      }),
  );
}

/** Where a declaration ends: at the brace that closes its body, or at the semicolon outside of all brackets. */
function endOf(text: string, begin: number, hasBody: boolean): number {
  let depth = 0;
  for (let at = begin; at < text.length; at++) {
    if (text.startsWith('/*', at)) at = text.indexOf('*/', at) + 1;
    else if (text.startsWith('//', at)) at = text.indexOf('\n', at);
    else if (text[at] === "'" || text[at] === '"') at = text.indexOf(text[at]!, at + 1);
    else if ('({['.includes(text[at]!)) depth++;
    else if (')}]'.includes(text[at]!)) {
      depth--;
      if (depth === 0 && hasBody && text[at] === '}') return at + 1;
    } else if (text[at] === ';' && depth === 0) return at + 1;
  }
  return text.length;
}

function plainComment(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}
