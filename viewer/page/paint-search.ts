import type { Point } from '../../src/core/task.ts';
import type { EpisodeView, FanView, ThoughtView } from '../protocol.ts';
import { type Easel, inkOf } from './paint-table.ts';

/** Paths shorter than this, in table widths, are of things that stay where they are. */
const leastWay = 0.012;

/** Imagined rollouts over the table: candidates faint, elites stronger, the chosen plan bold. */
export function paintSearch(easel: Easel, episode: EpisodeView, thought: ThoughtView): void {
  if (thought.fan !== null) paintFan(easel, episode, thought.fan);
  for (let n = episode.entities.length - 1; n >= 0; n--) {
    const way = thought.plan.flatMap((step) => step.slice(n, n + 1));
    if (lengthOf(way) > leastWay) paintPlan(easel, way, inkOf(episode.entities[n]!, easel.colours));
  }
}

function paintFan({ context, pixel, colours }: Easel, { entities }: EpisodeView, fan: FanView): void {
  const steps = fan.positions.length / (fan.count * entities.length * 2);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  // Elites are last, and so on top.
  for (let s = 0; s < fan.count; s++) {
    const [elite, safe] = [fan.elite[s] === 1, fan.safe[s] === 1];
    for (const [n, entity] of entities.entries()) {
      const way = Array.from({ length: steps }, (_, h): Point => {
        const at = 2 * ((s * steps + h) * entities.length + n);
        return [fan.positions[at]!, fan.positions[at + 1]!];
      });
      if (lengthOf(way) < leastWay) continue;
      context.beginPath();
      for (const [x, y] of way) context.lineTo(x, y);
      context.strokeStyle = safe ? inkOf(entity, colours) : colours.bad;
      context.globalAlpha = elite ? 0.55 : 0.2;
      context.lineWidth = (elite ? 1.7 : 1.1) * pixel;
      context.stroke();
    }
  }
  context.globalAlpha = 1;
}

/** A bold line on a pale rim, with a dot for each step that gets smaller towards the horizon. */
function paintPlan({ context, pixel, colours }: Easel, way: readonly Point[], colour: string): void {
  context.beginPath();
  for (const [x, y] of way) context.lineTo(x, y);
  context.strokeStyle = colours.panel;
  context.globalAlpha = 0.8;
  context.lineWidth = 6.5 * pixel;
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 3.4 * pixel;
  context.stroke();
  context.fillStyle = colour;
  for (const [h, [x, y]] of way.entries()) {
    if (h === 0) continue;
    context.beginPath();
    context.arc(x, y, (4.6 - (2.2 * h) / way.length) * pixel, 0, 2 * Math.PI);
    context.fill();
  }
}

function lengthOf(way: readonly Point[]): number {
  let length = 0;
  for (let i = 1; i < way.length; i++) length += Math.hypot(way[i]![0] - way[i - 1]![0], way[i]![1] - way[i - 1]![1]);
  return length;
}
