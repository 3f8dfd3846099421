import { describeError, RunError, UsageError } from '../core/errors.ts';

export interface NamedTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: Float32Array;
}

export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, NamedTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const lengthBytes = 8;
const metadataKey = '__metadata__';
/** The format's own limit. */
const largestHeader = 100_000_000;

/**
 * Tensors as a safetensors file (Hugging Face): 8 bytes of little-endian header length, a JSON header, the values
 * one after another. Tensors and metadata are sorted by name and the header padded with spaces to a multiple of 8
 * bytes, so the same tensors give the same bytes and every value is aligned.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push([metadataKey, Object.fromEntries(sortedEntries(metadata))]);
  let end = 0;
  const entries = sortedEntries(tensors);
  for (const [name, { shape, values }] of entries) {
    if (name === metadataKey) throw new UsageError(`a tensor can't be called '${metadataKey}' in a safetensors file`);
    if (!isShape(shape) || sizeOf(shape) !== values.length)
      throw new UsageError(`tensor '${name}' has ${values.length} values for shape [${shape}]`);
    header.push([name, { dtype: 'F32', shape, data_offsets: [end, end + 4 * values.length] }]);
    end += 4 * values.length;
  }

  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const start = lengthBytes + headerLength;
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, lengthBytes, start).set(json, lengthBytes);
  let offset = start;
  for (const [, { values }] of entries) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file of float32 tensors, strictly: every byte must be accounted for.
 *
 * @param source Names the file in errors.
 * @throws RunError that says what is wrong and where.
 */
export function decodeSafetensors(bytes: Uint8Array, source = 'the safetensors file'): SafetensorsFile {
  const fail = (what: string): never => {
    throw new RunError(`${source} is not a valid safetensors file: ${what}`);
  };
  const start = readHeaderEnd(bytes, fail);
  const header = readHeader(bytes.subarray(lengthBytes, start), fail);
  const { [metadataKey]: metadata = {}, ...descriptions } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    fail(`'${metadataKey}' in the header must map names to strings`);

  const entries = Object.entries(descriptions).map(([name, description]) => readEntry(name, description, fail));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin < reached) fail(`tensor '${name}' overlaps the one before it (starts at byte ${begin}, not ${reached})`);
    if (begin > reached) fail(`bytes ${reached} to ${begin} of the data, before tensor '${name}', belong to no tensor`);
    if (end > bytes.length - start)
      fail(`truncated: tensor '${name}' ends at byte ${end} of the data, the file has ${bytes.length - start}`);
    reached = end;
  }
  const trailing = bytes.length - start - reached;
  if (trailing > 0) fail(`${trailing} trailing bytes after the last tensor`);

  return {
    tensors: Object.fromEntries(
      entries.map(({ name, shape, begin, end }) => {
        const values = new Float32Array((end - begin) / 4);
        new Uint8Array(values.buffer).set(bytes.subarray(start + begin, start + end));
        return [name, { shape, values }];
      }),
    ),
    metadata: metadata as Record<string, string>,
  };
}

type Fail = (what: string) => never;

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  /** Bytes from the start of the data. */
  readonly begin: number;
  readonly end: number;
}

function readHeaderEnd(bytes: Uint8Array, fail: Fail): number {
  if (bytes.length < lengthBytes) return fail(`truncated: ${bytes.length} bytes, the header's length alone takes 8`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  if (length > largestHeader) return fail(`its header claims ${length} bytes, more than the ${largestHeader} allowed`);
  const end = lengthBytes + Number(length);
  if (end > bytes.length) return fail(`truncated: the header ends at byte ${end}, the file has ${bytes.length}`);
  return end;
}

function readHeader(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  if (bytes[0] !== 0x7b) fail(`the header at byte ${lengthBytes} does not begin with '{'`);
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch (error) {
    fail(`the header is not JSON: ${describeError(error)}`);
  }
  return fail('the header is not a JSON object');
}

function readEntry(name: string, description: unknown, fail: Fail): Entry {
  if (!isRecord(description)) return fail(`tensor '${name}' is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = description;
  if (dtype !== 'F32') fail(`tensor '${name}' has dtype ${JSON.stringify(dtype)}; only "F32" is read here`);
  if (!isShape(shape)) return fail(`tensor '${name}' has shape ${JSON.stringify(shape)}`);
  if (!isShape(offsets) || offsets.length !== 2)
    return fail(`tensor '${name}' has data_offsets ${JSON.stringify(offsets)}`);
  const [begin, end] = offsets as [number, number];
  if (end - begin !== 4 * sizeOf(shape))
    fail(`tensor '${name}' of shape [${shape}] needs ${4 * sizeOf(shape)} bytes, its data_offsets span ${end - begin}`);
  return { name, shape, begin, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= 0);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** By code unit: the same order on every machine. */
function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
