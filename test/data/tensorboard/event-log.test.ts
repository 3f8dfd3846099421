import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { crc32c, maskedCrc32c } from '../../../src/data/tensorboard/crc32c.ts';
import { encodeEvent, encodeFileVersion } from '../../../src/data/tensorboard/event-file.ts';
import { createEventLog, readEventLog } from '../../../src/data/tensorboard/event-log.ts';

/** As published: github.com/tensorflow/tensorboard, compat/proto, the fields that matter here. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  package tensorboard;
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; bytes graph_def = 4; Summary summary = 5; }
  }
  message Summary {
    message Value {
      string node_name = 7;
      string tag = 1;
      oneof value { float simple_value = 2; bytes obsolete_old_style_histogram = 3; }
    }
    repeated Value value = 1;
  }`);
const Event = root.lookupType('tensorboard.Event');

const text = (value: string) => new TextEncoder().encode(value);

test('checksums are those of the standard', () => {
  // RFC 3720, B.4, and the check value of the Castagnoli polynomial.
  expect(crc32c(text('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  // ((0xe3069283 >> 15 | 0xe3069283 << 17) + 0xa282ead8) mod 2^32
  expect(maskedCrc32c(text('123456789'))).toBe(0xc78a_b0e5);
});

/** Takes a file apart by the published layout, with the parser that protobufjs makes of the published messages. */
function published(file: Uint8Array): Record<string, unknown>[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const events = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(view.getUint32(at + 8, true)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(view.getUint32(at + 12 + length, true)).toBe(maskedCrc32c(data));
    events.push(Event.toObject(Event.decode(data), { longs: Number }));
    at += length + 16;
  }
  return events;
}

test('a reader of the published messages finds what was written', () => {
  const file = Buffer.concat([
    encodeFileVersion(1.5),
    encodeEvent({ wallSeconds: 2.25, step: 7, scalars: { 'training/loss': 0.5, 'training/rate': -2 } }),
    encodeEvent({ wallSeconds: 3, step: 3_000_000_000, scalars: { a: Number.NaN } }),
  ]);
  expect(published(file)).toEqual([
    { wallTime: 1.5, fileVersion: 'brain.Event:2' },
    {
      wallTime: 2.25,
      step: 7,
      summary: {
        value: [
          { tag: 'training/loss', simpleValue: 0.5 },
          { tag: 'training/rate', simpleValue: -2 },
        ],
      },
    },
    { wallTime: 3, step: 3_000_000_000, summary: { value: [{ tag: 'a', simpleValue: Number.NaN }] } },
  ]);
});

test('the bytes of a small event are these', () => {
  const record = encodeEvent({ wallSeconds: 1, step: 2, scalars: { x: 1 } });
  // 9 bytes of time, 2 of the step, 2 + 10 of the summary: a value of 8 bytes with a tag of 1.
  const data = '09000000000000f03f' + '1002' + '2a0a' + '0a08' + '0a0178' + '150000803f';
  expect(Buffer.from(record.subarray(12, -4)).toString('hex')).toBe(data);
  expect(record[0]).toBe(data.length / 2);
});

describe('a log', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amitable-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function log(...steps: readonly (readonly [step: number, value: number])[]): Promise<void> {
    const events = await createEventLog(folder);
    for (const [step, loss] of steps) events.add(step, { loss });
    await events.close();
  }
  const read = async () => (await readEventLog(folder)).map(({ step, scalars }) => [step, scalars.loss]);

  test('gives back what was added, in files whose names TensorBoard looks for', async () => {
    await log([1, 0.5], [2, 0.25]);
    expect(await read()).toEqual([
      [1, 0.5],
      [2, 0.25],
    ]);
    const [name] = await readdir(folder);
    expect(name).toMatch(/tfevents/);
    expect(published(await readFile(join(folder, name!)))).toHaveLength(3);
  });

  test('of a run that was resumed counts what it did last', async () => {
    await log([1, 0.5], [2, 0.25], [3, 0.125]);
    await log([2, 0.75], [4, 1]);
    expect(await read()).toEqual([
      [1, 0.5],
      [2, 0.75],
      [3, 0.125],
      [4, 1],
    ]);
  });

  test('of a run that was killed keeps all but what was half written; a damaged one is refused', async () => {
    await log([1, 0.5], [2, 0.25]);
    const path = join(folder, (await readdir(folder))[0]!);
    const whole = await readFile(path);
    await truncate(path, whole.length - 3);
    expect(await read()).toEqual([[1, 0.5]]);
    whole[whole.length - 8]! ^= 1;
    await writeFile(path, whole);
    await expect(read()).rejects.toThrow(`the event file '${path}' is damaged at byte`);
  });
});
