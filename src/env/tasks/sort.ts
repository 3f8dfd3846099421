import type { ObjectSpec, Region, TaskSpec } from '../../core/task.ts';

const left: Region = { x: [0, 0.25], y: [0, 1] };
const right: Region = { x: [0.75, 1], y: [0, 1] };

/** Sort objects by colour: the warm ones to the left, the cool ones to the right. */
export const sort = sortTask('sort', ['warm', 'cool'], 40);
export const sort4 = sortTask('sort-4', ['warm', 'cool', 'second-warm', 'second-cool'], 80);

function sortTask(id: string, names: readonly string[], budgetSteps: number): TaskSpec {
  const warm = names.filter((name) => name.endsWith('warm'));
  const cool = names.filter((name) => name.endsWith('cool'));
  return {
    id,
    description: `Sort ${names.length} objects by colour: red, yellow and orange to the left, the others to the right.`,
    scene: {
      objects: names.map(
        (name): ObjectSpec => ({
          name,
          shape: ['disc', 'box'],
          colour: warm.includes(name) ? ['red', 'yellow', 'orange'] : ['blue', 'green', 'purple'],
          at: { x: [0.35, 0.65], y: [0.12, 0.88] },
        }),
      ),
    },
    objective: [
      { term: 'inside', object: warm, region: left },
      { term: 'inside', object: cool, region: right },
    ],
    success: { all: [{ inside: [warm, left] }, { inside: [cool, right] }], when: 'first-hit', holdSteps: 3 },
    budgetSteps,
  };
}
