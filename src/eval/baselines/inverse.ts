import { type Observer, perceiveGoal } from '../../agent/observer.ts';
import { createPerception, type Percept } from '../../agent/perception.ts';
import type { EpisodeStart, Policy } from '../../core/contracts.ts';
import { RunError } from '../../core/errors.ts';
import { createRng } from '../../core/rng.ts';
import { createBoxSpace } from '../../core/space.ts';
import type { TaskSpec } from '../../core/task.ts';
import { compile } from '../../engine/compile.ts';
import { fitPerceptron } from '../../engine/fit-perceptron.ts';
import type { CompileOptions } from '../../engine/program.ts';
import type { StoredModel } from '../../world-model/model-store.ts';
import { aimOf, observe, pictureFeatures, placeFeatures, readsPlaces } from './inverse-features.ts';
import { type Example, playExamples } from './inverse-play.ts';

export interface InverseOptions extends CompileOptions {
  readonly model: StoredModel;
  readonly task: TaskSpec;
  /** Episodes of play to learn from, and steps of gradient descent. @defaultValue 500 and 3000 */
  readonly effort?: InverseEffort;
}

export interface InverseEffort {
  readonly episodes: number;
  readonly steps: number;
}

const fullEffort: InverseEffort = { episodes: 500, steps: 3000 };

/**
 * Acts without search: a head on the world model's frozen latents says which action, in play, led from what is seen to
 * what is wanted (goal-conditioned inverse dynamics). It is fitted when the policy is made, to 500 episodes of play in
 * the task's own scenes, always the same ones. Any search on the same model has to beat it to be worth its time. It
 * heeds places, neither headings nor guardrails.
 */
export async function createInversePolicy({
  model,
  task,
  effort = fullEffort,
  ...options
}: InverseOptions): Promise<Policy> {
  const { config } = model;
  if (config.world !== (task.world ?? 'tabletop')) {
    throw new RunError(`the model in '${model.directory}' is of the world '${config.world}', the task is of another`);
  }
  if (config.history !== undefined) {
    throw new RunError(
      `the model in '${model.directory}' goes by frames a predictor step apart, and the inverse policy looks at each by itself: use one without \`history\``,
    );
  }
  const perception = await createPerception(model, options);
  const examples = await playExamples(model, perception, task, effort.episodes);
  const head = await fitHead(examples, effort.steps, options);
  const space = createBoxSpace(config.action);
  const places = readsPlaces(config);
  let episodes: { readonly observer: Observer; readonly goal: Percept | null }[] = [];
  return {
    name: 'inverse',
    async begin(starts: readonly EpisodeStart[]) {
      episodes = [];
      for (const { instruction } of starts) {
        const goal = places ? null : await perceiveGoal(perception, instruction);
        if (!places && goal === null) {
          throw new RunError(`task '${task.id}' shows no picture of its goal, and this model reads no places`);
        }
        episodes.push({ observer: observe(model, instruction), goal });
      }
    },
    async act(observations) {
      const decisions = [];
      for (const [i, observation] of observations.entries()) {
        if (observation === null) {
          decisions.push(null);
          continue;
        }
        const { observer, goal } = episodes[i]!;
        const percept = await perception.perceive(observation, [], observer.twins);
        let features: Float32Array | null;
        if (goal !== null) features = pictureFeatures(percept.latents, goal.latents);
        else {
          const look = observer.look(percept);
          const aim = aimOf(look);
          features = aim && placeFeatures(config, look, aim.actor, aim.goal);
        }
        const action = features === null ? new Float32Array(space.size) : await head.act(features);
        decisions.push({ action: space.clip(action) });
      }
      return decisions;
    },
    async dispose() {
      await head.dispose();
      await perception.dispose();
    },
  };
}

interface Head {
  act(features: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
}

async function fitHead(examples: readonly Example[], steps: number, options: CompileOptions): Promise<Head> {
  const [first] = examples;
  if (first === undefined) throw new RunError('play moved nothing: there is nothing to learn an inverse policy from');
  const size = first.features.length;
  const perceptron = await fitPerceptron({
    name: 'inverse',
    features: size,
    targets: first.action.length,
    steps,
    peak: 1e-3,
    rngFor: (purpose) => createRng(0, 'inverse-policy', purpose),
    draw(rng, features, targets) {
      const example = rng.pick(examples);
      features.set(example.features);
      targets.set(example.action);
    },
    ...options,
  });
  const act = await compile(
    {
      name: 'inverse-policy',
      inputs: { features: { shape: [1, size] } },
      run: ({ features }) => ({ action: perceptron(features!) }),
    },
    options,
  );
  return {
    act: async (features) => Float32Array.from((await act.run({ features })).action as Float32Array),
    dispose: () => act.dispose(),
  };
}
