/** What was imagined of candidates while they were scored, so that nobody has to imagine the chosen one again. */
export interface SeenCandidates {
  /**
   * @param candidates one block an owner, of equally many action sequences
   * @param positions one block an owner, of what came of each
   */
  note(owners: readonly object[], candidates: Float32Array, positions: Float32Array): void;
  /** What came of an action sequence that is one of the owner's, number by number; null where it is none. */
  find(owner: object, actions: Float32Array): Float32Array | null;
}

/** Remembers for as long as the owner, a present moment, is remembered. @param length numbers of an action sequence */
export function createSeen(length: number): SeenCandidates {
  const kept = new WeakMap<object, { readonly candidates: Float32Array; readonly positions: Float32Array }[]>();
  return {
    note(owners, candidates, positions) {
      const part = (values: Float32Array, owner: number): Float32Array => {
        const size = values.length / owners.length;
        return values.slice(owner * size, (owner + 1) * size);
      };
      for (const [i, owner] of owners.entries()) {
        const own = kept.get(owner) ?? [];
        kept.set(owner, own);
        own.push({ candidates: part(candidates, i), positions: part(positions, i) });
      }
    },
    find(owner, actions) {
      // The last iteration first: most plans are of it.
      for (const { candidates, positions } of (kept.get(owner) ?? []).toReversed()) {
        const count = candidates.length / length;
        const size = positions.length / count;
        for (let i = 0; i < count; i++) {
          if (actions.every((value, k) => value === candidates[i * length + k]))
            return positions.slice(i * size, (i + 1) * size);
        }
      }
      return null;
    },
  };
}
