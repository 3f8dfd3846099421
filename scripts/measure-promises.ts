/**
 * How often plans in Two-Rooms end elsewhere than imagined: node dist/scripts/measure-promises.js [--model A,B]
 * [--episodes N] [--seed N] [--threads N]. The agent plays; each plan of an episode's first 120 steps is also carried out
 * to its end in the simulator, from where the dot truly is. Success varies by chance from episode to episode; this has
 * 30 plans of each, and says what models are wrong about.
 */
import { parseArgs } from 'node:util';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import { RunError } from '../src/core/errors.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { taskById } from '../src/env/registry.ts';
import { fieldSize, roomOf } from '../src/env/two-rooms/field.ts';
import { readLayout } from '../src/env/two-rooms/state.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import { brokenDistance } from '../src/training/broken-promises.ts';
import { carryOut } from '../src/training/own-trajectories.ts';
import { emptyTrajectories } from '../src/training/two-rooms-windows.ts';
import { loadModel } from '../src/world-model/model-store.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    episodes: { type: 'string', default: '40' },
    seed: { type: 'string', default: '31' },
    threads: { type: 'string', default: '1' },
  },
});
const episodes = wholeNumber('episodes', values.episodes, 1);
const seed = wholeNumber('seed', values.seed);
const threads = wholeNumber('threads', values.threads, 1);

const steps = 120;

interface Plan {
  readonly first: boolean;
  readonly otherRoom: boolean;
  /** From where it was imagined to end to where it ends, field widths. */
  readonly off: number;
}

async function planAndSee(folder: string): Promise<Plan[]> {
  const model = await loadModel(folder);
  const { actionRepeat } = model.config;
  const task = taskById('two-rooms');
  const environment = createEnvironment(task);
  const agent = await createAgentWithModel(model, { world: 'two-rooms', threads });
  const plans: Plan[] = [];
  for (const episodeSeed of episodeSeeds(seed, task.id, episodes)) {
    const { observation, instruction, info } = environment.reset({ seed: episodeSeed });
    const layout = readLayout(environment.getState());
    await agent.begin([{ instruction, seed: episodeSeed }]);
    let seen = observation;
    let place = info.truth.positions.pusher!;
    for (let t = 0; t < steps; t++) {
      const [decision] = await agent.act([seen]);
      if (!decision?.imagined?.actions) throw new RunError(`the agent made no plan at step ${t}`);
      const { actions, positions } = decision.imagined;
      if (t % actionRepeat === 0) {
        const carried = emptyTrajectories(1, (positions.length - 1) * actionRepeat + 1);
        carryOut(carried, 0, layout, [place[0] * fieldSize, place[1] * fieldSize], actions, actionRepeat);
        const end = carried.positions.subarray(-2);
        const [x, y] = positions.at(-1)![0]!.map((part) => part * fieldSize) as [number, number];
        plans.push({
          first: t === 0,
          otherRoom: roomOf(x, layout) * roomOf(end[0]!, layout) < 0,
          off: Math.hypot(x - end[0]!, y - end[1]!) / fieldSize,
        });
      }
      const next = environment.step(decision.action);
      seen = next.observation;
      place = next.info.truth.positions.pusher!;
    }
  }
  await agent.dispose?.();
  return plans;
}

const share = (plans: readonly Plan[], count: (plan: Plan) => boolean): string =>
  `${((100 * plans.filter(count).length) / plans.length).toFixed(1)} %`;

console.log(
  "| model | plans | end in the other room than imagined | an episode's first ones | end elsewhere | mean distance |",
);
console.log('|---|---|---|---|---|---|');
for (const folder of (values.model ?? shippedModelDirectory('two-rooms')).split(',')) {
  const plans = await planAndSee(folder);
  const other = (plan: Plan): boolean => plan.otherRoom;
  const first = plans.filter((plan) => plan.first);
  const mean = plans.reduce((sum, { off }) => sum + off, 0) / plans.length;
  console.log(
    `| ${folder} | ${plans.length} | ${share(plans, other)} | ${share(first, other)} | ${share(plans, ({ off }) => off > brokenDistance)} | ${(fieldSize * mean).toFixed(2)} px |`,
  );
}
