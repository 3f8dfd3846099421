import type { EntityDescription, Frame } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import type { ColourSlotsConfig, ModelConfig } from '../world-model/config.ts';
import { type Followed, startingAt } from './follow-shapes.ts';
import { separateThings } from './separate-things.ts';

/**
 * The things of an episode that colour does not tell apart, followed from frame to frame from where each is said to
 * start.
 */
export interface Twins {
  /** Those it follows: index of the entity, and the slot of its colour. */
  readonly members: readonly { readonly entity: number; readonly slot: number }[];
  /**
   * The frame as it would be if each of them were the only one of its colour, in the order of `members`: its twins
   * painted over with the background. To be called once a frame, in order.
   *
   * @param coverage [P, K], share of each pixel that each colour covers
   */
  alone(frame: Frame, coverage: Float32Array): Uint8Array[];
}

/**
 * Null where colours tell all things apart.
 *
 * @throws RunError naming a thing that shares its colour with another and is not said to start anywhere
 */
export function createTwins({ encoder, frame }: ModelConfig, entities: readonly EntityDescription[]): Twins | null {
  if (encoder.kind !== 'colour-slots') return null;
  const [height, width] = frame;
  const groups = groupByColour(encoder, entities).filter(({ members }) => members.length > 1);
  if (groups.length === 0) return null;
  const following = groups.map(({ slot, members }) => ({
    slot,
    members,
    followed: members.map((entity) => startOf(entities[entity]!, width, height)),
  }));
  return {
    members: groups.flatMap(({ slot, members }) => members.map((entity) => ({ entity, slot }))),
    alone(picture, coverage) {
      const colours = coverage.length / (height * width);
      return following.flatMap((group) => {
        const own = Float32Array.from({ length: height * width }, (_, p) => coverage[p * colours + group.slot]!);
        const { owner, followed } = separateThings(own, width, group.followed);
        group.followed = [...followed];
        return group.members.map((_, member) => without(picture, owner, member, encoder.background));
      });
    },
  };
}

/** Objects by the colour slot that shows them. The pusher is told by how it moves. */
function groupByColour(encoder: ColourSlotsConfig, entities: readonly EntityDescription[]) {
  const groups = new Map<number, number[]>();
  for (const [entity, { colour }] of entities.entries()) {
    if (entity === 0) continue;
    const slot = nearestColour(encoder.prototypes, colour);
    groups.set(slot, [...(groups.get(slot) ?? []), entity]);
  }
  return [...groups].map(([slot, members]) => ({ slot, members }));
}

/** The slot whose prototype's colour is nearest, the pusher's aside; -1 where there is no other. */
export function nearestColour(
  prototypes: ColourSlotsConfig['prototypes'],
  colour: EntityDescription['colour'],
): number {
  let best = -1;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let k = 1; k < prototypes.length; k++) {
    const [r, g, b] = prototypes[k]!;
    const distance = Math.hypot(r - colour[0], g - colour[1], b - colour[2]);
    if (distance < bestDistance) [best, bestDistance] = [k, distance];
  }
  return best;
}

function startOf({ name, at }: EntityDescription, width: number, height: number): Followed {
  if (at === undefined) {
    throw new RunError(
      `'${name}' has the colour of another thing and nothing says where it starts: give both \`knownBy: place\` in the task`,
    );
  }
  return startingAt([at[0] * width - 0.5, at[1] * height - 0.5]);
}

function without(
  { data, shape }: Frame,
  owner: Int8Array,
  member: number,
  background: readonly [number, number, number],
): Uint8Array {
  const picture = Uint8Array.from(data);
  const channels = shape[2]!;
  for (let p = 0; p < owner.length; p++) {
    if (owner[p] === -1 || owner[p] === member) continue;
    for (let c = 0; c < channels; c++) picture[p * channels + c] = Math.round(background[c]!);
  }
  return picture;
}
