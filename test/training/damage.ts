import fc from 'fast-check';

/** A file as it might come back from a bad disk or hand: cut, with bytes changed, lengthened. Never as it was. */
export function damaged(bytes: Uint8Array): fc.Arbitrary<Uint8Array> {
  const cut = fc.nat(bytes.length - 1).map((end) => bytes.slice(0, end));
  const longer = fc.uint8Array({ minLength: 1, maxLength: 9 }).map((tail) => Uint8Array.of(...bytes, ...tail));
  const changed = fc
    .array(fc.record({ at: fc.nat(bytes.length - 1), flip: fc.integer({ min: 1, max: 255 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((flips) => {
      const copy = bytes.slice();
      for (const { at, flip } of flips) copy[at]! ^= flip;
      return copy;
    });
  // Headers are a small part of a file and the more delicate one.
  const changedEarly = fc.record({ at: fc.nat(400), flip: fc.integer({ min: 1, max: 255 }) }).map(({ at, flip }) => {
    const copy = bytes.slice();
    copy[at % bytes.length]! ^= flip;
    return copy;
  });
  return fc.oneof(cut, longer, changed, changedEarly).filter((other) => Buffer.compare(other, bytes) !== 0);
}
