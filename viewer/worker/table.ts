import type { Frame } from '../../src/core/contracts.ts';
import { RunError } from '../../src/core/errors.ts';
import type { GuardrailSpec, Region, RegionSpec, TaskSpec } from '../../src/core/task.ts';
import { remainingSuccess } from '../../src/env/predicates.ts';
import { createRasteriser } from '../../src/env/rasteriser/rasteriser.ts';
import { type ResolvedTask, resolveTask } from '../../src/env/resolve-task.ts';
import { createDrawing, drawFrame } from '../../src/env/tabletop/draw.ts';
import { createTabletop, type Tabletop } from '../../src/env/tabletop/environment.ts';
import { bodyStateSize } from '../../src/env/tabletop/rigid-body.ts';
import { decodeState, type EpisodeState } from '../../src/env/tabletop/state.ts';
import ndarray from './ndarray.ts';

/** What a person made of a task: its own places moved, zones drawn. */
export interface Rules {
  readonly task: TaskSpec;
  readonly drawnZones: readonly Region[];
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
  /** What the agent's camera sees now. */
  look(): Frame;
}

/** The task that is played under these rules: each drawn zone is one that nothing may enter. */
export function taskUnder({ task, drawnZones, openEnded }: Rules): TaskSpec {
  const drawn = drawnZones.flatMap((region) =>
    ['pusher', 'objects'].map((who): GuardrailSpec<RegionSpec> => ({ kind: 'keep-out', who, region })),
  );
  const guardrails = [...(task.guardrails ?? []), ...drawn];
  const ruled = guardrails.length === 0 ? task : { ...task, guardrails };
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
  const raster = createRasteriser({ width: frameSize, height: frameSize });
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
    look() {
      const { scene, bodies } = read();
      drawFrame(raster, createDrawing(scene), bodies, bodyStateSize);
      return ndarray(raster.pixels.slice(), [frameSize, frameSize, 3]);
    },
  };
}
