import fc from 'fast-check';
import ndarray from 'ndarray';
import { frameBytes } from '../../src/core/frame-bytes.ts';
import { decodeFrame, encodeFrame, toRgb } from '../../src/data/frame-codec.ts';

const frames = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 3 }))
  .chain(([height, width, channels]) =>
    fc
      .uint8Array({ minLength: height * width * channels, maxLength: height * width * channels })
      .map((bytes) => ndarray(bytes, [height, width, channels])),
  );

test('a frame survives PNG exactly, whatever its channels', async () => {
  await fc.assert(
    fc.asyncProperty(frames, async (frame) => {
      const [height, width, channels] = frame.shape as [number, number, number];
      const back = await decodeFrame(encodeFrame(frame), [height, width, channels]);
      expect(back.shape).toEqual(frame.shape);
      expect([...frameBytes(back)]).toEqual([...frameBytes(frame)]);
    }),
    { numRuns: 60 },
  );
});

test('bytes of a turned view are in the order of the view, not of its memory', () => {
  const frame = ndarray(
    Uint8Array.from({ length: 12 }, (_, i) => i),
    [2, 3, 2],
  );
  expect([...frameBytes(frame)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([...frameBytes(frame.transpose(1, 0, 2))]).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
  expect([...frameBytes(frame.lo(1, 1, 0))]).toEqual([8, 9, 10, 11]);
});

test('channels that a frame lacks are stored as 0', () => {
  expect([...toRgb(ndarray(Uint8Array.of(7, 8, 9, 10), [1, 2, 2]))]).toEqual([7, 8, 0, 9, 10, 0]);
});

test('bytes that are no picture, or one of another size, are refused with both sizes', async () => {
  await expect(decodeFrame(Uint8Array.of(1, 2, 3), [4, 4, 3])).rejects.toThrow(/cannot be decoded/);
  const png = encodeFrame(ndarray(new Uint8Array(27), [3, 3, 3]));
  await expect(decodeFrame(png, [4, 4, 3])).rejects.toThrow('a stored frame is 3x3x3 where the data set says 4x4x3');
});
