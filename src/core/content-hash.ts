import { createHash } from 'node:crypto';

/** SHA-256, hexadecimal, of plain data as JSON; the order in which an object's keys were written changes nothing. */
export function contentHash(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data, sortKeys)).digest('hex');
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
