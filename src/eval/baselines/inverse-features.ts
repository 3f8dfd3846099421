import { createObserver, type Look, type Observer } from '../../agent/observer.ts';

import type { Instruction } from '../../core/contracts.ts';
import type { Point, TermSpec } from '../../core/task.ts';
import { encodeRegion } from '../../cost/region.ts';
import { resolvePoint } from '../../cost/resolve-point.ts';
import { latentSize, type ModelConfig } from '../../world-model/config.ts';
import type { StoredModel } from '../../world-model/model-store.ts';

/** Whether places are read from the model's latents, one a thing, or a picture of the goal is all there is to go by. */
export function readsPlaces({ encoder }: ModelConfig): boolean {
  return encoder.kind === 'colour-slots';
}

/** Numbers that the inverse head is given. */
export function featureSize(config: ModelConfig): number {
  return 2 * latentSize(config) + (readsPlaces(config) ? 6 : 0);
}

/**
 * What is seen and wanted, of one thing: the pusher's latent and the thing's (nothing for the pusher itself), where it
 * lies from the pusher and its goal from it, in units of what one action moves, and which of both it is.
 */
export function placeFeatures(
  config: ModelConfig,
  { latent, seen }: Pick<Look, 'latent' | 'seen'>,
  actor: number,
  goal: Point,
): Float32Array {
  const size = latentSize(config);
  const features = new Float32Array(featureSize(config));
  const from = seen[0]!.position;
  const at = seen[actor]!.position;
  features.set(latent.subarray(0, size));
  if (actor > 0) features.set(latent.subarray(actor * size, (actor + 1) * size), size);
  const arrow = ([x, y]: Point, [toX, toY]: Point) => [(toX - x) / reach, (toY - y) / reach];
  features.set([...arrow(from, at), ...arrow(at, goal), actor === 0 ? 1 : 0, actor === 0 ? 0 : 1], 2 * size);
  return features;
}

/** The same where latents hold the whole picture: the present one and the goal's. */
export function pictureFeatures(latent: Float32Array, goal: Float32Array): Float32Array {
  return Float32Array.of(...latent, ...goal);
}

const reach = 0.1;

export function observe(model: StoredModel, instruction: Instruction): Observer {
  return createObserver({ model, instruction, goal: null });
}

/** What to move, and where to. */
export interface Aim {
  readonly actor: number;
  readonly goal: Point;
}

/** The thing to go for and the place it is wanted at; null where nothing is left to do. Headings are not heeded. */
export function aimOf({ instruction, seen, focus }: Look): Aim | null {
  const { entities, objective, targets } = instruction;
  const about = (term: TermSpec): Aim | null => {
    const name = 'of' in term ? term.of : term.term === 'inside' ? term.object : null;
    const actor = entities.findIndex((entity) => entity.name === name);
    if (actor < 0) return null;
    if (term.term === 'inside') {
      const [x, y] = encodeRegion(term.region);
      return { actor, goal: [x, y] };
    }
    if (term.term === 'distance' || term.term === 'pose') return { actor, goal: resolvePoint(term.to, targets) };
    return term.term === 'angle' ? { actor, goal: seen[actor]!.position } : null;
  };
  return objective.map(about).find((aim) => aim !== null && aim.actor === (focus ?? 0)) ?? null;
}
