import { type Environment, type EpisodeInfo, type Frame, proprioceptionNames } from '../core/contracts.ts';
import { describeError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import { playRandomly, same, sameNumbers, sameReset, sameSteps } from './compare-episodes.ts';

type Create = () => Environment;

/** Says what is wrong, if anything, with one side of the contract. */
type Check = (create: Create) => Iterable<string>;

/**
 * Holds an environment to its contract, in the spirit of Gymnasium's `env_checker`: seeds decide everything,
 * spaces and shapes are as declared, numbers are finite, observations share no memory, a state restored in any
 * environment of the task has the same future, episodes end when they should, and bad calls are refused.
 *
 * @param create Makes a fresh environment; called many times.
 * @returns One sentence for each problem; empty where there is none.
 */
export function checkEnvironment(create: Create): string[] {
  const checks: Readonly<Record<string, Check>> = {
    'same seed': checkDeterminism,
    'other seeds': checkSeedsDiffer,
    spaces: checkSpaces,
    information: checkInfo,
    memory: checkMemory,
    'snapshot and restore': checkSnapshots,
    'ends of episodes': checkEnds,
    'bad calls': checkRefusals,
    rendering: checkRendering,
  };
  const problems = Object.entries(checks).flatMap(([name, check]) => {
    try {
      return [...check(create)].map((problem) => `${name}: ${problem}`);
    } catch (error) {
      return [`${name}: the environment threw "${describeError(error)}"`];
    }
  });
  return [...new Set(problems)];
}

/** Long enough for contacts and goals, short enough for hundreds of tasks. */
const steps = 12;

function* checkDeterminism(create: Create): Iterable<string> {
  for (const seed of [0, 7]) {
    const first = create();
    const second = create();
    // What an environment did before must not matter: the second one plays another episode first.
    second.reset({ seed: seed + 100 });
    playRandomly(second, 'earlier', steps);
    if (!sameReset(first.reset({ seed }), second.reset({ seed }))) {
      yield `two resets with seed ${seed} differ, after different episodes`;
    }
    if (!sameSteps(playRandomly(first, 'actions', steps), playRandomly(second, 'actions', steps))) {
      yield `two episodes with seed ${seed} and the same actions differ`;
    }
    if (!sameNumbers(first.getState(), second.getState())) {
      yield `two episodes with seed ${seed} and the same actions end in different states`;
    }
  }
}

function* checkSeedsDiffer(create: Create): Iterable<string> {
  const environment = create();
  const states = [0, 1, 2, 3].map((seed) => {
    environment.reset({ seed });
    return environment.getState().join();
  });
  if (new Set(states).size === 1) yield 'four seeds give the same start';
}

function* checkSpaces(create: Create): Iterable<string> {
  const environment = create();
  const { actionSpace, frameShape } = environment;
  const rng = createRng(0, 'check-env', 'spaces');
  for (let i = 0; i < actionSpace.size; i++) {
    const [low, high] = [actionSpace.low[i]!, actionSpace.high[i]!];
    if (!(low < high && Number.isFinite(low) && Number.isFinite(high))) {
      yield `action ${i} has no finite range: low ${low}, high ${high}`;
    }
  }
  if (!actionSpace.contains(actionSpace.sample(rng))) yield 'the action space does not contain its own sample';
  const { observation, instruction } = environment.reset({ seed: 0 });
  const observations = [observation, ...playRandomly(environment, 'spaces', steps).map((result) => result.observation)];
  if (!observations.every(({ frame }) => hasShape(frame, frameShape))) {
    yield `an observed frame is not bytes of the declared shape [${frameShape.join(', ')}]`;
  }
  const felt = observations.flatMap(({ proprioception }) => (proprioception === undefined ? [] : [proprioception]));
  if (felt.length > 0 && felt.length < observations.length) yield 'some observations have proprioception, others not';
  if (!felt.every((numbers) => numbers.length === proprioceptionNames.length && numbers.every(Number.isFinite))) {
    yield `a proprioception is not ${proprioceptionNames.length} finite numbers`;
  }
  if (instruction.goalFrame !== null && !hasShape(instruction.goalFrame, frameShape)) {
    yield `the goal frame is not bytes of the declared shape [${frameShape.join(', ')}]`;
  }
  // An action outside the space counts as its nearest member.
  const outside = Float32Array.from(actionSpace.high, (high) => 10 * high);
  environment.reset({ seed: 1 });
  const state = environment.getState();
  const clipped = environment.step(actionSpace.clip(outside));
  environment.setState(state);
  if (!sameSteps([clipped], [environment.step(outside)])) yield 'an action outside the space is not clipped into it';
}

function* checkInfo(create: Create): Iterable<string> {
  const environment = create();
  const { instruction, info } = environment.reset({ seed: 0 });
  const names = instruction.entities.map(({ name }) => name);
  if (names[0] !== 'pusher') yield `the first entity is '${names[0]}', not 'pusher'`;
  if (instruction.taskId !== environment.task.id) yield `the instruction is for task '${instruction.taskId}'`;
  if (instruction.budgetSteps !== environment.task.budgetSteps) {
    yield `the instruction allows ${instruction.budgetSteps} steps, the task ${environment.task.budgetSteps}`;
  }
  if (!same(info.truth.targets, instruction.targets)) yield 'the truth has other targets than the instruction';
  if (info.success) yield 'an episode is solved before its first step';
  const results = playRandomly(environment, 'info', steps);
  for (const each of [info, ...results.map((result) => result.info)]) {
    if (!names.every((name) => each.truth.positions[name] !== undefined)) yield 'an entity has no true position';
    if (!hasFiniteNumbers(each)) yield 'a true position, angle, target or distance is not finite';
    if (!(each.distance >= 0)) yield `a distance left is ${each.distance}`;
  }
  const { rewardRange } = environment;
  if (rewardRange === undefined) {
    if (results.some(({ reward, info: { distance } }) => reward !== -distance)) {
      yield 'a reward is not minus the distance left';
    }
  } else if (!results.every(({ reward }) => reward >= rewardRange[0] && reward <= rewardRange[1])) {
    yield `a reward is not within the declared range [${rewardRange.join(', ')}]`;
  }
  const [last, now] = [results.at(-1)?.info ?? info, environment.inspect()];
  const agree = same(last.truth, now.truth) && last.success === now.success && last.distance === now.distance;
  if (!agree) yield 'inspect() disagrees with the information of the last step';
}

function* checkMemory(create: Create): Iterable<string> {
  const environment = create();
  const start = environment.reset({ seed: 0 });
  const results = playRandomly(environment, 'memory', steps);
  const observations = [start.observation, ...results.map((result) => result.observation)];
  const frames = observations.map(({ frame }) => frame);
  if (start.instruction.goalFrame !== null) frames.push(start.instruction.goalFrame);
  if (new Set(frames.map(({ data }) => data.buffer)).size < frames.length) yield 'two frames share one buffer';
  const felt = observations.flatMap(({ proprioception }) => (proprioception === undefined ? [] : [proprioception]));
  if (new Set(felt.map(({ buffer }) => buffer)).size < felt.length) yield 'two proprioceptions share one buffer';

  const kept = frames.map(({ data }) => data.slice());
  const state = environment.getState();
  const keptState = state.slice();
  for (const { data } of frames) data.fill(1);
  state.fill(-1);
  if (!sameNumbers(environment.getState(), keptState)) yield 'writing into a returned state changes the environment';
  environment.reset({ seed: 0 });
  const again = playRandomly(environment, 'memory', steps);
  if (!again.every(({ observation }, i) => sameNumbers(observation.frame.data, kept[i + 1]!))) {
    yield 'writing into a returned frame changes later frames';
  }
  environment.reset({ seed: 0 });
  const action = environment.actionSpace.high.map((high) => 2 * high);
  const given = action.slice();
  environment.step(action);
  if (!sameNumbers(action, given)) yield 'a step writes into the action it was given';
}

function* checkSnapshots(create: Create): Iterable<string> {
  const environment = create();
  for (const before of [0, 1, Math.min(steps, environment.task.budgetSteps) - 1]) {
    environment.reset({ seed: 3 });
    playRandomly(environment, 'before', before);
    const state = environment.getState();
    const info = environment.inspect();
    if (!state.every(Number.isFinite)) yield 'a state holds a number that is not finite';
    if (!sameNumbers(environment.getState(), state)) yield 'reading the state changes it';
    environment.setState(state);
    if (!sameNumbers(environment.getState(), state))
      yield `setState(getState()) changes the state after ${before} steps`;
    if (!same(environment.inspect(), info)) yield `setState(getState()) changes the information after ${before} steps`;
    const future = playRandomly(environment, 'after', steps);

    environment.setState(state);
    const replayed = playRandomly(environment, 'after', steps);
    if (!sameSteps(future, replayed)) yield `a restored state has another future, in the same environment`;
    const busy = create();
    busy.reset({ seed: 50 });
    playRandomly(busy, 'elsewhere', steps);
    busy.setState(state);
    if (!sameSteps(future, playRandomly(busy, 'after', steps)))
      yield `a restored state has another future, in a used environment`;
    const fresh = create();
    fresh.setState(state);
    if (!sameSteps(future, playRandomly(fresh, 'after', steps)))
      yield `a restored state has another future, in a new environment`;
  }
}

function* checkEnds(create: Create): Iterable<string> {
  const environment = create();
  const { budgetSteps, success } = environment.task;
  environment.reset({ seed: 0 });
  const results = playRandomly(environment, 'ends', budgetSteps);
  const last = results.at(-1);
  const early = results.findIndex(({ truncated }) => truncated) + 1;
  if (early > 0 && early < budgetSteps) yield `truncated after ${early} steps of a budget of ${budgetSteps}`;
  if (last !== undefined && !last.terminated && results.length === budgetSteps && !last.truncated) {
    yield `not truncated after the budget of ${budgetSteps} steps`;
  }
  for (const [i, { terminated, info }] of results.entries()) {
    if (terminated && !(info.success && success.when === 'first-hit')) yield `terminated without success by first hit`;
    if (info.success && success.when === 'final-step' && i + 1 < budgetSteps) yield `successful before the final step`;
  }
  const action = new Float32Array(environment.actionSpace.size);
  if (!throws(() => environment.step(action))) yield 'a step after the end is not refused';
}

function* checkRefusals(create: Create): Iterable<string> {
  const environment = create();
  const { size } = environment.actionSpace;
  if (!throws(() => environment.step(new Float32Array(size)))) yield 'a step before the first reset is not refused';
  environment.reset({ seed: 0 });
  const state = environment.getState();
  const wrong: Readonly<Record<string, Float32Array>> = {
    'too short': new Float32Array(size - 1),
    'too long': new Float32Array(size + 1),
    'not a number': new Float32Array(size).fill(Number.NaN),
    infinite: new Float32Array(size).fill(Number.POSITIVE_INFINITY),
  };
  for (const [what, action] of Object.entries(wrong)) {
    if (!throws(() => environment.step(action))) yield `an action that is ${what} is not refused`;
    else if (!sameNumbers(environment.getState(), state))
      yield `an action that is ${what} is refused, yet changes the state`;
    environment.setState(state);
  }
  if (!throws(() => environment.setState(state.slice(1)))) yield 'a state that is too short is not refused';
}

function* checkRendering(create: Create): Iterable<string> {
  const environment = create();
  environment.reset({ seed: 0 });
  const state = environment.getState();
  for (const size of [48, 97]) {
    if (!hasShape(environment.render(size), [size, size, 3]))
      yield `render(${size}) is not bytes [${size}, ${size}, 3]`;
  }
  if (!sameNumbers(environment.getState(), state)) yield 'rendering changes the state';
}

function hasFiniteNumbers({ truth, distance }: EpisodeInfo): boolean {
  const points = [...Object.values(truth.positions), ...Object.values(truth.targets)].flat();
  return [...points, ...Object.values(truth.angles), distance].every(Number.isFinite);
}

function hasShape(frame: Frame, shape: readonly number[]): boolean {
  return (
    frame.data instanceof Uint8Array &&
    frame.data.length === shape.reduce((a, b) => a * b, 1) &&
    same(Array.from(frame.shape), shape)
  );
}

function throws(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}
