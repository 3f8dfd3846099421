import type { SchemaElement } from 'hyparquet';
import { storedChannels } from './frame-codec.ts';

/** How LeRobot's `info.json` describes a column. */
export interface Feature {
  readonly dtype: 'image' | 'float32' | 'float64' | 'int64' | 'bool';
  readonly shape: readonly number[];
  readonly names: readonly string[] | null;
}

export interface FeatureSizes {
  /** [height, width, channels] */
  readonly frameShape: readonly [number, number, number];
  readonly actionSize: number;
  readonly stateSize: number;
  readonly truthNames: readonly string[];
  /** Names of the proprioception's numbers. @defaultValue there is none */
  readonly proprioceptionNames?: readonly string[] | undefined;
}

/** The columns of a data set in their order on disk, by name. */
export function describeFeatures(sizes: FeatureSizes) {
  const { frameShape, actionSize, stateSize, truthNames, proprioceptionNames } = sizes;
  const scalar = (dtype: Feature['dtype']): Feature => ({ dtype, shape: [1], names: null });
  return {
    'observation.image': {
      dtype: 'image',
      shape: [frameShape[0], frameShape[1], storedChannels],
      names: ['height', 'width', 'channels'],
    },
    // LeRobot's own name for proprioception.
    ...(proprioceptionNames === undefined
      ? {}
      : {
          'observation.state': {
            dtype: 'float32',
            shape: [proprioceptionNames.length],
            names: proprioceptionNames,
          } as const,
        }),
    action: { dtype: 'float32', shape: [actionSize], names: numbered('action', actionSize) },
    'truth.poses': { dtype: 'float32', shape: [truthNames.length], names: truthNames },
    'simulator.state': { dtype: 'float64', shape: [stateSize], names: numbered('state', stateSize) },
    'next.reward': scalar('float32'),
    'next.done': scalar('bool'),
    'next.success': scalar('bool'),
    'next.violation': scalar('bool'),
    timestamp: scalar('float32'),
    frame_index: scalar('int64'),
    episode_index: scalar('int64'),
    index: scalar('int64'),
    task_index: scalar('int64'),
  } as const satisfies Record<string, Feature>;
}

export type FeatureName = keyof ReturnType<typeof describeFeatures>;

/** The Parquet schema of these columns. Lists are written as LIST of their element type, never as JSON. */
export function parquetSchema(features: Readonly<Record<string, Feature>>): SchemaElement[] {
  const columns = Object.entries(features).map(([name, feature]) => columnSchema(name, feature));
  return [{ name: 'schema', num_children: columns.length }, ...columns.flat()];
}

/** What Hugging Face's `datasets` reads the column types from, as the value of the key `huggingface`. */
export function huggingFaceMetadata(features: Readonly<Record<string, Feature>>): string {
  const describe = ({ dtype, shape }: Feature) => {
    if (dtype === 'image') return { _type: 'Image' };
    const value = { dtype, _type: 'Value' };
    return isScalar(shape) ? value : { feature: value, length: shape[0], _type: 'List' };
  };
  const described = Object.fromEntries(Object.entries(features).map(([name, feature]) => [name, describe(feature)]));
  return JSON.stringify({ info: { features: described } });
}

/** LeRobot stores features of shape [1] as plain values. */
export function isScalar(shape: readonly number[]): boolean {
  return shape.length === 1 && shape[0] === 1;
}

function columnSchema(name: string, { dtype, shape }: Feature): SchemaElement[] {
  if (dtype === 'image') {
    return [
      { name, num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
    ];
  }
  const type = physicalType[dtype];
  if (isScalar(shape)) return [{ name, type, repetition_type: 'OPTIONAL' }];
  return listSchema(name, { name: 'element', type, repetition_type: 'OPTIONAL' });
}

/** The three-level list of the Parquet format. */
export function listSchema(name: string, element: SchemaElement): SchemaElement[] {
  return [
    { name, num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    element,
  ];
}

const physicalType = { float32: 'FLOAT', float64: 'DOUBLE', int64: 'INT64', bool: 'BOOLEAN' } as const;

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}_${i}`);
}
