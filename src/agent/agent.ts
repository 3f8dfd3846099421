import type {
  Decision,
  EpisodeStart,
  Imagined,
  Instruction,
  Observation,
  Plan,
  PlanIteration,
  Planner,
  Policy,
} from '../core/contracts.ts';
import { createRng, type Rng } from '../core/rng.ts';
import { type BoxSpace, createBoxSpace } from '../core/space.ts';
import type { GuardrailSpec, Point } from '../core/task.ts';
import { type CompiledCost, type CostBinding, compileCost } from '../cost/compile-cost.ts';
import type { CostShape } from '../cost/term.ts';
import { createRecedingHorizon, type RecedingHorizon } from '../planner/receding-horizon.ts';
import { latentSize } from '../world-model/config.ts';
import { pictureShape } from '../world-model/decoders/create-decoder.ts';
import type { StoredModel } from '../world-model/model-store.ts';
import { asPenalty } from './as-penalty.ts';
import { createDiary, type Diary, type Recollection } from './diary.ts';
import { checkAction, permittedActions } from './hard-guardrails.ts';
import { chooseThings, type Imagination, latentCount, type Present } from './imagination.ts';
import { createLeeway, type LeewayKeeper } from './leeway.ts';
import type { Margins } from './margins.ts';
import { longestNearHands } from './near-hands.ts';
import { coloursOfHands, createObserver, type Observer, perceiveGoal } from './observer.ts';
import type { Percept, Perception } from './perception.ts';
import { pictureAsPlaces } from './picture-as-places.ts';
import { createSafeProgress, type SafeProgress } from './safe-progress.ts';
import { findWays, straightOn, type Ways } from './ways.ts';
import { type CriticUse, withCritic } from './with-critic.ts';

export interface AgentParts {
  readonly model: StoredModel;
  readonly perception: Perception;
  /** Imagination over N slots; made once for each N met. */
  readonly imaginationFor: (slots: number) => Imagination;
  /** A planner that searches among these actions; asked for once an episode. */
  readonly plannerFor: (permitted: BoxSpace) => Planner;
  /** Guardrails that hold in every task of this world; no instruction can lift them. */
  readonly hardGuardrails: readonly GuardrailSpec[];
  readonly margins: Margins;
  /** `on`, or one of the ways that exist for measuring only: action and speed limits hold in all of them. */
  readonly enforcement: Enforcement;
  /** Told what each iteration of an episode's search saw: for measuring, plots and the browser page. */
  readonly onSearch?: ((episode: number, iteration: PlanIteration) => void) | undefined;
  /** A critic beside latent distances; null: off. */
  readonly critic: CriticUse | null;
  /** Null: every episode is the first. */
  readonly memory: Recollection | null;
}

/** Guardrails as constraints; ignored; or as one more cost, of this much a table width and step. */
export type Enforcement = 'on' | 'off' | { readonly penalty: number };

/** What the agent holds of one episode. */
interface Episode {
  readonly instruction: Instruction;
  readonly permitted: BoxSpace;
  readonly control: RecedingHorizon;
  readonly whatIf: Rng;
  progress: SafeProgress | null;
  unable: boolean;
  readonly observer: Observer;
  /** Null without a memory. */
  readonly diary: Diary | null;
  cost: CompiledCost | null;
  /** What `cost` and `progress` are about: the instruction, or its present stage. */
  stage: Instruction | null;
  stepsTaken: number;
  /** What it is planned for now. */
  binding: CostBinding | null;
  /** How it gets to where things should be; null before the first look. */
  ways: Ways | null;
  readonly room: LeewayKeeper;
  /** As seen now. */
  pusher: { readonly place: Point; readonly radius: number } | null;
  /** Where planning started last. */
  present: Present | null;
  imagined: Imagined | null;
}

/**
 * The agent's loop: perceive, bind the instruction's objective and guardrails to what is seen, plan by imagining,
 * act, look again. It holds instructions and observations, and nothing of the simulator.
 */
