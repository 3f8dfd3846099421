import { fastestHand, handRadius } from '../../src/core/moving-hand.ts';
import type { Point } from '../../src/core/task.ts';
import { registeredTasks, taskById } from '../../src/env/registry.ts';
import { handAt } from '../../src/env/tabletop/hands.ts';
import { addZone, type Edited, move, poke, removeZone, resizeZone } from '../../viewer/worker/edit-table.ts';
import { createTable, type Table } from '../../viewer/worker/table.ts';
import { viewMoment } from '../../viewer/worker/view-moment.ts';
import { driveHand, reachIn, stateWithHand, withdraw } from '../../viewer/worker/visitors-hand.ts';

const frameSize = 64;

function tableOf(id: string, seed = 2): Table {
  const rules = { task: taskById(id), drawnZones: [], reaching: false, openEnded: true };
  const table = createTable(rules, frameSize);
  table.tabletop.reset({ seed });
  return table;
}

function tableAfter(edited: Edited | null): Table {
  const next = createTable(edited!.rules, frameSize);
  next.tabletop.setState(edited!.state);
  return next;
}

const view = (table: Table) => viewMoment(table, table.tabletop.inspect(), [], null);
const positionOf = (table: Table, name: string) => table.tabletop.inspect().truth.positions[name]!;

describe('a person', () => {
  it('moves objects, the pusher and goals, and the agent is told of goals only', () => {
    const table = tableOf('push-to-goal');
    const object = move(table, { kind: 'object', name: 'object' }, [0.5, 0.6])!;
    expect(object.instructs).toBe(false);
    const [x, y] = positionOf(tableAfter(object), 'object');
    expect([x, y]).toEqual([Math.fround(0.5), Math.fround(0.6)]);
    expect(positionOf(tableAfter(move(table, { kind: 'pusher', name: 'pusher' }, [2, -1])), 'pusher')).toEqual(
      [0.97, 0.03].map(Math.fround),
    );
    const goal = move(table, { kind: 'target', name: 'goal' }, [0.2, 0.8])!;
    expect(goal.instructs).toBe(true);
    const after = tableAfter(goal);
    expect(after.tabletop.instruct().targets.goal).toEqual([0.2, 0.8]);
    expect(view(after).goals).toMatchObject([{ target: 'goal', entity: 1, at: [0.2, 0.8], within: 0.05 }]);
    expect(move(table, { kind: 'object', name: 'nobody' }, [0.5, 0.5])).toBeNull();
  });

  it('moves regions that a task gives by numbers, in all that speaks of them', () => {
    const table = tableOf('clear-table');
    const [bin] = view(table).regions;
    expect(bin).toEqual({ x: [0, 1], y: [0.75, 1] });
    const after = tableAfter(move(table, { kind: 'region', name: '0' }, [0.5, 0.5]));
    expect(view(after).regions).toEqual([{ x: [0, 1], y: [0.375, 0.625] }]);
    expect(after.tabletop.instruct().objective).toMatchObject(
      table.tabletop.instruct().objective.map(() => ({ region: { y: [0.375, 0.625] } })),
    );
  });

  it('shoves an object away from where it is touched', () => {
    const table = tableOf('push-to-goal');
    const [x, y] = positionOf(table, 'object');
    const after = positionOf(tableAfter(poke(table, 'object', [x - 0.03, y])), 'object');
    expect(after[0]).toBeGreaterThan(x + 0.05);
    expect(after[1]).toBeCloseTo(y, 6);
  });

  it('draws, moves, resizes and removes zones that hold for pusher and objects', () => {
    const table = tableOf('push-around');
    const [own] = view(table).zones;
    let drawn = tableAfter(addZone(table, { centre: [0.5, 0.5], radius: 0.08 }));
    drawn = tableAfter(move(drawn, { kind: 'zone', name: '0' }, [0.7, 0.3]));
    drawn = tableAfter(resizeZone(drawn, 0, 0.02));
    expect(view(drawn).zones).toEqual([
      { region: own!.region, drawn: false },
      { region: { centre: [0.7, 0.3], radius: 0.1 }, drawn: true },
    ]);
    const rails = drawn.tabletop.instruct().guardrails.slice(-2);
    expect(rails).toMatchObject([{ who: 'pusher' }, { who: 'objects' }]);
    const inside = tableAfter(move(drawn, { kind: 'pusher', name: 'pusher' }, [0.7, 0.3]));
    expect(inside.tabletop.inspect().violations).toEqual(['keep-out']);
    expect(view(tableAfter(removeZone(drawn, 0))).zones).toEqual([{ region: own!.region, drawn: false }]);
  });

  it('reaches in: the hand goes where it is led, no faster than hands go, and away again', () => {
    let table = tableOf('push-to-goal', 5);
    const before = table.tabletop.getState();
    table = tableAfter(reachIn(table, [0.9, 0.9]));
    expect(view(table).hands).toMatchObject([{ at: [0.9, 0.9], keptFrom: 0.05, own: true }]);
    expect(table.tabletop.instruct()).toMatchObject({ hands: [{ name: 'visitor' }] });
    const aim: Point = [0.9, 0.72];
    for (let step = 0, last: Point = [0.9, 0.9]; step < 6; step++) {
      table.tabletop.setState(driveHand(table, aim));
      table.tabletop.step([0, 0]);
      const { scene, steps } = table.read();
      const at = handAt(scene.hands[0]!, steps);
      expect(Math.hypot(at[0] - last[0], at[1] - last[1])).toBeLessThanOrEqual(fastestHand + 1e-9);
      last = at;
    }
    const [{ at, radius }] = view(table).hands as [ReturnType<typeof view>['hands'][number]];
    expect(radius).toBe(handRadius);
    expect(Math.hypot(at[0] - aim[0], at[1] - aim[1])).toBeLessThan(1e-4);
    const gone = tableAfter(withdraw(table));
    expect(view(gone).hands).toEqual([]);
    // States without a hand can stand beside those with one.
    const withHand = createTable(table.rules, frameSize);
    withHand.tabletop.setState(stateWithHand(before, { ...table.rules, reaching: false }));
    expect(view(withHand).hands).toEqual([]);
  });

  it('finds every task of the tabletop on the page', () => {
    for (const task of registeredTasks.filter(({ world = 'tabletop' }) => world === 'tabletop')) {
      const { goals, regions, frame, holds, poses } = view(tableOf(task.id));
      expect(goals.length + regions.length).toBeGreaterThan(0);
      expect(frame).toHaveLength(frameSize * frameSize * 3);
      expect(holds).toBe(false);
      expect(poses).toHaveLength(3 * (task.scene.objects.length + 1));
    }
  });
});
