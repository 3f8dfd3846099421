import { type EntityDescription, type Frame, type Observation, proprioceptionNames } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { stackFrames } from '../core/stack-frames.ts';
import type { Point } from '../core/task.ts';
import type { Seen } from '../cost/term.ts';
import { compile } from '../engine/compile.ts';
import { constants } from '../engine/parameters.ts';
import type { CompileOptions, Executable } from '../engine/program.ts';
import { tf } from '../engine/tf.ts';
import { type ModelConfig, pictureShape } from '../world-model/config.ts';
import { unmixColours } from '../world-model/encoders/colour-slots.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { proprioceptionInput } from '../world-model/proprioception.ts';
import { bindWorldModel, headingSize, slotCount } from '../world-model/world-model.ts';
import { joinPercepts, onlySlot } from './join-percepts.ts';
import { nearestColour, type Twins } from './twins.ts';

type Colour = EntityDescription['colour'];

/** What is seen in one frame. */
export interface Percept {
  /** [K, D], one latent a prototype (or a single one). */
  readonly latents: Float32Array;
  /** [K, 2] probed positions, table widths; of the model's `things`, where it has several in one latent. */
  readonly positions: Float32Array;
  /** [K, 4] probed headings, as cos a, sin a, cos 2a, sin 2a; null where the model has no such probe. */
  readonly headings: Float32Array | null;
  /** [K] covered area in pixels and radius in table widths; null where every slot is always filled. */
  readonly mass: Float32Array | null;
  readonly radius: Float32Array | null;
  /** [height, width, C] The frame in the units of what the model draws; absent where it never draws. */
  readonly picture?: Float32Array;
}

/** Observations -> latents, one frame at a time, so that a batch's size can change no result. */
export interface Perception {
  /**
   * @param beside Colours (sRGB bytes) of things that the model never learned of, to be seen all the same: each gets a
   *   slot after the model's own, with a place, a mass and a radius.
   * @param twins Things that colour does not tell apart: each gets a slot after all others, as if it were the only one
   *   of its colour.
   * @throws RunError where the model does not see by colour, or goes by proprioception and there is none
   */
  perceive(observation: Observation, beside?: readonly Colour[], twins?: Twins | null): Promise<Percept>;
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
  const unmixers = new Map<string, Promise<Executable>>();
  const unmixerFor = (beside: readonly Colour[]): Promise<Executable> => {
    const key = beside.join(' ');
    let unmixer = unmixers.get(key);
    if (unmixer === undefined) {
      unmixer = compileUnmixer(withColours(config, beside), options);
      unmixers.set(key, unmixer);
    }
    return unmixer;
  };
  const shape = pictureShape(config);
  const [height, width, channels] = shape;
  const input = new Float32Array(height * width * channels);
  const look = async (encoder: Executable, picture: Uint8Array, felt: ReturnType<typeof feltBy>): Promise<Percept> => {
    input.set(picture);
    const seen = (await encoder.run({ frames: input, ...felt })) as Record<string, Float32Array | undefined>;
    return {
      latents: seen.latents!,
      positions: seen.positions!,
      headings: seen.headings ?? null,
      mass: seen.mass ?? null,
      radius: seen.radius ?? null,
      ...(seen.picture === undefined ? {} : { picture: seen.picture }),
    };
  };
  return {
    async perceive(observation, beside = [], twins = null) {
      const frame = asSeen(config, observation.frame);
      if (frame.shape.join() !== shape.join()) {
        throw new RunError(`the model sees frames of [${config.frame}], this environment shows [${frame.shape}]`);
      }
      const felt = feltBy(config, observation);
      const encoder = await encoderFor(beside);
      const percept = await look(encoder, frame.data, felt);
      if (twins === null) return percept;
      const unmixer = await unmixerFor(beside);
      input.set(frame.data);
      const { coverage } = await unmixer.run({ frames: input });
      const each: Percept[] = [];
      for (const [i, picture] of twins.alone(frame, coverage as Float32Array).entries()) {
        each.push(onlySlot(await look(encoder, picture, felt), twins.members[i]!.slot));
      }
      return joinPercepts([percept, ...each]);
    },
    async dispose() {
      await plain.dispose();
      for (const other of [...others.values(), ...unmixers.values()]) await (await other).dispose();
    },
  };
}

