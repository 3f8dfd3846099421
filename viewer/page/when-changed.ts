/** Tells whether any of the parts is another than at the last call: what shows the same need not be painted again. */
export function createChangeCheck(): (...parts: readonly unknown[]) => boolean {
  let last: readonly unknown[] = [];
  return (...parts) => {
    if (parts.length === last.length && parts.every((part, i) => part === last[i])) return false;
    last = parts;
    return true;
  };
}
