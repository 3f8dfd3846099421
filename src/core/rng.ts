/**
 * Seeded random numbers with named sub-seeds.
 *
 * Every random consumer derives its own stream: `createRng(seed, 'env', episode)`. Streams with different
 * names are independent, so adding a consumer never changes what another draws. Generator: xoshiro128**
 * (Blackman and Vigna, 2018), seeded by splitmix32 over an FNV-1a hash of the path.
 */
export interface Rng {
  /** Uniform in [0, 1), with 53 bits. */
  uniform(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Uniform integer in [0, count). */
  integer(count: number): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
  /** Angle in radians around `mean` with concentration `kappa` (von Mises; Best and Fisher, 1979). */
  vonMises(mean: number, kappa: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** One element, uniformly. */
  pick<T>(items: readonly T[]): T;
  /** A new array with the elements in random order (Fisher and Yates). */
  shuffled<T>(items: readonly T[]): T[];
  /** An independent stream named below this one. Does not consume from this stream. */
  child(...path: readonly (string | number)[]): Rng;
  /** The four state words and the cached normal: enough to continue the stream exactly. */
  save(): RngState;
  restore(state: RngState): void;
}

export interface RngState {
  readonly words: readonly [number, number, number, number];
  readonly spareNormal: number | null;
}

/** The stream that belongs to `seed` and the names in `path`. */
export function createRng(seed: number, ...path: readonly (string | number)[]): Rng {
  const key = [seed, ...path].map((part) => `${typeof part}:${part}`).join('/');
  return createStream(key);
}

/** A 32-bit seed that belongs to `seed` and the names in `path`: for consumers that take a number. */
export function deriveSeed(seed: number, ...path: readonly (string | number)[]): number {
  return Math.floor(createRng(seed, ...path).uniform() * 0x1_0000_0000);
}

function createStream(key: string): Rng {
  let [a, b, c, d] = seedWords(key);
  let spareNormal: number | null = null;

  const next = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9);
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result >>> 0;
  };

  const rng: Rng = {
    uniform: () => ((next() >>> 5) * 0x400_0000 + (next() >>> 6)) / 0x20_0000_0000_0000,
    between: (low, high) => low + (high - low) * rng.uniform(),
    integer: (count) => Math.floor(rng.uniform() * count),
    normal() {
      if (spareNormal !== null) {
        const value = spareNormal;
        spareNormal = null;
        return value;
      }
      for (;;) {
        const x = 2 * rng.uniform() - 1;
        const y = 2 * rng.uniform() - 1;
        const r = x * x + y * y;
        if (r === 0 || r >= 1) continue;
        const scale = Math.sqrt((-2 * Math.log(r)) / r);
        spareNormal = y * scale;
        return x * scale;
      }
    },
    vonMises(mean, kappa) {
      if (kappa < 1e-6) return mean + rng.between(-Math.PI, Math.PI);
      const tau = 1 + Math.sqrt(1 + 4 * kappa * kappa);
      const rho = (tau - Math.sqrt(2 * tau)) / (2 * kappa);
      const r = (1 + rho * rho) / (2 * rho);
      for (;;) {
        const z = Math.cos(Math.PI * rng.uniform());
        const f = (1 + r * z) / (r + z);
        const e = kappa * (r - f);
        const u = rng.uniform();
        if (e * (2 - e) - u > 0 || Math.log(e / u) + 1 - e >= 0) {
          return mean + (rng.uniform() < 0.5 ? -1 : 1) * Math.acos(f);
        }
      }
    },
    chance: (probability) => rng.uniform() < probability,
    pick(items) {
      if (items.length === 0) throw new RangeError('cannot pick from an empty list');
      return items[rng.integer(items.length)]!;
    },
    shuffled(items) {
      const result = [...items];
      for (let i = result.length - 1; i > 0; i--) {
        const j = rng.integer(i + 1);
        [result[i], result[j]] = [result[j]!, result[i]!];
      }
      return result;
    },
    child: (...path) => createStream(`${key}/${path.map((part) => `${typeof part}:${part}`).join('/')}`),
    save: () => ({ words: [a, b, c, d], spareNormal }),
    restore(state) {
      [a, b, c, d] = state.words;
      spareNormal = state.spareNormal;
    },
  };
  return rng;
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function seedWords(key: string): [number, number, number, number] {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  // A second, independent hash widens the seed to 64 bits, so that colliding paths are out of practical reach.
  let other = 0x2545f491;
  for (let i = key.length - 1; i >= 0; i--) other = Math.imul(other ^ key.charCodeAt(i), 0x5bd1e995) ^ (other >>> 15);
  const mix = (word: number): number => {
    let z = (word + 0x9e3779b9) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  return [mix(hash), mix(hash + 0x9e3779b9), mix(other), mix(other + 0x9e3779b9)];
}
