import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import ndarray from 'ndarray';
import type { Frame, Instruction } from '../core/contracts.ts';
import { describeError, RunError } from '../core/errors.ts';
import { frameBytes } from '../core/frame-bytes.ts';
import type { Moment, Outcome } from '../core/memory-contracts.ts';
import type { WorldName } from '../core/task.ts';
import type { EpisodeRecord } from './episode-record.ts';

/**
 * An episode as bytes: a magic word, the header's length, the header as JSON, then numbers as 32-bit floats, then
 * pictures, deflated. All little endian. The same episode always has the same digest, which is taken before
 * deflating, so that no version of zlib can change it.
 */
export interface EncodedRecord {
  readonly bytes: Uint8Array;
  /** SHA-256 over header, numbers and pictures. */
  readonly digest: Uint8Array;
}

/** All of a record but its numbers and pictures. */
export interface RecordHeader {
  readonly world: WorldName;
  readonly encoder: string;
  readonly seed: number;
  readonly outcome: Outcome;
  readonly instruction: Omit<Instruction, 'goalFrame'>;
  readonly actionSize: number;
  /** T */
  readonly steps: number;
  /**
   * P points, K numbers of the key, and numbers of proprioception, absent for none; a kind of null stands for no
   * situation.
   */
  readonly moments: readonly { step: number; kind: string | null; points: number; key: number; felt?: number }[];
  /** [height, width, channels] */
  readonly frame: readonly [number, number, number];
  readonly hasGoalFrame: boolean;
}

const magic = 0x4d454d41; // 'AMEM'
const prefix = 8;

export function encodeRecord({ world, encoder, seed, outcome, experience }: EpisodeRecord): EncodedRecord {
  const { instruction, moments, actions, actionSize } = experience;
  const { goalFrame, ...told } = instruction;
  const frames = [...(goalFrame === null ? [] : [goalFrame]), ...moments.map(({ frame }) => frame)];
  const header: RecordHeader = {
    world,
    encoder,
    seed,
    outcome,
    instruction: told,
    actionSize,
    steps: actions.length / actionSize,
    moments: moments.map(({ step, situation, proprioception }) => ({
      step,
      kind: situation?.kind ?? null,
      points: (situation?.points.length ?? 0) / 2,
      key: situation?.key.length ?? 0,
      ...(proprioception === undefined ? {} : { felt: proprioception.length }),
    })),
    frame: (frames[0]?.shape ?? [0, 0, 0]) as [number, number, number],
    hasGoalFrame: goalFrame !== null,
  };
  // Padded with spaces, so that the numbers are aligned.
  const json = Buffer.from(JSON.stringify(header));
  const text = Buffer.concat([json, Buffer.alloc(-json.length & 3, ' ')]);
  const numbers = Buffer.concat([actions, ...moments.flatMap(numbersOf)].map(floatBytes));
  const pictures = Buffer.concat(frames.map(frameBytes));
  const start = Buffer.alloc(prefix);
  start.writeUInt32LE(magic, 0);
  start.writeUInt32LE(text.length, 4);
  return {
    bytes: Buffer.concat([start, text, numbers, deflateRawSync(pictures)]),
    digest: digestOf(text, numbers, pictures),
  };
}

/** The header alone, fast. @throws RunError where the bytes are no record */
export function decodeHeader(bytes: Uint8Array): RecordHeader {
  return split(bytes).header;
}

/**
 * The record that was encoded.
 * @throws RunError where the bytes are no record, or not whole
 */
export function decodeRecord(bytes: Uint8Array): EpisodeRecord & { readonly digest: Uint8Array } {
  const { header, text, numbers, pictures } = split(bytes);
  const { world, encoder, seed, outcome, instruction, actionSize, steps, frame, hasGoalFrame } = header;
  let raw: Buffer;
  try {
    raw = inflateRawSync(pictures);
  } catch (error) {
    throw damaged(`its pictures cannot be inflated: ${describeError(error)}`);
  }
  const size = frame[0] * frame[1] * frame[2];
  if (raw.length !== size * (header.moments.length + Number(hasGoalFrame))) throw damaged('pictures are missing');
  const frameAt = (index: number): Frame =>
    ndarray(Uint8Array.from(raw.subarray(index * size, (index + 1) * size)), [...frame]);
  let at = 0;
  const take = (count: number): Float32Array => {
    const values = Float32Array.from({ length: count }, (_, i) => numbers.readFloatLE(4 * (at + i)));
    at += count;
    return values;
  };
  const actions = take(steps * actionSize);
  const moments = header.moments.map(({ step, kind, points, key, felt }, i): Moment => {
    const positions = take(2 * instruction.entities.length);
    const situation = kind === null ? null : { kind, points: take(2 * points), key: take(key) };
    const body = felt === undefined ? {} : { proprioception: take(felt) };
    return { step, frame: frameAt(i + Number(hasGoalFrame)), ...body, positions, situation };
  });
  const goalFrame = hasGoalFrame ? frameAt(0) : null;
  const experience = { instruction: { ...instruction, goalFrame }, moments, actions, actionSize };
  return { world, encoder, seed, outcome, experience, digest: digestOf(text, numbers, raw) };
}

/** Cuts a record into its parts, having checked that they are all there. */
function split(bytes: Uint8Array) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length < prefix || buffer.readUInt32LE(0) !== magic) throw damaged('it does not begin as one');
  const textEnd = prefix + buffer.readUInt32LE(4);
  const text = buffer.subarray(prefix, textEnd);
  let header: RecordHeader;
  let count: number;
  try {
    header = JSON.parse(text.toString('utf8'));
    const entities = header.instruction.entities.length;
    const momentSizes = header.moments.map(({ points, key, felt = 0 }) => 2 * entities + 2 * points + key + felt);
    count = momentSizes.reduce((sum, size) => sum + size, header.steps * header.actionSize);
  } catch (error) {
    throw damaged(`its header cannot be read: ${describeError(error)}`);
  }
  const numbers = buffer.subarray(textEnd, textEnd + 4 * count);
  if (numbers.length < 4 * count) throw damaged('numbers are missing');
  return { header, text, numbers, pictures: buffer.subarray(textEnd + 4 * count) };
}

function numbersOf({ positions, situation, proprioception }: Moment): Float32Array[] {
  return [
    positions,
    ...(situation === null ? [] : [situation.points, situation.key]),
    ...(proprioception === undefined ? [] : [proprioception]),
  ];
}

function floatBytes(values: Float32Array): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeFloatLE(value, 4 * i);
  return bytes;
}

function digestOf(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function damaged(why: string): RunError {
  return new RunError(`a remembered episode is damaged: ${why}`);
}
