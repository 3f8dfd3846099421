import fc from 'fast-check';
import { RunError } from '../../src/core/errors.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from '../../src/engine/safetensors.ts';

/** A file with the given header text and data. */
function file(header: string, data: ArrayLike<number> = []): Uint8Array {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const tensor: fc.Arbitrary<NamedTensor> = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).chain((shape) => {
  const size = shape.reduce((product, length) => product * length, 1);
  return fc.float32Array({ minLength: size, maxLength: size }).map((values) => ({ shape, values }));
});
const tensors = fc.dictionary(
  fc.string({ unit: 'binary' }).filter((name) => name !== '__metadata__'),
  tensor,
  { maxKeys: 5 },
);
const metadata = fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 });

const bitsOf = ({ values }: NamedTensor) => new Uint32Array(values.buffer, values.byteOffset, values.length);

describe('encodeSafetensors', () => {
  // python -c "import numpy as np, safetensors.numpy as s; print(s.save({'b': np.array([[1.5, -2.0]], 'f4'),
  // 'a': np.array([0.25], 'f4')}, {'format': 'test'}).hex())"
  test('writes the bytes that the reference implementation writes', () => {
    const bytes = encodeSafetensors(
      { b: { shape: [1, 2], values: Float32Array.of(1.5, -2) }, a: { shape: [1], values: Float32Array.of(0.25) } },
      { format: 'test' },
    );
    const header =
      '{"__metadata__":{"format":"test"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
      '"b":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}} ';
    expect(Buffer.from(bytes).toString('hex')).toBe(
      `9000000000000000${Buffer.from(header).toString('hex')}0000803e0000c03f000000c0`,
    );
  });

  test('does not depend on the order of the tensors', () => {
    const a = { shape: [1], values: Float32Array.of(1) };
    const b = { shape: [], values: Float32Array.of(2) };
    expect(encodeSafetensors({ a, b }, { x: '1', y: '2' })).toEqual(encodeSafetensors({ b, a }, { y: '2', x: '1' }));
  });

  test('refuses values that do not fill the shape', () => {
    expect(() => encodeSafetensors({ a: { shape: [3], values: new Float32Array(2) } })).toThrow(
      "tensor 'a' has 2 values for shape [3]",
    );
  });
});

describe('decodeSafetensors', () => {
  test('gives back what was encoded, bit for bit, NaN payloads and odd names too', () => {
    fc.assert(
      fc.property(tensors, metadata, fc.nat(7), (named, notes, shift) => {
        const encoded = encodeSafetensors(named, notes);
        // As part of a larger buffer, at any alignment.
        const shifted = new Uint8Array(encoded.length + shift).subarray(shift);
        shifted.set(encoded);
        const decoded = decodeSafetensors(shifted);
        expect({ ...decoded.metadata }).toEqual({ ...notes });
        expect(Object.keys(decoded.tensors).sort()).toEqual(Object.keys(named).sort());
        for (const [name, original] of Object.entries(named)) {
          expect(decoded.tensors[name]!.shape).toEqual(original.shape);
          expect(bitsOf(decoded.tensors[name]!)).toEqual(bitsOf(original));
        }
      }),
    );
  });

  test('copies: a buffer that is reused later changes nothing', () => {
    const bytes = Buffer.from(encodeSafetensors({ a: { shape: [1], values: Float32Array.of(3) } }));
    const { tensors: decoded } = decodeSafetensors(bytes);
    bytes.fill(0);
    expect(decoded.a!.values[0]).toBe(3);
  });

  test('refuses every truncation and every trailing byte', () => {
    fc.assert(
      fc.property(tensors, fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 9 }), (named, cut, tail) => {
        const encoded = encodeSafetensors(named);
        expect(() => decodeSafetensors(encoded.subarray(0, cut % encoded.length))).toThrow(RunError);
        const longer = new Uint8Array([...encoded, ...tail]);
        expect(() => decodeSafetensors(longer)).toThrow(/trailing bytes/);
      }),
    );
  });

  test('on a damaged header gives tensors of the stated shape or a RunError, never anything else', () => {
    fc.assert(
      fc.property(tensors, metadata, fc.nat(), fc.integer({ min: 1, max: 255 }), (named, notes, where, flip) => {
        const bytes = encodeSafetensors(named, notes);
        const headerEnd = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
        bytes[where % headerEnd]! ^= flip;
        try {
          for (const { shape, values } of Object.values(decodeSafetensors(bytes).tensors))
            expect(values.length).toBe(shape.reduce((product, length) => product * length, 1));
        } catch (error) {
          if (!(error instanceof RunError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  const entry = (text: string) => `{"a":${text}}`;
  test.each([
    ['a cut length', new Uint8Array(5), 'truncated: 5 bytes'],
    ['a cut header', file('{}').subarray(0, 9), 'the header ends at byte 10, the file has 9'],
    ['an oversized header', Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0), 'claims 4294967295 bytes'],
    ['a length beyond any file', new Uint8Array(8).fill(255), 'claims 18446744073709551615 bytes'],
    ['a header that is no object', file('[]'), "does not begin with '{'"],
    ['a header that is no JSON', file('{"a":'), 'the header is not JSON'],
    ['a header that is no UTF-8', file('{}').map((byte) => (byte === 0x7d ? 0xff : byte)), 'the header is not JSON'],
    ['metadata of numbers', file('{"__metadata__":{"a":1}}'), 'must map names to strings'],
    ['a tensor that is no object', file(entry('3')), "tensor 'a' is not described by an object"],
    ['another dtype', file(entry('{"dtype":"F16","shape":[1],"data_offsets":[0,2]}'), [0, 0]), 'has dtype "F16"'],
    ['a negative length', file(entry('{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}')), 'has shape [-1]'],
    ['missing offsets', file(entry('{"dtype":"F32","shape":[1]}')), 'has data_offsets undefined'],
    [
      'a span that does not fit',
      file(entry('{"dtype":"F32","shape":[2],"data_offsets":[0,4]}'), [0, 0, 0, 0]),
      'needs 8 bytes',
    ],
    [
      'cut data',
      file(entry('{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'), [0, 0]),
      "truncated: tensor 'a' ends at byte 4",
    ],
    ['a hole', file(entry('{"dtype":"F32","shape":[1],"data_offsets":[4,8]}'), new Uint8Array(8)), 'bytes 0 to 4'],
    [
      'an overlap',
      file(
        '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        new Uint8Array(8),
      ),
      "tensor 'b' overlaps the one before it (starts at byte 4, not 8)",
    ],
  ])('names %s and the file', (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, 'model.safetensors')).toThrow(RunError);
    expect(() => decodeSafetensors(bytes, 'model.safetensors')).toThrow(message);
    expect(() => decodeSafetensors(bytes, 'model.safetensors')).toThrow(/^model\.safetensors is not/);
  });
});
