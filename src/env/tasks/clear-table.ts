import { colourNames, type ObjectSpec, type Region, type TaskSpec } from '../../core/task.ts';

/** Along the table's lower side, since walls keep everything on the table. */
const bin: Region = { x: [0, 1], y: [0.75, 1] };

/** Clear the table: every object into the bin. */
export const clearTable = clearTableTask('clear-table', 3, 60);
export const clearTable6 = clearTableTask('clear-table-6', 6, 120);

function clearTableTask(id: string, count: number, budgetSteps: number): TaskSpec {
  return {
    id,
    description: `Clear the table: ${count} objects into the bin along its lower side.`,
    scene: {
      objects: Array.from(
        { length: count },
        (_, i): ObjectSpec => ({
          name: `object-${i + 1}`,
          shape: ['disc', 'box', 't', 'l'],
          colour: colourNames,
          at: { x: [0.08, 0.92], y: [0.14, 0.62] },
        }),
      ),
    },
    objective: [{ term: 'inside', object: 'objects', region: bin }],
    success: { all: [{ inside: ['objects', bin] }], when: 'first-hit', holdSteps: 3 },
    budgetSteps,
  };
}
