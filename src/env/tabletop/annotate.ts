import type { Point, Region } from '../../core/task.ts';
import type { Rgb } from '../rasteriser/rasteriser.ts';
import type { ResolvedTask } from '../resolve-task.ts';
import { type Scene, shapeOf } from './scene.ts';
import { createPusherShape, type Shape } from './shapes.ts';

/** Things that people see and the agent does not. */
export interface Annotations {
  /** Where entities should be; `angle` in radians where the heading counts too, null otherwise. */
  readonly goals: readonly {
    readonly point: Point;
    readonly angle: number | null;
    readonly shape: Shape;
    readonly colour: Rgb;
  }[];
  /** Where entities should be in, with the mean of their colours. */
  readonly regions: readonly { readonly region: Region; readonly colour: Rgb }[];
  /** What nothing, or not everything, may enter. */
  readonly zones: readonly Region[];
  /** Bodies that nothing may touch, by their index in a list of poses. */
  readonly fragile: readonly number[];
  /** Of each hand, how far to keep from it, table widths; null where no guardrail says. */
  readonly keptFrom: readonly (number | null)[];
}

/** What success and guardrails speak of, for pictures. */
export function annotate({ success, guardrails }: ResolvedTask, scene: Scene): Annotations {
  const looks = new Map(
    scene.objects.map((object) => [object.name, { shape: shapeOf(object), colour: object.colour }]),
  );
  const lookOf = (name: string) => looks.get(name) ?? { shape: createPusherShape(), colour: scene.pusherColour };

  const wished = [...(success.after ?? []).flat(), ...success.all];
  const goals = wished.flatMap((predicate) => {
    const goal = 'near' in predicate ? predicate.near : 'pose' in predicate ? predicate.pose : null;
    if (goal === null) return [];
    const [of, to] = goal;
    const point = typeof to === 'string' ? scene.targets[to] : to;
    return point === undefined ? [] : [{ point, angle: 'pose' in predicate ? predicate.angle : null, ...lookOf(of) }];
  });

  const regions = new Map<string, { region: Region; colours: Rgb[] }>();
  for (const predicate of wished) {
    if (!('inside' in predicate)) continue;
    const [name, region] = predicate.inside;
    const key = JSON.stringify(region);
    const colours = regions.get(key)?.colours ?? [];
    regions.set(key, { region, colours: [...colours, lookOf(name).colour] });
  }
  const zones = guardrails.flatMap((guardrail) => (guardrail.kind === 'keep-out' ? [guardrail.region] : []));
  const fragile = guardrails.flatMap((guardrail) =>
    guardrail.kind === 'fragile' ? [1 + scene.objects.findIndex(({ name }) => name === guardrail.object)] : [],
  );
  const keptFrom = scene.hands.map(({ name }) => {
    const distances = guardrails.flatMap((rail) =>
      rail.kind === 'moving-hand' && rail.hand === name ? [rail.distance] : [],
    );
    return distances.length === 0 ? null : Math.max(...distances);
  });
  return {
    goals,
    regions: [...regions.values()].map(({ region, colours }) => ({ region, colour: meanColour(colours) })),
    zones,
    fragile,
    keptFrom,
  };
}

function meanColour(colours: readonly Rgb[]): Rgb {
  const mean = (channel: 0 | 1 | 2) => Math.round(colours.reduce((sum, rgb) => sum + rgb[channel], 0) / colours.length);
  return [mean(0), mean(1), mean(2)];
}