async function compileEncoder(
  { layout, parameters }: StoredModel,
  config: ModelConfig,
  options: CompileOptions,
): Promise<Executable> {
  return compile(
    {
      name: 'encode',
      inputs: { frames: { shape: [1, ...pictureShape(config)] }, ...proprioceptionInput(config, 1) },
      run: ({ frames, proprioception }) => {
        const bound = bindWorldModel(config, constants(parameters, layout));
        const latents = bound.encode(frames!, proprioception);
        const { position, heading } = bound.probe(latents);
        return {
          latents,
          positions: position,
          ...(heading === null ? {} : { headings: heading }),
          ...bound.measure(frames!),
          ...(bound.drawing === null ? {} : { picture: bound.drawing.read(frames!) }),
        };
      },
    },
    options,
  );
}

/** A frame by itself, such as a goal's picture, as one that has always been so, where the model goes by several. */
function asSeen({ frame: single, history = 1 }: ModelConfig, frame: Frame): Frame {
  if (history === 1 || frame.shape.join() !== single.join()) return frame;
  return stackFrames(Array.from({ length: history }, () => frame));
}

/** What the model is told of an observation beside its picture. @throws RunError where it lacks that */
function feltBy(config: ModelConfig, { proprioception }: Observation): { readonly proprioception?: Float32Array } {
  if (config.proprioception === undefined) return {};
  if (proprioception !== undefined) return { proprioception };
  throw new RunError(
    "the model goes by the pusher's proprioception beside pictures, and none is given here: play it in a world that gives it, or use a model that was trained without",
  );
}

/** The goal's picture as an observation: of who is at rest there. */
export function goalObservation(goalFrame: Frame): Observation {
  return { frame: goalFrame, proprioception: new Float32Array(proprioceptionNames.length) };
}

/** Frames -> [P, K], share of each pixel that each colour covers. */
async function compileUnmixer({ frame, encoder }: ModelConfig, options: CompileOptions): Promise<Executable> {
  if (encoder.kind !== 'colour-slots') throw new TypeError('twins are told apart by models that see by colour');
  const [height, width, channels] = frame;
  return compile(
    {
      name: 'unmix',
      inputs: { frames: { shape: [1, height, width, channels] } },
      run: ({ frames }) => ({
        coverage: unmixColours(tf.reshape(frames!, [1, height * width, channels]), encoder),
      }),
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
 * says of it, or its own where it is one of `twins`. The pusher's is slot 0, found while fitting the prototypes. Of one
 * flat latent it is which of its things.
 *
 * @throws RunError naming the entity that is not to be seen
 */
export function findEntities(
  model: StoredModel,
  percept: Percept,
  entities: readonly EntityDescription[],
  twins: Twins | null = null,
): number[] {
  const { encoder, things } = model.config;
  if (encoder.kind !== 'colour-slots')
    return entities.map(({ colour }, index) =>
      things === undefined || index === 0 ? 0 : nearestColour(things, colour),
    );
  const firstTwin = percept.mass!.length - (twins?.members.length ?? 0);
  return entities.map(({ name, colour }, index) => {
    if (index === 0) return 0;
    const member = twins?.members.findIndex(({ entity }) => entity === index) ?? -1;
    const slot = member >= 0 ? firstTwin + member : nearestColour(encoder.prototypes, colour);
    if (slot < 0 || percept.mass![slot]! < smallestMass) {
      throw new RunError(`cannot see '${name}': nothing of colour rgb(${colour.join(', ')}) is in the frame`);
    }
    return slot;
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

/** The latents of the chosen slots, [N, D]; a flat one, [1, D], as it is. */
export function selectSlots(latents: Float32Array, slots: readonly number[], latentSize: number): Float32Array {
  if (latents.length === latentSize) return latents.slice();
  const selected = new Float32Array(slots.length * latentSize);
  slots.forEach((slot, i) => {
    selected.set(latents.subarray(slot * latentSize, (slot + 1) * latentSize), i * latentSize);
  });
  return selected;
}

/** Pixels below which a colour counts as absent. */
const smallestMass = 5;
