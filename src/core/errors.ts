/**
 * The caller asked for something that cannot be: a wrong flag, an unknown name, a malformed file.
 * The message names what was wrong, where, and what to do. The command line exits with code 2.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The call was right, the work failed: divergence, a missing device, a damaged checkpoint. Exit code 1. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** What was thrown, as one line for people. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The candidate nearest in spelling to `word`, if it is near enough to be a slip of the keyboard. */
export function nearestSpelling(word: string, candidates: readonly string[]): string | undefined {
  const scored = candidates.map((candidate) => ({ candidate, distance: editDistance(word, candidate) }));
  scored.sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** An error for a name that is not among the allowed ones, with a suggestion where one is near. */
export function unknownName(what: string, name: string, allowed: readonly string[]): UsageError {
  const near = nearestSpelling(name, allowed);
  const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
  return new UsageError(`unknown ${what} '${name}'.${hint} Known: ${allowed.join(', ')}.`);
}

/** Levenshtein distance, two rows at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
