import { createEnvironment } from '../../../src/env/create-environment.ts';
import { registeredTasks, taskById } from '../../../src/env/registry.ts';
import { createExpertPolicy } from '../../../src/eval/baselines/expert.ts';
import { encodeReplay, parseReplay, type Replay } from '../../../src/eval/replay/replay-file.ts';
import { runEpisodes } from '../../../src/eval/run-episodes.ts';

async function record(id: string): Promise<Replay> {
  const task = taskById(id);
  const newEnvironment = () => createEnvironment(task);
  const policy = createExpertPolicy(task);
  const [result] = await runEpisodes({ policy, createEnvironment: newEnvironment, seeds: [3], record: () => true });
  const { instruction, ...replay } = result!.recording!;
  expect(instruction.taskId).toBe(id);
  return replay;
}

test.each(registeredTasks.map(({ id }) => id))('a replay of %s is read as it was written', async (id) => {
  const replay = await record(id);
  expect(parseReplay(encodeReplay(replay), 'test.json')).toEqual(replay);
});

test('what was imagined is kept to a hundred thousandth of the table, costs that are no number too', async () => {
  const replay = await record('reach');
  const imagined = {
    ...{ cost: Number.NaN, violation: 0.25, fallback: 'brake' },
    positions: [[[0.123456789, 1 / 3] as const], [[-0.5, 2] as const]],
    actions: Float32Array.of(0.5, -1),
  };
  const step = { ...replay.steps[0]!, imagined, unable: true };
  const read = parseReplay(encodeReplay({ ...replay, steps: [step] }), 'test.json').steps[0]!;
  expect(read).toEqual({ ...step, imagined: { ...imagined, positions: [[[0.12346, 0.33333]], [[-0.5, 2]]] } });
});

test('what is no replay is refused, naming what is wrong', async () => {
  const good = JSON.parse(encodeReplay(await record('reach')));
  const refuse = (data: unknown) => () => parseReplay(JSON.stringify(data), 'x.json');
  expect(() => parseReplay('{', 'x.json')).toThrow("the replay 'x.json' is not JSON");
  expect(refuse([])).toThrow("'x.json' is not a replay");
  expect(refuse({ ...good, schema: 'amitable.bench/1' })).toThrow('schema');
  expect(refuse({ ...good, seed: -1 })).toThrow('seed');
  expect(refuse({ ...good, steps: [{ ...good.steps[0], state: ['0'] }] })).toThrow('steps.0.state.0');
  expect(refuse({ ...good, task: { ...good.task, budgetSteps: 0 } })).toThrow('budgetSteps');
  expect(refuse({ ...good, more: 1 })).toThrow('more');
});