export function createAgentFromParts(parts: AgentParts): Policy {
  const { model, perception, imaginationFor, enforcement, hardGuardrails, memory } = parts;
  const { config } = model;
  const size = latentSize(config);
  const picture = pictureShape(config);
  const planner = parts.plannerFor(permittedActions(config.world, config.action, []));
  const { evaluationsPerPlan, horizon } = planner;
  const planMilliseconds: number[] = [];
  let episodes: Episode[] = [];

  const shapeOf = (instruction: Instruction): CostShape => ({
    entities: instruction.entities.map(({ name }) => name),
    horizon,
    actionSize: config.action.low.length,
    latentShape: [latentCount(config, instruction.entities.length), size],
    ...(picture === null ? {} : { pictureShape: picture }),
  });

  /** The cost of an instruction, given how large the seen entities are. */
  const configure = (instruction: Instruction, radii: readonly number[], guarded: boolean): CompiledCost => {
    const cost = compileCost({
      objective: instruction.objective,
      guardrails: guarded ? instruction.guardrails : [],
      hardGuardrails: guarded ? hardGuardrails : [],
      ...shapeOf(instruction),
      margins: parts.margins,
      radii,
    });
    return typeof enforcement === 'object' ? asPenalty(cost, enforcement.penalty) : cost;
  };

  /** What the agent would do if nothing were forbidden, to tell what guardrails are in the way of. */
  const planWithoutGuardrails = async (episode: Episode): Promise<Plan> => {
    const { binding, present, permitted, stage, whatIf } = episode;
    const instruction = unguarded(stage!);
    const cost = configure(
      instruction,
      instruction.entities.map(() => 0),
      false,
    );
    // A whole horizon, however few steps are left: what would be possible is asked, not what there is time for.
    const bound = cost.bind({ ...binding!, instruction, via: null, stepsLeft: Math.max(binding!.stepsLeft, horizon) });
    const free: Present = { ...present!, cost: bound };
    const scorer = imaginationFor(instruction.entities.length).scorer([free], cost);
    const [plan] = await parts.plannerFor(permitted).plan({ scorer, rngs: [whatIf], warmStarts: [null] });
    return plan!;
  };

  const startEpisode = ({ instruction, seed }: EpisodeStart, goal: Percept | null): Episode => {
    const guardrails = [...hardGuardrails, ...instruction.guardrails];
    const permitted = permittedActions(config.world, config.action, guardrails);
    const control = createRecedingHorizon({
      planner: parts.plannerFor(permitted),
      actionSize: config.action.low.length,
      blockLength: config.actionRepeat,
    });
    control.begin([createRng(seed, 'agent', 'planner')]);
    return {
      instruction,
      permitted,
      control,
      whatIf: createRng(seed, 'agent', 'what-if'),
      progress: null,
      unable: false,
      observer: createObserver({ model, instruction, goal }),
      diary: memory && createDiary({ memory, config, instruction, planner, permitted }),
      cost: null,
      stage: null,
      stepsTaken: 0,
      binding: null,
      ways: null,
      room: createLeeway(),
      pusher: null,
      present: null,
      imagined: null,
    };
  };

  /** Near hands actions are shorter. Where the pusher is by the step's end is what was imagined of the plan. */
  const permittedNow = ({ instruction, permitted, binding, pusher, imagined }: Episode): BoxSpace => {
    if (enforcement !== 'on' || pusher === null) return permitted;
    const longest = longestNearHands({
      guardrails: instruction.guardrails,
      hands: binding!.hands!,
      way: [pusher.place, imagined!.positions[1]![0]!],
      radius: pusher.radius,
    });
    if (longest >= permitted.maxNorm) return permitted;
    const { low, high } = permitted;
    return createBoxSpace({ low: [...low], high: [...high], maxNorm: longest });
  };

  const lookAt = async (episode: Episode, observation: Observation): Promise<void> => {
    const look = episode.observer.look(
      await perception.perceive(
        episode.observer.remember(observation),
        coloursOfHands(episode.instruction),
        episode.observer.twins,
      ),
    );
    const { instruction } = look;
    episode.diary?.look(observation, look);
    if (episode.stage !== instruction) {
      episode.stage = instruction;
      episode.cost = configure(instruction, look.radii, enforcement !== 'off');
      episode.ways = null;
      episode.progress = createSafeProgress({ planWithoutGuardrails: () => planWithoutGuardrails(episode) });
    }
    const { guardrails } = instruction;
    episode.room.note(guardrails, instruction.entities, look.seen, look.radii);
    episode.ways =
      enforcement === 'off'
        ? straightOn(instruction)
        : findWays({
            ...{ instruction, seen: look.seen, radii: look.radii, focus: look.focus, margins: parts.margins },
            guardrails: [...hardGuardrails, ...guardrails],
            previous: episode.ways,
          });
    episode.binding = {
      instruction: enforcement === 'off' ? unguarded(instruction) : episode.ways.instruction,
      via: episode.ways.via,
      leeway: episode.room.leeway,
      goalLatent: look.goal?.latent ?? null,
      ...(look.goal?.picture && { goalPicture: look.goal.picture }),
      stepsLeft: Math.ceil((instruction.budgetSteps - episode.stepsTaken) / config.actionRepeat),
      focus: look.focus,
      hands: episode.observer.forecastHands(horizon),
    };
    episode.pusher = { place: look.seen[0]!.position, radius: look.radii[0]! };
    const things = chooseThings(config, look.slots);
    episode.present = { latent: look.latent, cost: episode.cost!.bind(episode.binding), ...(things && { things }) };
  };

  return {
    name: 'agent',
    planMilliseconds,
    evaluationsPerPlan,
    async begin(starts: readonly EpisodeStart[]) {
      episodes = [];
      for (const { seed, instruction: told } of starts) {
        const instruction = parts.critic === null ? told : withCritic(told, parts.critic);
        const goal = await perceiveGoal(perception, instruction);
        episodes.push(startEpisode({ seed, instruction: pictureAsPlaces(model, instruction, goal) }, goal));
      }
    },
    async act(observations) {
      const active = observations.flatMap((observation, i) => (observation === null ? [] : [i]));
      const decisions: (Decision | null)[] = observations.map(() => null);
      // Each episode plans by itself: nothing of one can reach another.
      for (const index of active) {
        const episode = episodes[index]!;
        const started = performance.now();
        const imagination = imaginationFor(episode.instruction.entities.length);
        const [decision] = await episode.control.decide(
          [0],
          async () => {
            await lookAt(episode, observations[index]!);
            return imagination.scorer([episode.present!], episode.cost!);
          },
          {
            recalledFor: () => [episode.diary?.recall() ?? []],
            ...(parts.onSearch === undefined ? {} : { trace: (iteration) => parts.onSearch!(index, iteration) }),
          },
        );
        const { action, plan, actions, fallback, planned } = decision!;
        if (planned) {
          episode.diary?.planned(plan);
          if (enforcement === 'on' && hardGuardrails.length + episode.stage!.guardrails.length > 0)
            episode.unable = await episode.progress!.note({ plan, braked: fallback === 'brake', ways: episode.ways! });
          planMilliseconds.push(performance.now() - started);
          const positions = await imagination.foresee(episode.present!, actions);
          episode.imagined = { cost: plan.cost, violation: plan.violation, positions, actions, fallback };
        }
        episode.stepsTaken++;
        const executed = checkAction(action, permittedNow(episode));
        episode.diary?.act(executed);
        decisions[index] = {
          action: executed,
          ...(episode.imagined === null ? {} : { imagined: episode.imagined }),
          unable: episode.unable,
        };
      }
      return decisions;
    },
    experience: (episode) => episodes[episode]?.diary?.experience() ?? null,
    async dispose() {
      await perception.dispose();
    },
  };
}

function unguarded(instruction: Instruction): Instruction {
  return { ...instruction, guardrails: [] };
}
