import type { Planner, Policy } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { type BoxSpace, createBoxSpace } from '../core/space.ts';
import type { WorldName } from '../core/task.ts';
import type { CompileOptions } from '../engine/program.ts';
import { createPlanner, type PlannerName } from '../planner/create-planner.ts';
import type { StoredModel } from '../world-model/decode-model.ts';
import { type AgentParts, createAgentFromParts, type Enforcement } from './agent.ts';
import { checkRecollection, type Recollection } from './diary.ts';
import { hardLimits } from './hard-guardrails.ts';
import { createImagination, type Imagination, type ImaginationOptions } from './imagination.ts';
import { marginsOf } from './margins.ts';
import { createPerception } from './perception.ts';
import { type EvaluationBudget, plannerOptionsFor } from './planner-options.ts';
import type { CriticUse } from './with-critic.ts';

export interface AgentWithModelOptions extends CompileOptions {
  readonly world: WorldName;
  /** @defaultValue the planner that the model's scores were measured with */
  readonly planner?: string | undefined;
  /** @defaultValue as the planner's options have it */
  readonly evaluations?: EvaluationBudget | undefined;
  /** A critic beside latent distances, where the model has one. @defaultValue off */
  readonly critic?: CriticUse | undefined;
  /** Handed each planner before it is used, to listen in on it. */
  readonly wrapPlanner?: (planner: Planner) => Planner;
  /** Over the model's own planner options, or the named planner's defaults. */
  readonly plannerOptions?: Readonly<Record<string, unknown>>;
  /** All but `on` is for measuring what guardrails cost and prevent; every record says so. @defaultValue 'on' */
  readonly guardrails?: Enforcement;
  readonly onSearch?: AgentParts['onSearch'];
  /** Makes what it imagines with, for others to listen in on it or keep it. @defaultValue a new one for the agent */
  readonly newImagination?: (options: ImaginationOptions) => Imagination;
  /** What earlier episodes taught, as perceived by this very model. @defaultValue none */
  readonly memory?: Recollection | null;
}

/** An agent with a world model at hand. */
export async function createAgentWithModel(model: StoredModel, options: AgentWithModelOptions): Promise<Policy> {
  const {
    world,
    planner,
    evaluations,
    plannerOptions,
    wrapPlanner,
    guardrails = 'on',
    memory = null,
    critic = null,
  } = options;
  const { device = 'native', threads = 1, newImagination = createImagination } = options;
  const { config } = model;
  if (config.world !== world) {
    throw new RunError(
      `the model in '${model.directory}' is of the world '${config.world}', the task is of '${world}'`,
    );
  }
  if (critic !== null && model.critic === undefined) {
    throw new RunError(
      `the model in '${model.directory}' has no critic: train one with 'node dist/scripts/train-critic.js', or leave it off`,
    );
  }
  if (memory !== null) checkRecollection(memory, model);
  const name = (planner ?? config.planner.name) as PlannerName;
  const plannerFor = (actionSpace: BoxSpace): Planner =>
    createPlanner(name, {
      ...plannerOptionsFor(config, name, actionSpace, evaluations),
      ...plannerOptions,
      // Last, so that no option widens what the search may try.
      actionSpace,
    });
  const { horizon } = plannerFor(createBoxSpace(config.action));
  const compile = { device, threads };
  const imaginations = new Map<number, Imagination>();
  const imaginationFor = (slots: number): Imagination => {
    let imagination = imaginations.get(slots);
    if (imagination === undefined) {
      imagination = newImagination({ model, slots, horizon, ...compile });
      imaginations.set(slots, imagination);
    }
    return imagination;
  };
  return createAgentFromParts({
    model,
    perception: await createPerception(model, compile),
    imaginationFor,
    plannerFor: wrapPlanner === undefined ? plannerFor : (permitted) => wrapPlanner(plannerFor(permitted)),
    hardGuardrails: hardLimits(world).guardrails,
    margins: marginsOf(config),
    enforcement: guardrails,
    critic,
    onSearch: options.onSearch,
    memory,
  });
}
