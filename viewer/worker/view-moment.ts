import type { EpisodeInfo } from '../../src/core/contracts.ts';
import { handRadius } from '../../src/core/moving-hand.ts';
import type { Point, Region } from '../../src/core/task.ts';
import { judge } from '../../src/env/predicates.ts';
import { handAt } from '../../src/env/tabletop/hands.ts';
import { bodyStateSize } from '../../src/env/tabletop/rigid-body.ts';
import { shapeOf } from '../../src/env/tabletop/scene.ts';
import { createPusherShape, type Shape } from '../../src/env/tabletop/shapes.ts';
import type { EntityView, EpisodeView, GoalView, HandView, MomentView, ThoughtView, ZoneView } from '../protocol.ts';
import { ownHand, type Table } from './table.ts';

/** What of an episode stays as it is. */
export function viewEpisode(table: Table, seed: number, replay: string | null): EpisodeView {
  const { task } = table.rules;
  const { scene } = table.read();
  const fragile = new Set((task.guardrails ?? []).flatMap((rail) => (rail.kind === 'fragile' ? [rail.object] : [])));
  const entity = (name: string, shape: Shape, colour: EntityView['colour']): EntityView => ({
    name,
    shape: shape.name,
    colour,
    outline: [...shape.outline],
    radius: shape.radius,
    fragile: fragile.has(name),
  });
  return {
    task: { id: task.id, description: task.description ?? '' },
    seed,
    budgetSteps: task.budgetSteps,
    entities: [
      entity('pusher', createPusherShape(), scene.pusherColour),
      ...scene.objects.map((object) => entity(object.name, shapeOf(object), object.colour)),
    ],
    tableColour: scene.tableColour,
    replay,
  };
}

/** @param violations Guardrails broken on the way here. */
export function viewMoment(
  table: Table,
  info: EpisodeInfo,
  violations: readonly string[],
  thought: ThoughtView | null,
): MomentView {
  const { steps, held, bodies } = table.read();
  const { success } = table.resolve();
  const count = bodies.length / bodyStateSize;
  return {
    step: steps,
    poses: Array.from({ length: 3 * count }, (_, i) => bodies[Math.floor(i / 3) * bodyStateSize + (i % 3)]!),
    goals: viewGoals(table),
    regions: viewRegions(table),
    zones: viewZones(table),
    hands: viewHands(table),
    frame: Uint8Array.from(table.tabletop.observe().frame.data),
    distance: info.distance,
    holds: judge(success, info.truth).holds && held >= (success.holdSteps ?? 1),
    success: info.success,
    violations,
    thought,
  };
}

/** The points that success is about. */
export function viewGoals(table: Table): GoalView[] {
  const { scene, bodies } = table.read();
  const names = ['pusher', ...scene.objects.map(({ name }) => name)];
  const bodyAt = (name: string): Point | undefined => {
    const at = names.indexOf(name) * bodyStateSize;
    return at < 0 ? undefined : [bodies[at]!, bodies[at + 1]!];
  };
  return table.resolve().success.all.flatMap((predicate): GoalView[] => {
    if (!('near' in predicate || 'pose' in predicate)) return [];
    const [of, to] = 'near' in predicate ? predicate.near : predicate.pose;
    const target = typeof to === 'string' && scene.targets[to] !== undefined ? to : null;
    const at = typeof to === 'string' ? (scene.targets[to] ?? bodyAt(to)) : to;
    const angle = 'pose' in predicate ? predicate.angle : null;
    return at === undefined ? [] : [{ target, entity: names.indexOf(of), at, angle, within: predicate.within }];
  });
}

/** The regions that success is about being in, each once. */
export function viewRegions(table: Table): Region[] {
  return distinct(table.resolve().success.all.flatMap((each) => ('inside' in each ? [each.inside[1]] : [])));
}

function viewZones(table: Table): ZoneView[] {
  const { drawnZones } = table.rules;
  const rails = table.resolve().guardrails;
  const own = rails.slice(0, rails.length - 2 * drawnZones.length);
  const regions = distinct(own.flatMap((rail) => (rail.kind === 'keep-out' ? [rail.region] : [])));
  return [
    ...regions.map((region) => ({ region, drawn: false })),
    ...drawnZones.map((region) => ({ region, drawn: true })),
  ];
}

function viewHands(table: Table): HandView[] {
  const { scene, steps } = table.read();
  const { guardrails } = table.resolve();
  return scene.hands.flatMap((hand): HandView[] => {
    const at = handAt(hand, steps);
    const distances = guardrails.flatMap((rail) =>
      rail.kind === 'moving-hand' && rail.hand === hand.name ? [rail.distance] : [],
    );
    const keptFrom = distances.length === 0 ? null : Math.max(...distances);
    if (at[0] < 0) return [];
    return [{ name: hand.name, at, radius: handRadius, keptFrom, own: hand.name === ownHand }];
  });
}

function distinct(regions: readonly Region[]): Region[] {
  return [...new Map(regions.map((region) => [JSON.stringify(region), region])).values()];
}
