import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));

/** How one module names another. Only `static` edges are loaded with the module itself. */
export interface ImportEdge {
  readonly specifier: string;
  readonly kind: 'static' | 'type' | 'dynamic';
}

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly ImportEdge[];
}

/** Every TypeScript file under `folder` of the repository, parsed for what it imports. */
export function readSources(folder: string): SourceFile[] {
  return readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const text = readFileSync(file, 'utf8');
      return {
        path: relative(repositoryRoot, file).split(sep).join('/'),
        lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
        imports: findImports(text),
      };
    });
}

/** Imports and re-exports, type-only ones, `import()` expressions and types, and `require` calls of literals. */
export function findImports(text: string): ImportEdge[] {
  const edges: ImportEdge[] = [];
  visit(parseSync(text, { syntax: 'typescript', target: 'es2022' }), (node) => {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration': {
        const specifier = literal(node.source);
        if (specifier !== undefined) edges.push({ specifier, kind: node.typeOnly === true ? 'type' : 'static' });
        break;
      }
      case 'TsImportType': {
        const specifier = literal(node.argument);
        if (specifier !== undefined) edges.push({ specifier, kind: 'type' });
        break;
      }
      case 'CallExpression': {
        const callee = node.callee as AstNode;
        const loads = callee.type === 'Import' || (callee.type === 'Identifier' && callee.value === 'require');
        const specifier = loads ? literal((node.arguments as { expression?: unknown }[])[0]?.expression) : undefined;
        if (specifier !== undefined) edges.push({ specifier, kind: 'dynamic' });
      }
    }
  });
  return edges;
}

interface AstNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

function visit(value: unknown, see: (node: AstNode) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, see);
  } else if (typeof value === 'object' && value !== null) {
    if (typeof (value as AstNode).type === 'string') see(value as AstNode);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function literal(node: unknown): string | undefined {
  const { type, value } = (node ?? {}) as Partial<AstNode>;
  return type === 'StringLiteral' && typeof value === 'string' ? value : undefined;
}
