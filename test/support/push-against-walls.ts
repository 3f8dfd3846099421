import { createRng } from '../../src/core/rng.ts';
import type { Region, TaskSpec } from '../../src/core/task.ts';
import { type Outline, overlapsRegion } from '../../src/env/regions.ts';
import { createTabletop, type Tabletop } from '../../src/env/tabletop/environment.ts';
import { shapeOf } from '../../src/env/tabletop/scene.ts';
import { pusherRadius } from '../../src/env/tabletop/shapes.ts';

const task = (objects: TaskSpec['scene']['objects']): TaskSpec => ({
  id: 'contained',
  scene: { objects },
  objective: [],
  success: { all: [], when: 'final-step' },
  budgetSteps: 100,
});

/** One object of any shape. */
export const oneObject = task([{ name: 'a', shape: ['disc', 'box', 't', 'l'], colour: 'red' }]);
/** A crowd of all shapes. */
export const sixObjects = task([
  { name: 'a', shape: 't', colour: 'red' },
  { name: 'b', shape: 'l', colour: 'blue' },
  { name: 'c', shape: 'box', colour: 'green' },
  { name: 'd', shape: 'disc', colour: 'yellow' },
  { name: 'e', shape: 'box', colour: 'purple' },
  { name: 'f', shape: 'disc', colour: 'orange' },
]);

/** Six pixels of a table drawn 512 wide. */
const tolerance = 6 / 512;
const beyondWalls: readonly Region[] = [
  { x: [-9, -tolerance], y: [-9, 9] },
  { x: [1 + tolerance, 9], y: [-9, 9] },
  { x: [-9, 9], y: [-9, -tolerance] },
  { x: [-9, 9], y: [1 + tolerance, 9] },
];

/** What is wrong now: bodies more than 6 px inside walls or the pusher, or off the table. */
function wrongsOf(table: Tabletop): string[] {
  const { positions, angles } = table.inspect().truth;
  const [px, py] = positions.pusher!;
  const core: Region = { centre: [px, py], radius: pusherRadius - tolerance };
  const pusher: Outline = { parts: [], radius: pusherRadius };
  const found = beyondWalls.filter((wall) => overlapsRegion(wall, pusher, px, py, 0)).map(() => 'pusher in a wall');
  for (const object of table.scene.objects) {
    const [x, y] = positions[object.name]!;
    const outline = shapeOf(object);
    const pose = [x, y, angles[object.name]!] as const;
    if (Math.min(x, y, 1 - x, 1 - y) < 0) found.push(`${object.shape} escaped`);
    if (beyondWalls.some((wall) => overlapsRegion(wall, outline, ...pose))) found.push(`${object.shape} in a wall`);
    if (overlapsRegion(core, outline, ...pose)) found.push(`pusher crushes ${object.shape}`);
  }
  return found;
}

export interface Trial {
  /** Every step after which something was wrong. */
  readonly wrongs: readonly string[];
  /** Steps in which the pushed object was near a wall. */
  readonly pressed: number;
}

/** Pushes objects against the walls and each other at full speed, 100 steps an episode. */
export function pushAgainstWalls(spec: TaskSpec, episodes: number): Trial {
  const table = createTabletop({ task: spec });
  const found: string[] = [];
  let pressed = 0;
  for (let seed = 0; seed < episodes; seed++) {
    table.reset({ seed });
    const rng = createRng(seed, 'containment');
    let target = spec.scene.objects[0]!.name;
    for (let t = 0; t < spec.budgetSteps; t++) {
      if (t % 25 === 0) target = rng.pick(spec.scene.objects).name;
      const { positions } = table.inspect().truth;
      const [px, py] = positions.pusher!;
      const [x, y] = positions[target]!;
      // Through the object's centre, a little to one side of it; now and then anywhere.
      const heading = Math.atan2(y - py, x - px) + 0.2 * rng.normal();
      table.step(rng.chance(0.1) ? table.actionSpace.sample(rng) : [Math.cos(heading), Math.sin(heading)]);
      found.push(...wrongsOf(table).map((wrong) => `${wrong}, seed ${seed}, step ${t}`));
      const [newX, newY] = table.inspect().truth.positions[target]!;
      if (Math.min(newX, newY, 1 - newX, 1 - newY) < 0.1) pressed++;
    }
  }
  return { wrongs: found, pressed };
}
