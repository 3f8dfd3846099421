import ndarray from 'ndarray';
import { createDiary, type Diary } from '../../src/agent/diary.ts';
import type { Look } from '../../src/agent/observer.ts';
import type { Instruction, Plan } from '../../src/core/contracts.ts';
import { createBoxSpace } from '../../src/core/space.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

const { config, hash } = untrainedTabletopModel();
const permitted = createBoxSpace({ low: [-1, -1], high: [1, 1] });
const frame = ndarray(new Uint8Array(3), [1, 1, 3]);
const instruction: Instruction = {
  taskId: 'test',
  objective: [{ term: 'distance', of: 'pusher', to: [0.9, 0.9] }],
  guardrails: [],
  targets: {},
  entities: [{ name: 'pusher', colour: [0, 0, 0] }],
  goalFrame: null,
  budgetSteps: 30,
};
const look: Look = {
  instruction,
  latent: new Float32Array(10),
  seen: [{ position: [0.1, 0.2], heading: null }],
  slots: [],
  radii: [0.03],
  goal: null,
  focus: null,
};

function diaryOf(evaluationsPerPlan: number): Diary & { readonly counts: number[] } {
  const counts: number[] = [];
  const memory = {
    encoder: hash,
    recall: (_: unknown, { count, steps }: { count: number; steps: number }) => {
      counts.push(count);
      return Array.from({ length: count }, () => new Float32Array(2 * steps).fill(0.5));
    },
  };
  const planner = { horizon: 4, evaluationsPerPlan };
  return Object.assign(createDiary({ memory, config, instruction, planner, permitted }), { counts });
}

const planned = (outdid: readonly boolean[]): Plan => ({ actions: new Float32Array(8), cost: 0, violation: 0, outdid });

/** In which of 30 decisions anything was recalled, where the second plan of each is judged by `useful`. */
function recalledIn(useful: (decision: number) => boolean): number[] {
  const diary = diaryOf(64);
  return Array.from({ length: 30 }, (_, decision) => {
    diary.look({ frame }, look);
    const found = diary.recall().length > 0;
    diary.planned(planned(found ? [false, useful(decision)] : []));
    diary.act(Float32Array.of(0, 0));
    return found ? decision : -1;
  }).filter((decision) => decision >= 0);
}

test('recalls while one of the recalled plans outdoes the drawn ones, and seldom while none does', () => {
  expect(recalledIn(() => true)).toEqual(Array.from({ length: 30 }, (_, i) => i));
  expect(recalledIn(() => false)).toEqual([0, 4, 20]);
});

test.each([
  [4, 1],
  [63, 1],
  [64, 2],
  [256, 3],
  [4096, 3],
])('of %d candidates, %d are recalled', (evaluations, count) => {
  const diary = diaryOf(evaluations);
  diary.look({ frame }, look);
  expect(diary.recall().map((plan) => [...plan])).toEqual(new Array(count).fill(new Array(8).fill(0.5)));
  expect(diary.counts).toEqual([count]);
});

test('without a look, or with nothing left to do, nothing is recalled', () => {
  const diary = diaryOf(64);
  expect(diary.recall()).toEqual([]);
  const idle = createDiary({
    memory: { encoder: hash, recall: () => [new Float32Array(8)] },
    config,
    instruction,
    planner: { horizon: 4, evaluationsPerPlan: 64 },
    permitted,
  });
  idle.look({ frame }, { ...look, instruction: { ...instruction, objective: [{ term: 'effort', weight: 1 }] } });
  expect(idle.recall()).toEqual([]);
  expect(idle.experience().moments.map(({ situation }) => situation)).toEqual([null]);
});
