import ndarray from 'ndarray';
import { frameBytes } from '../../src/core/frame-bytes.ts';
import { decodeHeader, decodeRecord, encodeRecord } from '../../src/memory/record-codec.ts';
import { rememberedEpisode } from './remembered.ts';

const record = rememberedEpisode(1);

test('an episode comes back as it was, frames, situations and all', () => {
  const { digest, ...back } = decodeRecord(encodeRecord(record).bytes);
  expect(back).toEqual(record);
  expect(back.experience.moments.at(-1)!.situation).toBeNull();
  expect(digest).toEqual(encodeRecord(record).digest);
});

test('so does its goal picture, and a frame that lies in its array another way', () => {
  const goalFrame = ndarray(
    Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => i),
    [8, 8, 3],
  ).transpose(1, 0, 2);
  const { experience } = record;
  const withGoal = { ...record, experience: { ...experience, instruction: { ...experience.instruction, goalFrame } } };
  const back = decodeRecord(encodeRecord(withGoal).bytes).experience;
  expect(frameBytes(back.instruction.goalFrame!)).toEqual(frameBytes(goalFrame));
  expect(back.moments.map(({ frame }) => [...frame.data])).toEqual(
    experience.moments.map(({ frame }) => [...frame.data]),
  );
});

test('what the body told comes back too, where it was told', () => {
  const { experience } = record;
  const moments = experience.moments.map((moment, i) =>
    i === 1 ? moment : { ...moment, proprioception: Float32Array.of(i, 0.5, -0.25, 0) },
  );
  const felt = { ...record, experience: { ...experience, moments } };
  expect(decodeRecord(encodeRecord(felt).bytes).experience).toEqual(felt.experience);
});

test('the header tells of it without the rest', () => {
  const { bytes } = encodeRecord(record);
  expect(decodeHeader(bytes)).toMatchObject({ seed: 1, steps: 6, outcome: record.outcome, frame: [8, 8, 3] });
});

test('equal episodes have equal digests, others do not', () => {
  const hex = (seed: number, change = {}) =>
    Buffer.from(encodeRecord(rememberedEpisode(seed, change)).digest).toString('hex');
  expect(hex(1)).toBe(hex(1));
  const { outcome } = record;
  const others = [hex(1), hex(2), hex(1, { seed: 7 }), hex(1, { outcome: { ...outcome, success: false } })];
  expect(new Set(others).size).toBe(4);
});

test.each([
  ['is empty', (bytes: Buffer) => bytes.subarray(0, 0), 'does not begin as one'],
  ['begins as something else', (bytes: Buffer) => Buffer.concat([Buffer.from('{}'), bytes]), 'does not begin as one'],
  ['has a broken header', (bytes: Buffer) => bytes.fill('x', 8, 12), 'header cannot be read'],
  ['has another header', (bytes: Buffer) => bytes.fill(' ', 9, 8 + bytes.readUInt32LE(4) - 1), 'header cannot be read'],
  ['lacks its end', (bytes: Buffer) => bytes.subarray(0, bytes.length - 4), 'pictures'],
  ['lacks its numbers', (bytes: Buffer) => bytes.subarray(0, 8 + bytes.readUInt32LE(4) + 40), 'numbers are missing'],
])('a record that %s is refused in words', (_, harm, message) => {
  const bytes = Buffer.from(encodeRecord(record).bytes);
  expect(() => decodeRecord(harm(bytes))).toThrow(message);
});
