/**
 * Splits regret against the number of candidates: node dist/scripts/measure-regret.js [--task ID] [--model DIR]
 * [--planner NAME,...] [--episodes N] [--every N] [--candidates 16,64,256,1024] [--reference N] [--seed N] [--out DIR].
 * Whichever planners are asked for, they plan from where the model's own has come to: all from the same moments.
 * Prints a table each; with --out also writes regret.md and a regret-NAME.json each there.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createAgentWithModel, shippedModelDirectory } from '../src/agent/create-agent.ts';
import { plannerOptionsFor } from '../src/agent/planner-options.ts';
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { unknownName } from '../src/core/errors.ts';
import { createBoxSpace } from '../src/core/space.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { taskById } from '../src/env/registry.ts';
import { episodeSeeds } from '../src/eval/episode-seeds.ts';
import { playRegret } from '../src/eval/play-regret.ts';
import { summariseRegret } from '../src/eval/regret.ts';
import { formatRegretMarkdown, type RegretReport, regretSchema } from '../src/eval/regret-report.ts';
import { createPlanner, type PlannerName, plannerNames } from '../src/planner/create-planner.ts';
import { loadModel } from '../src/world-model/model-store.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    task: { type: 'string', default: 'push-to-goal' },
    model: { type: 'string' },
    planner: { type: 'string' },
    episodes: { type: 'string', default: '20' },
    every: { type: 'string', default: '5' },
    candidates: { type: 'string', default: '16,32,64,128,256,512,1024' },
    reference: { type: 'string', default: '4096' },
    seed: { type: 'string', default: '0' },
    out: { type: 'string' },
  },
});
const task = taskById(values.task);
const world = task.world ?? 'tabletop';
const model = await loadModel(values.model ?? shippedModelDirectory(world));
const { config } = model;
const planners = (values.planner?.split(',') ?? [config.planner.name]).map(plannerNamed);
const actionSpace = createBoxSpace(config.action);
const searchBy = (name: PlannerName, evaluations: number) =>
  createPlanner(name, plannerOptionsFor(config, name, actionSpace, evaluations));
const large = wholeNumber('reference', values.reference, 1);
const seed = Number(values.seed);

const budgets = values.candidates.split(',').map((text) => wholeNumber('candidates', text, 1));
const seeds = episodeSeeds(seed, task.id, wholeNumber('episodes', values.episodes, 1));
const every = wholeNumber('every', values.every, 1);

async function measure(planner: PlannerName): Promise<RegretReport> {
  const episodes = await playRegret({
    task,
    createEnvironment,
    createAgent: (wrapPlanner) => createAgentWithModel(model, { world, guardrails: 'off', wrapPlanner }),
    plannerWith: (evaluations) => searchBy(planner, evaluations),
    // One that needs no gradients, so that it can search the simulator too.
    reference: { model: searchBy('icem', large), truth: searchBy('icem', large) },
    blockLength: config.actionRepeat,
    ...{ budgets, seeds, every },
    onDecision: ({ episode, step }) => process.stderr.write(`${planner}, episode ${episode}, step ${step}\n`),
  });
  return {
    ...{ schema: regretSchema, task: task.id, planner, model: model.hash, seed },
    episodes: episodes.length,
    decisions: episodes.reduce((sum, decisions) => sum + decisions.length, 0),
    rows: summariseRegret(episodes),
  };
}

const tables: string[] = [];
for (const planner of planners) {
  const report = await measure(planner);
  tables.push(formatRegretMarkdown(report));
  if (values.out === undefined) continue;
  await writeFileAtomic(join(values.out, `regret-${planner}.json`), `${JSON.stringify(report, null, 2)}\n`);
  await writeFileAtomic(join(values.out, 'regret.md'), `${tables.join('\n\n')}\n`);
}
process.stdout.write(`${tables.join('\n\n')}\n`);

function plannerNamed(name: string): PlannerName {
  const found = plannerNames.find((each) => each === name);
  if (found === undefined) throw unknownName('planner', name, plannerNames);
  return found;
}
