import type { Situation } from '../core/memory-contracts.ts';
import { alignmentResidual, alignPoints, centred, identityMap, type PlaneMap } from './align.ts';

/**
 * What leaves a situation the same in all that matters: `rigid` for a table, where a push works in every direction
 * and in the mirror; `none` for a world whose walls are the problem.
 */
export type Symmetry = 'rigid' | 'none';

export interface SituationIndexOptions {
  readonly symmetry: Symmetry;
  /** Table widths that a root mean square difference of 1 between keys counts as. */
  readonly keyScale: number;
  /** Situations further apart than this are not alike. Table widths. */
  readonly farthest: number;
}

/** A remembered moment, and how its displacements become the present's. */
export interface Match {
  readonly episode: number;
  readonly step: number;
  /** Table widths. */
  readonly distance: number;
  readonly map: PlaneMap;
}

/** Finds the moments most like a present one, by looking at all. */
export interface SituationIndex {
  /** Adds a moment of an episode. An episode's moments are added one after another. */
  add(situation: Situation, episode: number, step: number): void;
  /** The nearest moment of each of the `count` nearest episodes, nearest first; equals in the order of adding. */
  nearest(situation: Situation, count: number): Match[];
}

/**
 * An exact scan over one flat array a kind. The distance is
 * sqrt(mean over points |aligned past - present|^2 + (keyScale x rms difference of keys)^2).
 */
export function createSituationIndex({ symmetry, keyScale, farthest }: SituationIndexOptions): SituationIndex {
  const tables = new Map<string, Table>();
  const pointsOf = ({ points }: Situation) => (symmetry === 'rigid' ? centred(points) : points);
  const residual = symmetry === 'rigid' ? alignmentResidual : squaredDifference;

  return {
    add(situation, episode, step) {
      const name = tableName(situation);
      const { points, key } = situation;
      let table = tables.get(name);
      if (table === undefined) {
        table = { width: points.length + key.length, rows: new Float32Array(0), episodes: [], steps: [] };
        tables.set(name, table);
      }
      const at = table.episodes.length * table.width;
      if (at + table.width > table.rows.length) table.rows = grown(table.rows, table.width);
      table.rows.set(pointsOf(situation), at);
      table.rows.set(key, at + points.length);
      table.episodes.push(episode);
      table.steps.push(step);
    },
    nearest(situation, count) {
      const table = tables.get(tableName(situation));
      if (table === undefined) return [];
      const { width, rows, episodes, steps } = table;
      const { key } = situation;
      const points = pointsOf(situation);
      const perPoint = 2 / points.length;
      const perNumber = key.length === 0 ? 0 : keyScale ** 2 / key.length;
      const limit = farthest ** 2;
      const best: { row: number; square: number }[] = [];
      for (let row = 0; row < episodes.length; row++) {
        const at = row * width;
        const square =
          perPoint * residual(rows, at, points) + perNumber * squaredDifference(rows, at + points.length, key);
        if (!(square <= limit)) continue;
        const last = best.at(-1);
        if (last === undefined || episodes[last.row] !== episodes[row]) best.push({ row, square });
        else if (square < last.square) best[best.length - 1] = { row, square };
      }
      best.sort((a, b) => a.square - b.square || a.row - b.row);
      return best.slice(0, count).map(({ row, square }) => ({
        episode: episodes[row]!,
        step: steps[row]!,
        distance: Math.sqrt(square),
        map:
          symmetry === 'rigid'
            ? alignPoints(rows.subarray(row * width, row * width + points.length), points).map
            : identityMap,
      }));
    },
  };
}

/** The situations of one kind, a row each: points (centred where they may be moved), then the key. */
interface Table {
  readonly width: number;
  rows: Float32Array;
  readonly episodes: number[];
  readonly steps: number[];
}

/** Sizes are part of the name, so that rows of a table always compare. */
function tableName({ kind, points, key }: Situation): string {
  return `${kind}/${points.length}/${key.length}`;
}

/** At least one more row, and twice the room. */
function grown(rows: Float32Array, width: number): Float32Array {
  const larger = new Float32Array(Math.max(64 * width, 2 * rows.length));
  larger.set(rows);
  return larger;
}

/** |from[offset ...] - to|^2 */
function squaredDifference(from: ArrayLike<number>, offset: number, to: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < to.length; i++) sum += (from[offset + i]! - to[i]!) ** 2;
  return sum;
}
