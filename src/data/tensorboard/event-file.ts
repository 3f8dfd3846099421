import protobuf from 'protobufjs/minimal.js';
import { RunError } from '../../core/errors.ts';
import { maskedCrc32c } from './crc32c.ts';

/** Numbers of one moment, as TensorBoard shows them. */
export interface ScalarEvent {
  /** Seconds since 1970. */
  readonly wallSeconds: number;
  readonly step: number;
  /** Tag, as `training/loss`, -> value. */
  readonly scalars: Readonly<Record<string, number>>;
}

/** Protobuf wire types. */
const varint = 0;
const fixed64 = 1;
const bytes = 2;
const fixed32 = 5;
const key = (field: number, type: number): number => (field << 3) | type;

/** The record that a file of events begins with. */
export function encodeFileVersion(wallSeconds: number): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(key(1, fixed64)).double(wallSeconds);
  writer.uint32(key(3, bytes)).string('brain.Event:2');
  return encodeRecord(writer.finish());
}

/**
 * An event as a TFRecord: TensorFlow's Event with a Summary of simple values (github.com/tensorflow/tensorboard,
 * `tensorboard/compat/proto/event.proto` and `summary.proto`; field numbers are theirs).
 */
export function encodeEvent({ wallSeconds, step, scalars }: ScalarEvent): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(key(1, fixed64)).double(wallSeconds);
  writer.uint32(key(2, varint)).int64(step);
  writer.uint32(key(5, bytes)).fork();
  for (const [tag, value] of Object.entries(scalars)) {
    writer.uint32(key(1, bytes)).fork();
    writer.uint32(key(1, bytes)).string(tag);
    writer.uint32(key(2, fixed32)).float(value);
    writer.ldelim();
  }
  writer.ldelim();
  return encodeRecord(writer.finish());
}

/** Length, its checksum, the data, its checksum; all little endian. */
function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

/**
 * The events of a file. A last one that was not written to its end, as a process that was killed leaves it, is left
 * out.
 *
 * @param source names the file in errors
 * @throws RunError where a record is damaged
 */
export function decodeEvents(file: Uint8Array, source: string): ScalarEvent[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const damaged = (at: number): RunError => new RunError(`the event file '${source}' is damaged at byte ${at}`);
  const events: ScalarEvent[] = [];
  for (let at = 0; at + 12 <= file.length; ) {
    if (view.getUint32(at + 8, true) !== maskedCrc32c(file.subarray(at, at + 8))) throw damaged(at);
    const end = at + 12 + Number(view.getBigUint64(at, true));
    if (end + 4 > file.length) break;
    const data = file.subarray(at + 12, end);
    if (view.getUint32(end, true) !== maskedCrc32c(data)) throw damaged(at + 12);
    const event = decodeEvent(data);
    if (Object.keys(event.scalars).length > 0) events.push(event);
    at = end + 4;
  }
  return events;
}

function decodeEvent(data: Uint8Array): ScalarEvent {
  const reader = protobuf.Reader.create(data);
  const scalars: Record<string, number> = {};
  let wallSeconds = 0;
  let step = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === key(1, fixed64)) wallSeconds = reader.double();
    else if (tag === key(2, varint)) step = Number(reader.int64());
    else if (tag === key(5, bytes)) decodeSummary(reader, scalars);
    else reader.skipType(tag & 7);
  }
  return { wallSeconds, step, scalars };
}

function decodeSummary(reader: protobuf.Reader, scalars: Record<string, number>): void {
  const end = reader.uint32() + reader.pos;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== key(1, bytes)) {
      reader.skipType(tag & 7);
      continue;
    }
    const valueEnd = reader.uint32() + reader.pos;
    let name = '';
    let value: number | null = null;
    while (reader.pos < valueEnd) {
      const inner = reader.uint32();
      if (inner === key(1, bytes)) name = reader.string();
      else if (inner === key(2, fixed32)) value = reader.float();
      else reader.skipType(inner & 7);
    }
    if (value !== null) scalars[name] = value;
  }
}
