import { createHash } from 'node:crypto';
import { RunError } from '../core/errors.ts';
import { decodeSafetensors, encodeSafetensors, type NamedTensor, type SafetensorsFile } from './safetensors.ts';

const sealKey = 'sha256';

/**
 * A safetensors file whose metadata hold a SHA-256 over all else in it, and over `beside`: text that lies elsewhere
 * and belongs to it. What was changed, cut, or put together from two files no longer fits its seal.
 */
export function encodeSealed(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata: Readonly<Record<string, string>>,
  beside = '',
): Uint8Array {
  return encodeSafetensors(tensors, { ...metadata, [sealKey]: sealOf({ tensors, metadata }, beside) });
}

export interface UnsealOptions {
  /** Names the file in errors. */
  readonly source: string;
  /** Names of the metadata that files of this kind have, the seal aside. Others are errors: a damaged name is no new one. */
  readonly metadata: readonly string[];
  /** What was sealed with it. */
  readonly beside?: string;
}

/**
 * Reads a sealed file. One without a seal is an earlier version's, and its values are taken as they are.
 *
 * @throws RunError that says what is wrong
 */
export function decodeSealed(
  bytes: Uint8Array,
  { source, metadata: known, beside = '' }: UnsealOptions,
): SafetensorsFile {
  const { tensors, metadata: found } = decodeSafetensors(bytes, source);
  const { [sealKey]: seal, ...metadata } = found;
  const foreign = Object.keys(metadata).find((name) => !known.includes(name));
  if (foreign !== undefined) throw new RunError(`${source} has metadata '${foreign}', which no file of its kind has`);
  if (seal !== undefined && seal !== sealOf({ tensors, metadata }, beside)) {
    throw new RunError(
      `${source} was damaged or changed after it was written${beside === '' ? '' : ', or what lies beside it was'}: its SHA-256 does not fit. Bring it back from a copy, or make it again.`,
    );
  }
  return { tensors, metadata };
}

function sealOf({ tensors, metadata }: SafetensorsFile, beside: string): string {
  return createHash('sha256').update(encodeSafetensors(tensors, metadata)).update(beside).digest('hex');
}
