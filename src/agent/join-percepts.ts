import { concatenate } from '../core/concatenate.ts';
import type { Percept } from './perception.ts';

/** What is seen of one slot alone. */
export function onlySlot(percept: Percept, slot: number): Percept {
  const count = percept.positions.length / 2;
  return eachArray([percept], ([values]) => {
    const size = values!.length / count;
    return values!.slice(slot * size, (slot + 1) * size);
  });
}

/** The slots of several percepts, one after another. */
export function joinPercepts(percepts: readonly Percept[]): Percept {
  return eachArray(percepts, concatenate);
}

function eachArray(percepts: readonly Percept[], make: (arrays: readonly Float32Array[]) => Float32Array): Percept {
  const part = (name: keyof Percept): Float32Array => make(percepts.map((percept) => percept[name]!));
  const optional = (name: keyof Percept): Float32Array | null => (percepts[0]![name] === null ? null : part(name));
  return {
    latents: part('latents'),
    positions: part('positions'),
    headings: optional('headings'),
    mass: optional('mass'),
    radius: optional('radius'),
  };
}
