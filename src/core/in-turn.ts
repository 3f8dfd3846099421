/**
 * `make` of each item, one after the other. Of several that fail it is always the first that is heard of; with
 * `Promise.all` it would be the fastest.
 */
export async function inTurn<T, R>(items: readonly T[], make: (item: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}
