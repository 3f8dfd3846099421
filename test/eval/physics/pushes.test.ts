import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shippedModelDirectory } from '../../../src/agent/create-agent.ts';
import { createPerception, findEntities } from '../../../src/agent/perception.ts';
import { createTabletop } from '../../../src/env/tabletop/environment.ts';
import { bodyStateSize } from '../../../src/env/tabletop/rigid-body.ts';
import { decodeState } from '../../../src/env/tabletop/state.ts';
import { pushToGoal } from '../../../src/env/tasks/push-to-goal.ts';
import { createStepExpectations } from '../../../src/eval/physics/expect-steps.ts';
import type { JudgedPush, JudgedPushQuadruplet } from '../../../src/eval/physics/judge-pushes.ts';
import { formatPushMarkdown } from '../../../src/eval/physics/push-markdown.ts';
import {
  drawPushQuadruplet,
  ownSteps,
  type PushFilm,
  sharedSteps,
} from '../../../src/eval/physics/push-quadruplets.ts';
import { createPushReport } from '../../../src/eval/physics/push-report.ts';
import { loadModel } from '../../../src/world-model/model-store.ts';
import { callCommandLine } from '../../support/call-command-line.ts';

const drawn = Array.from({ length: 6 }, (_, index) => drawPushQuadruplet(3, index));
const bodiesOf = ({ states }: PushFilm): Float64Array[] => states.map((state) => decodeState(state, pushToGoal).bodies);
const objectOf = (film: PushFilm): number[][] => bodiesOf(film).map((bodies) => [...bodies.subarray(bodyStateSize)]);

test('films of both contexts are forks of one snapshot; possible ones are what the table does', () => {
  const table = createTabletop({ task: pushToGoal });
  for (const { pairs, actions, fork } of drawn) {
    const films = pairs.flat();
    expect(films.map(({ possible }) => possible)).toEqual([true, false, true, false]);
    for (const { frames } of films) {
      expect(frames).toHaveLength(sharedSteps + ownSteps + 1);
      for (let i = 0; i <= fork; i++) expect(frames[i]!.data).toEqual(films[0]!.frames[i]!.data);
    }
    for (const [context, [possible]] of pairs.entries()) {
      table.setState(possible.states[0]!);
      for (const [i, action] of actions[context]!.entries()) {
        table.step(action);
        expect(table.observe().frame.data).toEqual(possible.frames[i + 1]!.data);
      }
    }
  }
});

test('an outcome has its object in the same places in both contexts: moved by 0.08 at least, or not at all', () => {
  for (const { pairs } of drawn) {
    const [[a1, a2], [b2, b1]] = pairs as [(typeof pairs)[0], (typeof pairs)[0]];
    expect(objectOf(b1)).toEqual(objectOf(a1));
    const [first, last] = [objectOf(a1)[0]!, objectOf(a1).at(-1)!];
    expect(Math.hypot(last[0]! - first[0]!, last[1]! - first[1]!)).toBeGreaterThanOrEqual(0.08);
    for (const film of [a2, b2]) {
      for (const pose of objectOf(film)) {
        expect(Math.hypot(pose[0]! - first[0]!, pose[1]! - first[1]!)).toBeLessThan(1e-4);
      }
    }
    // Whoever passes by does so in both films of the context.
    expect(bodiesOf(b1).map((bodies) => [...bodies.subarray(0, 2)])).toEqual(
      bodiesOf(b2).map((bodies) => [...bodies.subarray(0, 2)]),
    );
  }
});

test('the same seed and index give the same films, others others', () => {
  expect(drawPushQuadruplet(3, 1)).toEqual(drawn[1]);
  expect(drawPushQuadruplet(3, 0)).not.toEqual(drawn[1]);
  expect(drawPushQuadruplet(4, 1)).not.toEqual(drawn[1]);
});

test('sees things as the agent does, and is less surprised by a push that moves than by one that does not', async () => {
  const model = await loadModel(shippedModelDirectory('tabletop'));
  const [perception, expectations] = [
    await createPerception(model, { threads: 1 }),
    await createStepExpectations({ ...model, frames: sharedSteps + ownSteps + 1, things: 2, threads: 1 }),
  ];
  const { pairs, actions } = drawn[0]!;
  const [possible, impossible] = pairs[0]!;
  const seen = await expectations.see(possible.frames);
  const size = seen.latents.length / seen.frames / 2;
  const percept = await perception.perceive({ frame: possible.frames[4]! });
  const table = createTabletop({ task: pushToGoal });
  table.reset({ seed: 0 });
  table.setState(possible.states[0]!);
  findEntities(model, percept, table.instruct().entities).forEach((slot, n) => {
    const own = seen.latents.subarray((4 * 2 + n) * size, (4 * 2 + n + 1) * size);
    percept.latents.subarray(slot * size, (slot + 1) * size).forEach((value, i) => {
      expect(own[i]).toBeCloseTo(value, 4);
    });
  });
  const total = (errors: readonly (readonly number[])[]): number =>
    errors.flat().reduce((sum, value) => sum + value, 0);
  const surprise = await expectations.surprise(seen, actions[0]);
  expect(surprise).toHaveLength(sharedSteps + ownSteps);
  expect(surprise[0]).toHaveLength(2);
  const other = await expectations.surprise(await expectations.see(impossible.frames), actions[0]);
  expect(total(surprise)).toBeLessThan(total(other));
  await Promise.all([perception.dispose(), expectations.dispose()]);
});

function judged(context: 'a' | 'b', possible: boolean, all: number, object: number, wrong: number): JudgedPush {
  const film: PushFilm = { context, outcome: 1, possible, states: [], frames: [] };
  const curve = (value: number) => ({ all: [value], object: [value] });
  return {
    film,
    curves: { 'frame change': curve(1), model: { all: [all], object: [object] }, 'untrained 1': curve(1) },
    wrong: curve(wrong),
  };
}

test('counts pairs, contexts apart, and what wrong actions make of them', () => {
  const quadruplets: JudgedPushQuadruplet[] = [
    {
      index: 0,
      fork: 2,
      pairs: [
        [judged('a', true, 1, 3, 5), judged('a', false, 2, 2, 0)],
        [judged('b', true, 1, 1, 0), judged('b', false, 2, 2, 4)],
      ],
    },
  ];
  const report = createPushReport(quadruplets, { seed: 0, environment: {} });
  const [all, object] = report.scores;
  expect([all!.model.share, all!.pushed.share, all!.passed.share]).toEqual([1, 1, 1]);
  expect([object!.model.share, object!.pushed.share, object!.passed.share]).toEqual([0.5, 0, 1]);
  // Possible films with what was done, 1 and 1, against what the other context did, 5 and 0.
  expect(all!.rightActionsBelowWrong.share).toBe(0.5);
  expect(all!.pushedToldPassed.share).toBe(0);
  expect(all!.untrained).toEqual([0.5]);
  expect(report.frameChange).toBe(0.5);
  expect(formatPushMarkdown(report)).toContain('| the object alone | 50.0 % [50.0, 50.0] |');
});

test('`amitable physics --world tabletop` writes its report', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pushes-'));
  const { code, stdout, stderr } = await callCommandLine([
    ...['physics', '--world', 'tabletop', '--quadruplets', '2', '--untrained', '1', '--compared', '1'],
    ...['--seed', '4', '--threads', '1', '--json', '--quiet', '--out', folder],
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'amitable.physics-tabletop/1', quadruplets: 2, compared: 1 });
  expect((await readdir(folder)).sort()).toEqual(['push.webp', 'report.html', 'report.json', 'report.md']);
});
