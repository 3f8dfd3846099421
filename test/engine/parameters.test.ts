import fc from 'fast-check';
import { createRng } from '../../src/core/rng.ts';
import { constant, kaimingUniform, normal, orthogonal, uniform, zeros } from '../../src/engine/initialisers.ts';
import {
  constants,
  copyShared,
  initialise,
  layoutOf,
  type ParameterSpecs,
  parameter,
  partition,
  unpack,
} from '../../src/engine/parameters.ts';
import type { Program } from '../../src/engine/program.ts';
import { runEager } from '../../src/engine/run-eager.ts';

const specs: ParameterSpecs = {
  'encoder.weight': { shape: [2, 3], init: normal(1) },
  'encoder.bias': { shape: [3], init: zeros },
  temperature: { shape: [], init: constant(4) },
};
const layout = layoutOf(specs);

const valuesOf = (named: ParameterSpecs, name: string, seed = 0) => {
  const its = layoutOf(named);
  const { offset, size } = its.entries.find((entry) => entry.name === name)!;
  return initialise(its, createRng(seed)).slice(offset, offset + size);
};

describe('layoutOf', () => {
  test('lays parameters out one after another', () => {
    expect(layout.entries.map(({ name, shape, offset, size }) => [name, shape, offset, size])).toEqual([
      ['encoder.weight', [2, 3], 0, 6],
      ['encoder.bias', [3], 6, 3],
      ['temperature', [], 9, 1],
    ]);
    expect(layout.size).toBe(10);
  });

  test('refuses shapes that are none', () => {
    expect(() => layoutOf({ w: { shape: [2, 0], init: zeros } })).toThrow("parameter 'w' has shape [2,0]");
  });
});

describe('initialise', () => {
  test('gives a parameter the same values whatever stands beside it', () => {
    const more: ParameterSpecs = { first: { shape: [7], init: normal(1) }, ...specs };
    expect(valuesOf(more, 'encoder.weight')).toEqual(valuesOf(specs, 'encoder.weight'));
  });

  test('gives the same values for the same seed, others for another seed or name', () => {
    expect(valuesOf(specs, 'encoder.weight', 3)).toEqual(valuesOf(specs, 'encoder.weight', 3));
    expect(valuesOf(specs, 'encoder.weight', 3)).not.toEqual(valuesOf(specs, 'encoder.weight', 4));
    const twins: ParameterSpecs = { a: { shape: [6], init: normal(1) }, b: { shape: [6], init: normal(1) } };
    expect(valuesOf(twins, 'a')).not.toEqual(valuesOf(twins, 'b'));
  });
});

describe('unpack and constants', () => {
  const values = Float32Array.from({ length: layout.size }, (_, i) => i);
  const program = (name: string, parameters: (flat: Parameters<typeof unpack>[0]) => ReturnType<typeof unpack>) =>
    ({ name, inputs: { flat: { shape: [layout.size] } }, run: ({ flat }) => parameters(flat!) }) satisfies Program;

  test('both give each parameter its part of the vector', async () => {
    const unpacked = await runEager(
      program('unpack', (flat) => unpack(flat, layout)),
      { flat: values },
    );
    expect(unpacked).toEqual({
      'encoder.weight': Float32Array.of(0, 1, 2, 3, 4, 5),
      'encoder.bias': Float32Array.of(6, 7, 8),
      temperature: Float32Array.of(9),
    });
    const baked = await runEager(
      program('constants', () => constants(values, layout)),
      { flat: values },
    );
    expect(baked).toEqual(unpacked);
  });

  test('refuse vectors of another length', async () => {
    const short = { ...program('short', (flat) => unpack(flat, layout)), inputs: { flat: { shape: [9] } } };
    await expect(runEager(short, { flat: new Float32Array(9) })).rejects.toThrow('a vector of 10 parameters');
    expect(() => constants(new Float32Array(9), layout)).toThrow('holds 10 parameters, got 9');
  });
});

describe('partition', () => {
  test('with copyShared splits a vector in two and puts it together again', () => {
    fc.assert(
      fc.property(fc.subarray(layout.entries.map((entry) => entry.name)), (chosen) => {
        const [some, rest] = partition(layout, (name) => chosen.includes(name));
        expect(some.size + rest.size).toBe(layout.size);
        const values = Float32Array.from({ length: layout.size }, (_, i) => 1 + i);
        const together = new Float32Array(layout.size);
        for (const part of [some, rest]) {
          const piece = new Float32Array(part.size);
          copyShared(values, layout, piece, part);
          copyShared(piece, part, together, layout);
        }
        expect(together).toEqual(values);
      }),
    );
  });
});

describe('parameter', () => {
  test('says which parameters there are when one is missing', () => {
    const parameters = constants(new Float32Array(layout.size), layout);
    expect(() => parameter(parameters, 'encoder.wait')).toThrow(
      "no parameter 'encoder.wait'; known under 'encoder': encoder.weight, encoder.bias",
    );
    expect(() => parameter(parameters, 'decoder.weight')).toThrow("none under 'decoder'");
  });
});

describe('initialisers', () => {
  const rng = createRng(5);
  const moments = (values: Float32Array) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return { mean, std: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) };
  };

  test('draw from the distributions that they name', () => {
    // Standard errors at 40,000 draws: 0.005 of a std for the mean, 0.0035 for the std; four of them allowed.
    const drawn = moments(normal(2)([200, 200], rng));
    expect(Math.abs(drawn.mean)).toBeLessThan(0.04);
    expect(Math.abs(drawn.std - 2)).toBeLessThan(0.03);

    const flat = uniform(1, 3)([200, 200], rng);
    expect(Math.min(...flat)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...flat)).toBeLessThan(3);
    expect(Math.abs(moments(flat).std - 2 / Math.sqrt(12))).toBeLessThan(0.01);

    const bound = 1 / Math.sqrt(25);
    const weights = kaimingUniform(25)([25, 400], rng);
    expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(Math.abs(moments(weights).std - bound / Math.sqrt(3))).toBeLessThan(0.003);
  });

  test.each([
    [[5, 12], 1],
    [[12, 5], 3],
    [[2, 3, 4], 1],
  ])('orthogonal makes the fewer of rows and columns of %j orthogonal', (shape, gain) => {
    const values = orthogonal(gain)(shape, rng);
    const columns = shape.at(-1)!;
    const rows = values.length / columns;
    const count = Math.min(rows, columns);
    const length = Math.max(rows, columns);
    const at = (vector: number, k: number) =>
      rows <= columns ? values[vector * columns + k]! : values[k * columns + vector]!;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) {
        let dot = 0;
        for (let k = 0; k < length; k++) dot += at(i, k) * at(j, k);
        expect(dot).toBeCloseTo(i === j ? gain * gain : 0, 5);
      }
    }
  });
});
