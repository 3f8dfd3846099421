import { UsageError } from '../../src/core/errors.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { createEpisodeClock } from '../../src/env/episode-clock.ts';
import { twoRooms } from '../../src/env/tasks/two-rooms.ts';

const task = (success: Partial<TaskSpec['success']>): TaskSpec => ({
  ...twoRooms,
  budgetSteps: 5,
  success: { ...twoRooms.success, ...success },
});

/** Ticks through `holds` and writes each moment as success, terminated, truncated: s, e, t or dashes. */
function run(spec: TaskSpec, holds: string): string[] {
  const clock = createEpisodeClock(spec);
  return [...holds].map((hold) => {
    clock.tick(hold === '1');
    return [clock.success ? 's' : '-', clock.terminated ? 'e' : '-', clock.truncated ? 't' : '-'].join('');
  });
}

describe('the clock of an episode', () => {
  it('judges at the final step only, where the task says so', () => {
    expect(run(task({ when: 'final-step' }), '11111')).toEqual(['---', '---', '---', '---', 's-t']);
    expect(run(task({ when: 'final-step' }), '11110')).toEqual(['---', '---', '---', '---', '--t']);
  });

  it('wants the predicates held for the last steps, where the task says so', () => {
    const holding = task({ when: 'final-step', holdSteps: 3 });
    expect(run(holding, '00111').at(-1)).toBe('s-t');
    expect(run(holding, '11011').at(-1)).toBe('--t');
  });

  it('ends at the first hit, once held long enough', () => {
    expect(run(task({ when: 'first-hit' }), '001')).toEqual(['---', '---', 'se-']);
    expect(run(task({ when: 'first-hit', holdSteps: 2 }), '10110')).toEqual(['---', '---', '---', 'se-', '--t']);
    expect(run(task({ when: 'first-hit', holdSteps: 2 }), '01011').at(-1)).toBe('set');
  });

  it('refuses steps after either end', () => {
    const clock = createEpisodeClock(task({ when: 'first-hit' }));
    clock.refuseAfterEnd();
    clock.tick(true);
    expect(() => clock.refuseAfterEnd()).toThrow(UsageError);
    const late = createEpisodeClock(task({ when: 'final-step' }), { steps: 4, held: 0 });
    late.refuseAfterEnd();
    late.tick(false);
    expect(() => late.refuseAfterEnd()).toThrow('after 5 steps');
  });

  it('continues from where it was', () => {
    const clock = createEpisodeClock(task({ when: 'final-step', holdSteps: 3 }), { steps: 3, held: 1 });
    clock.tick(true);
    clock.tick(true);
    expect([clock.steps, clock.held, clock.success]).toEqual([5, 3, true]);
  });
});
