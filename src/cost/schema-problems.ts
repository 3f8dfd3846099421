import type { z } from 'zod';
import { nearestSpelling } from '../core/errors.ts';

/** One thing wrong with a file: where, and what to do about it. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** `scene.objects[0].colour: ...`, a line each, under the file's name. */
export function formatProblems(problems: readonly Problem[], source: string): string {
  const lines = problems.map(({ path, message }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`));
  if (lines.length === 1) return `${source}: ${lines[0]}`;
  return `${source} has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** What zod found, in words for people. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], data: unknown): Problem[] {
  return issues.flatMap((issue) => describeIssue(issue, [], data));
}

function describeIssue(issue: z.core.$ZodIssue, base: readonly PropertyKey[], data: unknown): Problem[] {
  const path = [...base, ...issue.path];
  const value = valueAt(data, path);
  const problem = (message: string): Problem[] => [{ path, message }];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const { keys, known } = JSON.parse(issue.message) as { keys: string[]; known: string[] };
      return keys.map((key) => ({
        path: [...path, key],
        message: `is not a field here.${suggestion(key, known)} Fields: ${known.join(', ')}`,
      }));
    }
    case 'invalid_value':
      return value === undefined
        ? problem(`is missing; one of ${issue.values.join(', ')}`)
        : problem(notAmong(value, issue.values.map(String)));
    case 'invalid_union':
      return describeUnion(issue, path, value, data);
    case 'invalid_type':
      return problem(
        value === undefined
          ? `is missing; ${expected(issue.expected)}`
          : `must be ${expected(issue.expected)}, got ${show(value)}`,
      );
    case 'too_small':
    case 'too_big':
      return problem(describeSize(issue, value));
    default:
      return problem(`${issue.message.replace(/^./, (letter) => letter.toLowerCase())}, got ${show(value)}`);
  }
}

type UnionIssue = Extract<z.core.$ZodIssue, { code: 'invalid_union' }>;

/** Describes the alternative that the value came nearest to, or names them all where it is like none. */
function describeUnion(issue: UnionIssue, path: readonly PropertyKey[], value: unknown, data: unknown): Problem[] {
  if (issue.discriminator !== undefined) {
    const allowed = ((issue as { options?: readonly unknown[] }).options ?? []).map(String);
    const message = value === undefined ? `is missing; one of ${allowed.join(', ')}` : notAmong(value, allowed);
    return [{ path, message }];
  }
  const branches = issue.errors.filter(
    (branch) => !branch.some(({ code, path: at }) => at.length === 0 && code === 'invalid_type'),
  );
  if (branches.length === 0) {
    const kinds = issue.errors
      .flat()
      .flatMap((inner) => (inner.code === 'invalid_type' ? [expected(inner.expected)] : []));
    const wanted = [...new Set(kinds)].join(' or ');
    return [{ path, message: value === undefined ? `is missing; ${wanted}` : `must be ${wanted}, got ${show(value)}` }];
  }
  const nearest = branches.reduce((best, branch) => (strangeness(branch) < strangeness(best) ? branch : best));
  return nearest.flatMap((inner) => describeIssue(inner, path, data));
}

/** How little a value looks like an alternative: fields it must have and lacks, or has and must not. */
function strangeness(branch: readonly z.core.$ZodIssue[]): number {
  return branch.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + 2 * issue.keys.length;
    // Not one of the words, and no word at all; an object least of all.
    if (issue.code === 'invalid_value' && typeof issue.input !== 'string')
      return sum + (typeof issue.input === 'object' ? 6 : 2);
    return sum + (issue.code === 'invalid_type' && issue.input === undefined ? 2 : 1);
  }, 0);
}

function describeSize(issue: Extract<z.core.$ZodIssue, { code: 'too_small' | 'too_big' }>, value: unknown): string {
  const small = issue.code === 'too_small';
  const limit = String(small ? issue.minimum : issue.maximum);
  if (issue.origin === 'array')
    return `must have ${small ? 'at least' : 'at most'} ${limit} entries, got ${show(value)}`;
  if (issue.origin === 'string') return 'must not be empty';
  const relation = small ? (issue.inclusive ? '>=' : '>') : issue.inclusive ? '<=' : '<';
  return `must be ${relation} ${limit}, got ${show(value)}`;
}

function notAmong(value: unknown, allowed: readonly string[]): string {
  const hint = typeof value === 'string' ? suggestion(value, allowed) : '';
  return `${show(value)} is not allowed.${hint} Allowed: ${allowed.join(', ')}`;
}

/** ` Did you mean 'x'?`, or nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearestSpelling(word, known);
  return near === undefined ? '' : ` Did you mean '${near}'?`;
}

function expected(type: string): string {
  const names: Record<string, string> = {
    number: 'a number',
    int: 'a whole number',
    string: 'a name',
    tuple: 'a list of two',
    array: 'a list',
    object: 'an object with fields',
    record: 'an object with fields',
  };
  return names[type] ?? type;
}

/** A value as one would write it, cut short. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const part of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  return value;
}
