import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from 'hyparquet';
import { describeError, RunError } from '../core/errors.ts';

/** A Parquet file whose footer has been read. */
export interface ParquetFile {
  readonly path: string;
  readonly rows: number;
  /** Top-level columns. */
  readonly columns: readonly string[];
  /** Rows [from, to) of these columns, as objects. Bytes stay bytes, text becomes strings. */
  read(columns: readonly string[], from?: number, to?: number): Promise<Record<string, unknown>[]>;
}

/** @throws RunError where there is no such file, or it is not a whole Parquet file. */
export async function openParquet(path: string): Promise<ParquetFile> {
  let file: AsyncBuffer;
  let metadata: FileMetaData;
  try {
    file = await asyncBufferFromFile(path);
    metadata = await parquetMetadataAsync(file);
  } catch (error) {
    throw damaged(path, error);
  }
  return {
    path,
    rows: Number(metadata.num_rows),
    columns: topLevelColumns(metadata),
    async read(columns, from = 0, to = Number(metadata.num_rows)) {
      try {
        return (await parquetReadObjects({
          file,
          metadata,
          columns: [...columns],
          rowStart: from,
          rowEnd: to,
          utf8: false,
        })) as Record<string, unknown>[];
      } catch (error) {
        throw damaged(path, error);
      }
    },
  };
}

function damaged(path: string, error: unknown): RunError {
  return new RunError(`'${path}' is missing or is not a whole Parquet file: ${describeError(error)}`);
}

function topLevelColumns({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  const skip = (i: number): number => {
    let next = i + 1;
    for (let child = 0; child < (schema[i]?.num_children ?? 0); child++) next = skip(next);
    return next;
  };
  for (let i = 1; i < schema.length; i = skip(i)) names.push(schema[i]!.name);
  return names;
}
