import type { Decision, EpisodeStart, Imagined, Instruction, Observation, Planner, Policy } from '../core/contracts.ts';
import { RunError } from '../core/errors.ts';
import { createRng } from '../core/rng.ts';
import type { GuardrailSpec } from '../core/task.ts';
import { type CompiledCost, compileCost } from '../cost/compile-cost.ts';
import { focusObject } from '../cost/focus.ts';
import type { CostShape } from '../cost/term.ts';
import { createRecedingHorizon } from '../planner/receding-horizon.ts';
import { latentSize } from '../world-model/config.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import type { Imagination, Present } from './imagination.ts';
import type { Margins } from './margins.ts';
import { findEntities, type Perception, radiiOf, seeSlots, selectSlots } from './perception.ts';

export interface AgentParts {
  readonly model: StoredModel;
  readonly perception: Perception;
  /** Imagination over N slots; made once for each N met. */
  readonly imaginationFor: (slots: number) => Imagination;
  readonly planner: Planner;
  /** Guardrails that hold in every task of this world; no instruction can lift them. */
  readonly hardGuardrails: readonly GuardrailSpec[];
  /** Null: guardrails are not enforced, for measuring only. */
  readonly margins: Margins | null;
}

/** What the agent holds of one episode. */
interface Episode {
  readonly instruction: Instruction;
  readonly goalLatents: Float32Array | null;
  /** Slot of each entity, found in the first frame. */
  slots: readonly number[] | null;
  cost: CompiledCost | null;
  focus: number | null;
  stepsTaken: number;
  /** Where planning started last. */
  present: Present | null;
  imagined: Imagined | null;
}

/**
 * The agent's loop: perceive, bind the instruction's objective and guardrails to what is seen, plan by imagining,
 * act, look again. It holds instructions and observations, and nothing of the simulator.
 */
export function createAgentFromParts(parts: AgentParts): Policy {
  const { model, perception, planner, imaginationFor } = parts;
  const { config } = model;
  const size = latentSize(config);
  const control = createRecedingHorizon({
    planner,
    actionSize: config.action.low.length,
    blockLength: config.actionRepeat,
  });
  const planMilliseconds: number[] = [];
  let episodes: Episode[] = [];

  const shapeOf = (instruction: Instruction): CostShape => ({
    entities: instruction.entities.map(({ name }) => name),
    horizon: planner.horizon,
    actionSize: config.action.low.length,
    latentShape: [instruction.entities.length, size],
  });

  /** The cost of an instruction, given how large the seen entities are. */
  const configure = (instruction: Instruction, radii: readonly number[]): CompiledCost =>
    compileCost({
      objective: instruction.objective,
      guardrails: parts.margins === null ? [] : instruction.guardrails,
      hardGuardrails: parts.margins === null ? [] : parts.hardGuardrails,
      ...shapeOf(instruction),
      margins: parts.margins ?? { pusher: 0, objects: 0 },
      radii,
    });

  const look = async (episode: Episode, observation: Observation): Promise<void> => {
    const percept = await perception.perceive(observation.frame);
    const { instruction } = episode;
    episode.slots ??= findEntities(model, percept, instruction.entities);
    episode.cost ??= configure(instruction, radiiOf(percept, episode.slots));
    const latent = selectSlots(percept.latents, episode.slots, size);
    const seen = seeSlots(percept, episode.slots);
    const stepsLeft = Math.ceil((instruction.budgetSteps - episode.stepsTaken) / config.actionRepeat);
    const bound = parts.margins === null ? { ...instruction, guardrails: [] } : instruction;
    const goalLatent = episode.goalLatents && selectSlots(episode.goalLatents, episode.slots, size);
    episode.focus = focusObject({ instruction, shape: shapeOf(instruction), seen, previous: episode.focus });
    const cost = episode.cost.bind({
      instruction: bound,
      goalLatent,
      stepsLeft,
      focus: episode.focus,
    });
    episode.present = { latent, cost };
  };

  return {
    name: 'agent',
    planMilliseconds,
    evaluationsPerPlan: planner.evaluationsPerPlan,
    async begin(starts: readonly EpisodeStart[]) {
      control.begin(starts.map(({ seed }) => createRng(seed, 'agent', 'planner')));
      episodes = [];
      for (const { instruction } of starts) {
        const needsGoal = instruction.objective.some(({ term }) => term === 'goal-image');
        if (needsGoal && instruction.goalFrame === null) {
          throw new RunError(`task '${instruction.taskId}' has a goal-image term and shows no picture of the goal`);
        }
        const goal = needsGoal ? await perception.perceive(instruction.goalFrame!) : null;
        episodes.push({
          instruction,
          goalLatents: goal?.latents ?? null,
          slots: null,
          cost: null,
          focus: null,
          stepsTaken: 0,
          present: null,
          imagined: null,
        });
      }
    },
    async act(observations) {
      const active = observations.flatMap((observation, i) => (observation === null ? [] : [i]));
      const decisions: (Decision | null)[] = observations.map(() => null);
      // Each episode plans by itself: nothing of one can reach another.
      for (const index of active) {
        const episode = episodes[index]!;
        const started = performance.now();
        const [decision] = await control.decide([index], async () => {
          await look(episode, observations[index]!);
          return imaginationFor(episode.slots!.length).scorer([episode.present!], episode.cost!);
        });
        const { action, plan, actions, fallback, planned } = decision!;
        if (planned) {
          planMilliseconds.push(performance.now() - started);
          const positions = await imaginationFor(episode.slots!.length).foresee(episode.present!, actions);
          episode.imagined = { cost: plan.cost, violation: plan.violation, positions, fallback };
        }
        episode.stepsTaken++;
        decisions[index] = { action, ...(episode.imagined === null ? {} : { imagined: episode.imagined }) };
      }
      return decisions;
    },
    async dispose() {
      await perception.dispose();
    },
  };
}
