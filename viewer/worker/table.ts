import { RunError } from '../../src/core/errors.ts';
import type { GuardrailSpec, HandSpec, Region, RegionSpec, TaskSpec } from '../../src/core/task.ts';
import { remainingSuccess } from '../../src/env/predicates.ts';
import { type ResolvedTask, resolveTask } from '../../src/env/resolve-task.ts';
import { createTabletop, type Tabletop } from '../../src/env/tabletop/environment.ts';
import { decodeState, type EpisodeState } from '../../src/env/tabletop/state.ts';

/** What a person made of a task: its own places moved, zones drawn. */
export interface Rules {
  readonly task: TaskSpec;
  readonly drawnZones: readonly Region[];
  /** The visitor's own hand is over the table. */
  readonly reaching: boolean;
  /** The episode does not end at the task's budget. */
  readonly openEnded: boolean;
}

/** Steps of an episode without end: an hour at ten a second. */
const endless = 36_000;

/** The simulator's episode, open to a person's hand. */
export interface Table {
  readonly rules: Rules;
  readonly tabletop: Tabletop;
  /** All that decides the future, taken apart. */
  read(): EpisodeState;
  /** The task with this episode's numbers; of several stages, what is left to do. */
  resolve(): ResolvedTask;
}

/** The visitor's hand, by its name among a scene's. It is the last of them. */
export const ownHand = 'visitor';
/** What the agent keeps from it, table widths: as the registered guardrail examples do. */
const handRail = { kind: 'moving-hand', hand: ownHand, distance: 0.05, slowWithin: 0.2 } as const;
/** Where it goes is written into states; a task has to name some way. */
const handSpec: HandSpec = {
  name: ownHand,
  path: [
    [0.9, 0.1],
    [0.9, 0.2],
  ],
  speed: 0.01,
};

/** The task that is played under these rules: nothing may enter drawn zones, or come near the visitor's hand. */
export function taskUnder({ task, drawnZones, reaching, openEnded }: Rules): TaskSpec {
  const drawn = drawnZones.flatMap((region) =>
    ['pusher', 'objects'].map((who): GuardrailSpec<RegionSpec> => ({ kind: 'keep-out', who, region })),
  );
  const guardrails = [...(task.guardrails ?? []), ...(reaching ? [handRail] : []), ...drawn];
  const hands = [...(task.scene.hands ?? []), handSpec];
  const ruled: TaskSpec = {
    ...task,
    ...(reaching ? { scene: { ...task.scene, hands } } : {}),
    ...(guardrails.length === 0 ? {} : { guardrails }),
  };
  if (!openEnded) return ruled;
  return { ...ruled, budgetSteps: endless, success: { ...ruled.success, when: 'final-step' } };
}

/** @param frameSize Pixels a side of what the agent sees. */
export function createTable(rules: Rules, frameSize: number): Table {
  const task = taskUnder(rules);
  if ((task.world ?? 'tabletop') !== 'tabletop') {
    throw new RunError(`the page plays on the tabletop; run '${task.id}' with 'amitable run --task ${task.id}'`);
  }
  const tabletop = createTabletop({ task, frameSize });
  const read = (): EpisodeState => decodeState(tabletop.getState(), task);
  return {
    rules,
    tabletop,
    read,
    resolve() {
      const { scene, passed } = read();
      const resolved = resolveTask(task, scene);
      return { ...resolved, success: remainingSuccess(resolved.success, passed) };
    },
  };
}
