import type { EntityDescription, Frame } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import type { Point } from '../core/task.ts';
import type { Seen } from '../cost/term.ts';
import { compile } from '../engine/compile.ts';
import { constants } from '../engine/parameters.ts';
import type { CompileOptions, Executable } from '../engine/program.ts';
import type { ModelConfig } from '../world-model/config.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { bindWorldModel, headingSize, slotCount } from '../world-model/world-model.ts';

type Colour = EntityDescription['colour'];

/** What is seen in one frame. */
export interface Percept {
  /** [K, D], one latent a prototype (or a single one). */
  readonly latents: Float32Array;
  /** [K, 2] probed positions, table widths. */
  readonly positions: Float32Array;
  /** [K, 4] probed headings, as cos a, sin a, cos 2a, sin 2a; null where the model has no such probe. */
  readonly headings: Float32Array | null;
  /** [K] covered area in pixels and radius in table widths; null where every slot is always filled. */
  readonly mass: Float32Array | null;
  readonly radius: Float32Array | null;
}

/** Pixels -> latents, one frame at a time, so that a batch's size can change no result. */
export interface Perception {
  /**
   * @param beside Colours (sRGB bytes) of things that the model never learned of, to be seen all the same: each gets a
   *   slot after the model's own, with a place, a mass and a radius.
   * @throws RunError where the model does not see by colour
   */
  perceive(frame: Frame, beside?: readonly Colour[]): Promise<Percept>;
  dispose(): Promise<void>;
}

export async function createPerception(model: StoredModel, options: CompileOptions): Promise<Perception> {
  const { config } = model;
  const plain = await compileEncoder(model, config, options);
  const others = new Map<string, Promise<Executable>>();
  const encoderFor = (beside: readonly Colour[]): Executable | Promise<Executable> => {
    if (beside.length === 0) return plain;
    const key = beside.join(' ');
    let encoder = others.get(key);
    if (encoder === undefined) {
      encoder = compileEncoder(model, withColours(config, beside), options);
      others.set(key, encoder);
    }
    return encoder;
  };
  const [height, width, channels] = config.frame;
  const input = new Float32Array(height * width * channels);
  return {
    async perceive(frame, beside = []) {
      if (frame.shape.join() !== config.frame.join()) {
        throw new RunError(`the model sees frames of [${config.frame}], this environment shows [${frame.shape}]`);
      }
      const encoder = await encoderFor(beside);
      input.set(frame.data);
      const seen = (await encoder.run({ frames: input })) as Record<string, Float32Array | undefined>;
      return {
        latents: seen.latents!,
        positions: seen.positions!,
        headings: seen.headings ?? null,
        mass: seen.mass ?? null,
        radius: seen.radius ?? null,
      };
    },
    async dispose() {
      await plain.dispose();
      for (const encoder of others.values()) await (await encoder).dispose();
    },
  };
}

async function compileEncoder(
  { layout, parameters }: StoredModel,
  config: ModelConfig,
  options: CompileOptions,
): Promise<Executable> {
  const [height, width, channels] = config.frame;
  return compile(
    {
      name: 'encode',
      inputs: { frames: { shape: [1, height, width, channels] } },
      run: ({ frames }) => {
        const bound = bindWorldModel(config, constants(parameters, layout));
        const latents = bound.encode(frames!);
        const { position, heading } = bound.probe(latents);
        return {
          latents,
          positions: position,
          ...(heading === null ? {} : { headings: heading }),
          ...bound.measure(frames!),
        };
      },
    },
    options,
  );
}

/** Weights are shared by all slots, so a model sees as many colours as it is told of. */
function withColours(config: ModelConfig, beside: readonly Colour[]): ModelConfig {
  const { encoder } = config;
  if (encoder.kind !== 'colour-slots')
    throw new RunError(
      'this world model sees no single things, so it cannot look for hands: use one with colour slots',
    );
  const colours = beside.map(([r, g, b]): [number, number, number] => [r, g, b]);
  return { ...config, encoder: { ...encoder, prototypes: [...encoder.prototypes, ...colours] } };
}

/** Where the things beside the model's own colours are seen, null for those that are not. */
export function placesBeside(model: StoredModel, percept: Percept, count: number): (Point | null)[] {
  const first = slotCount(model.config);
  return Array.from({ length: count }, (_, i) => {
    const slot = first + i;
    const { mass, positions } = percept;
    return mass![slot]! < smallestMass ? null : [positions[2 * slot]!, positions[2 * slot + 1]!];
  });
}

/**
 * Which slot holds each named entity: the filled one whose prototype's colour is nearest to what the instruction
 * says of it. The pusher's is slot 0, found while fitting the prototypes.
 *
 * @throws RunError naming the entity that is not to be seen
 */
export function findEntities(model: StoredModel, percept: Percept, entities: readonly EntityDescription[]): number[] {
  const { encoder } = model.config;
  if (encoder.kind !== 'colour-slots') return entities.map(() => 0);
  const count = slotCount(model.config);
  return entities.map(({ name, colour }, index) => {
    if (index === 0) return 0;
    let best = -1;
    let bestDistance = Number.POSITIVE_INFINITY;
    for (let k = 1; k < count; k++) {
      const [r, g, b] = encoder.prototypes[k]!;
      const distance = Math.hypot(r - colour[0], g - colour[1], b - colour[2]);
      if (distance < bestDistance) [best, bestDistance] = [k, distance];
    }
    if (best < 0 || percept.mass![best]! < smallestMass) {
      throw new RunError(`cannot see '${name}': nothing of colour rgb(${colour.join(', ')}) is in the frame`);
    }
    return best;
  });
}

/** Radii of the chosen slots, table widths; 0 where the model doesn't measure them. */
export function radiiOf(percept: Percept, slots: readonly number[]): number[] {
  return slots.map((slot) => percept.radius?.[slot] ?? 0);
}

/** Covered areas of the chosen slots, pixels; infinite where the model doesn't measure them. */
export function massesOf(percept: Percept, slots: readonly number[]): number[] {
  return slots.map((slot) => percept.mass?.[slot] ?? Number.POSITIVE_INFINITY);
}

/** What is probed of the chosen slots. */
export function seeSlots({ positions, headings }: Percept, slots: readonly number[]): Seen[] {
  return slots.map((slot) => ({
    position: [positions[2 * slot]!, positions[2 * slot + 1]!],
    heading: headings && (Array.from(headings.subarray(headingSize * slot, headingSize * (slot + 1))) as never),
  }));
}

/** The latents of the chosen slots, [N, D]. */
export function selectSlots(latents: Float32Array, slots: readonly number[], latentSize: number): Float32Array {
  const selected = new Float32Array(slots.length * latentSize);
  slots.forEach((slot, i) => {
    selected.set(latents.subarray(slot * latentSize, (slot + 1) * latentSize), i * latentSize);
  });
  return selected;
}

/** Pixels below which a colour counts as absent. */
const smallestMass = 5;
