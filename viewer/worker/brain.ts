import { createAgentWithModel } from '../../src/agent/create-agent-with-model.ts';
import type { Imagined, Instruction, Observation } from '../../src/core/contracts.ts';
import type { StoredModel } from '../../src/world-model/decode-model.ts';
import type { FanView, Settings, ThoughtView } from '../protocol.ts';
import type { HeardSearch, Listener } from './listen-in.ts';
import { fanSize, selectFan, summarise } from './search-view.ts';
import { surpriseOf } from './surprise.ts';

/** A decision, and all there is to see of how it was made. */
export interface Thought {
  readonly action: Float32Array;
  readonly imagined: Imagined | null;
  readonly view: ThoughtView;
}

/** The agent, and someone who watches it think. */
export interface Brain {
  begin(instruction: Instruction, seed: number): Promise<void>;
  think(observation: Observation): Promise<Thought>;
  dispose(): Promise<void>;
}

interface BrainOptions {
  readonly model: StoredModel;
  readonly settings: Settings;
  readonly listener: Listener;
  readonly threads: number;
}

/** Keeps the last brain that was asked for: episodes follow each other faster than graphs are compiled. */
export function createBrainKeeper(options: Omit<BrainOptions, 'settings'>): (settings: Settings) => Promise<Brain> {
  let kept: { readonly key: string; readonly brain: Brain } | null = null;
  return async (settings) => {
    const { planner, horizon, evaluations, guardrails, device } = settings;
    const key = JSON.stringify([planner, horizon, evaluations, guardrails, device]);
    if (kept?.key === key) return kept.brain;
    await kept?.brain.dispose();
    kept = null;
    const brain = await createBrain({ ...options, settings });
    kept = { key, brain };
    return brain;
  };
}

/** What the present was expected to be. */
interface Expectation {
  readonly next: Float32Array;
  readonly entities: number;
}

async function createBrain({ model, settings, listener, threads }: BrainOptions): Promise<Brain> {
  const { planner, horizon, evaluations, guardrails, device } = settings;
  const policy = await createAgentWithModel(model, {
    world: model.config.world,
    planner: planner ?? undefined,
    evaluations: evaluations ?? (planner === null ? undefined : 'as-model'),
    plannerOptions: horizon === null ? {} : { horizon },
    guardrails: guardrails ? 'on' : 'off',
    newImagination: listener.newImagination,
    device,
    threads,
  });
  let expectation: Expectation | null = null;

  /** What is drawn of a search, and what the next look should find. */
  const picture = async (search: HeardSearch, imagined: Imagined): Promise<FanView> => {
    const { imagination, present, iterations } = search;
    const { candidates, elite, safe } = selectFan(iterations);
    const next = await imagination.expect(present, imagined.actions!);
    expectation = { next, entities: imagined.positions[0]!.length };
    return { positions: await imagination.preview(present, candidates, fanSize), count: fanSize, elite, safe };
  };

  return {
    async begin(instruction, seed) {
      expectation = null;
      await policy.begin([{ instruction, seed }]);
    },
    async think(observation) {
      listener.take();
      const started = performance.now();
      const [decision] = await policy.act([observation]);
      const milliseconds = performance.now() - started;
      const { action, imagined = null, unable = false } = decision!;
      const search = listener.take();
      const expected = expectation;
      const surprise =
        search === null || expected === null
          ? null
          : surpriseOf(expected.next, search.present.latent, expected.entities);
      const fan = search === null || imagined === null ? null : await picture(search, imagined);
      return {
        action,
        imagined,
        view: {
          seen: imagined?.positions[0] ?? [],
          plan: imagined?.positions ?? [],
          fan,
          iterations: search === null ? [] : summarise(search.iterations),
          cost: imagined?.cost ?? Number.NaN,
          violation: imagined?.violation ?? 0,
          fallback: imagined?.fallback ?? null,
          unable,
          surprise,
          milliseconds,
        },
      };
    },
    async dispose() {
      await policy.dispose?.();
    },
  };
}
