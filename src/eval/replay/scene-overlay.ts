import type { Imagined, Instruction, Truth } from '../../core/contracts.ts';
import type { GuardrailSpec, Point, Predicate, RegionSpec } from '../../core/task.ts';
import { entityColour, lineColour, px, theme } from './theme.ts';

/** What is drawn over the picture of the table. */
export interface SceneOverlay {
  readonly instruction: Instruction;
  /** The simulator's rule for success, drawn as rings and regions. */
  readonly goals: readonly Predicate<RegionSpec>[];
  readonly truth: Truth;
  readonly success: boolean;
  /** True positions at each moment so far, this one included. */
  readonly trail: readonly Truth[];
  readonly imagined: Imagined | null;
  /** Side of the picture in pixels. */
  readonly size: number;
}

/** Goal, guardrail zones, the way come and the way imagined, as SVG in the picture's own pixels. */
export function drawSceneOverlay(overlay: SceneOverlay): string {
  return [
    ...overlay.instruction.guardrails.map((guardrail) => drawGuardrail(guardrail, overlay)),
    ...overlay.goals.map((goal) => drawGoal(goal, overlay)),
    drawTrail(overlay),
    drawImagined(overlay),
  ].join('');
}

/** The hatching that guardrail zones are filled with; once in a document, before any overlay. */
export function hatchPattern(size: number): string {
  const step = px(size / 45);
  return (
    `<pattern id="hatch" width="${step}" height="${step}" patternUnits="userSpaceOnUse" ` +
    `patternTransform="rotate(45)"><path d="M0 0V${step}" stroke="${theme.bad}" stroke-opacity="0.5" ` +
    `stroke-width="${px(size / 130)}"/></pattern>`
  );
}

function drawGuardrail(guardrail: GuardrailSpec, { size }: SceneOverlay): string {
  if (guardrail.kind !== 'keep-out') return '';
  return regionShape(
    guardrail.region,
    size,
    `fill="url(#hatch)" stroke="${theme.bad}" stroke-width="${px(size / 200)}" stroke-opacity="0.8"`,
  );
}

/** The picture for people has a ring the object's size at each target; this is how near counts. */
function drawGoal(goal: Predicate<RegionSpec>, overlay: SceneOverlay): string {
  const { instruction, size, success } = overlay;
  const who = 'near' in goal ? goal.near[0] : 'pose' in goal ? goal.pose[0] : 'inside' in goal ? goal.inside[0] : '';
  const entity = instruction.entities.find((candidate) => candidate.name === who);
  const region = goalRegion(goal, overlay);
  if (region === null) return '';
  const ring = (colour: string, width: number, more: string) =>
    regionShape(region, size, `stroke="${colour}" stroke-width="${px(width)}" ${more}`);
  if (success) {
    // The white rim keeps the mark visible on an object of any colour.
    const filled = `fill="${theme.good}" fill-opacity="0.25"`;
    return ring('#fff', size / 55, 'fill="none" stroke-opacity="0.85"') + ring(theme.good, size / 110, filled);
  }
  const dash = px(size / 110);
  const faint = `fill="${entityColour(entity)}" fill-opacity="0.07" stroke-opacity="0.8"`;
  return ring(lineColour(entity), size / 230, `${faint} stroke-dasharray="${dash} ${dash}"`);
}

function drawTrail({ instruction, trail, size }: SceneOverlay): string {
  return instruction.entities
    .map((entity) => {
      const points = trail.flatMap((truth) => asList(truth.positions[entity.name]));
      return points.length < 2 ? '' : line(points, size, lineColour(entity), 0.45, size / 200);
    })
    .join('');
}

/** The plan: each entity that moves in it, as a line with dots that fade towards the horizon. */
function drawImagined({ instruction, imagined, size }: SceneOverlay): string {
  if (imagined === null) return '';
  return instruction.entities
    .map((entity, n) => {
      const colour = n === 0 ? theme.imagined : lineColour(entity);
      const points = imagined.positions.flatMap((step) => asList(step[n]));
      if (points.length < 2 || spread(points) < 0.01) return '';
      const dots = points.slice(1).map(([x, y], h) => {
        const near = 1 - (h + 1) / points.length;
        return (
          `<circle cx="${px(x * size)}" cy="${px(y * size)}" r="${px((size / 160) * (0.6 + 0.7 * near))}" ` +
          `fill="${colour}" fill-opacity="${px(0.35 + 0.65 * near)}" stroke="#fff" stroke-width="${px(size / 500)}"/>`
        );
      });
      return line(points, size, '#fff', 0.7, size / 90) + line(points, size, colour, 0.75, size / 210) + dots.join('');
    })
    .join('');
}

function line(points: readonly Point[], size: number, colour: string, opacity: number, width: number): string {
  const path = points.map(([x, y]) => `${px(x * size)} ${px(y * size)}`).join('L');
  return (
    `<path d="M${path}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${px(width)}" ` +
    'stroke-linecap="round" stroke-linejoin="round"/>'
  );
}

function regionShape(region: RegionSpec, size: number, style: string): string {
  if ('radius' in region) {
    if (typeof region.centre === 'string') return '';
    const [x, y] = region.centre;
    return `<circle cx="${px(x * size)}" cy="${px(y * size)}" r="${px(region.radius * size)}" ${style}/>`;
  }
  const [[left, right], [top, bottom]] = [region.x, region.y];
  return (
    `<rect x="${px(left * size)}" y="${px(top * size)}" width="${px((right - left) * size)}" ` +
    `height="${px((bottom - top) * size)}" rx="${px(size / 100)}" ${style}/>`
  );
}

function goalRegion(goal: Predicate<RegionSpec>, overlay: SceneOverlay): RegionSpec | null {
  if ('inside' in goal) return resolveRegion(goal.inside[1], overlay);
  if (!('near' in goal || 'pose' in goal)) return null;
  const centre = resolvePoint(('near' in goal ? goal.near : goal.pose)[1], overlay);
  return centre === null ? null : { centre, radius: goal.within };
}

function resolveRegion(region: RegionSpec, overlay: SceneOverlay): RegionSpec | null {
  if (!('radius' in region) || typeof region.centre !== 'string') return region;
  const centre = resolvePoint(region.centre, overlay);
  return centre === null ? null : { centre, radius: region.radius };
}

function resolvePoint(place: string | Point, { instruction, truth }: SceneOverlay): Point | null {
  if (typeof place !== 'string') return place;
  return instruction.targets[place] ?? truth.positions[place] ?? null;
}

function asList(point: Point | undefined): readonly Point[] {
  return point === undefined ? [] : [point];
}

/** The farthest that any point lies from the first, in table widths. */
function spread(points: readonly Point[]): number {
  const [x0, y0] = points[0]!;
  return Math.max(...points.map(([x, y]) => Math.hypot(x - x0, y - y0)));
}
