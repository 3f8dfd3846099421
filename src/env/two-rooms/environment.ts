import ndarray from 'ndarray';
import type { Environment, EpisodeInfo, Frame, Instruction, Truth } from '../../core/contracts.ts';
import { UsageError } from '../../core/errors.ts';
import { createBoxSpace } from '../../core/space.ts';
import type { Point, TaskSpec } from '../../core/task.ts';
import { createEpisodeClock, type EpisodeClock } from '../episode-clock.ts';
import { createGuardrailWatch, type GuardrailWatch } from '../guardrail-watch.ts';
import { judge } from '../predicates.ts';
import { pointOutline } from '../regions.ts';
import { type ResolvedTask, resolveTask } from '../resolve-task.ts';
import { drawTwoRooms, twoRoomsFrameShape } from './draw.ts';
import { fieldSize, maxActionNorm, type TwoRoomsLayout } from './field.ts';
import { goalOf } from './goal.ts';
import { moveTwoRooms } from './move.ts';
import { dotColour, drawPicture } from './picture.ts';
import { sampleEpisode, toFieldWidths, toPixels } from './sample-episode.ts';
import { decodeState, encodeState, type TwoRoomsState } from './state.ts';

export interface TwoRoomsOptions {
  readonly task: TaskSpec;
}

/** What changes during an episode, and what its draw decided. */
interface Episode {
  readonly layout: TwoRoomsLayout;
  readonly targets: Readonly<Record<string, Point>>;
  readonly resolved: ResolvedTask;
  readonly watch: GuardrailWatch;
  /** [2], pixels. */
  readonly position: Float64Array;
  readonly clock: EpisodeClock;
}

/** Guardrails are looked at this often along a step's way, in pixels. */
const lookEvery = 0.25;

/**
 * Two-Rooms: a dot in a field that a wall with a door divides, seen from above. An action is a displacement in
 * pixels, at most 2.45 long; `pusher` names the dot. Truth and targets are in field widths (65 pixels). Frames are
 * [65, 65, 2], dot and walls: see `drawTwoRooms`.
 * @throws UsageError for a task with objects.
 */
export function createTwoRooms({ task }: TwoRoomsOptions): Environment {
  if (task.scene.objects.length > 0) {
    const names = task.scene.objects.map(({ name }) => `'${name}'`).join(', ');
    throw new UsageError(`task '${task.id}': two-rooms has no objects besides the dot, 'pusher'; remove ${names}`);
  }
  const targetNames = Object.keys(task.scene.targets ?? {});
  const actionSpace = createBoxSpace({
    low: [-maxActionNorm, -maxActionNorm],
    high: [maxActionNorm, maxActionNorm],
    maxNorm: maxActionNorm,
  });
  let episode: Episode | null = null;

  const begin = ({ layout, steps, held, position, targets }: TwoRoomsState): Episode => {
    const resolved = resolveTask(task, { targets });
    const watch = createGuardrailWatch(resolved.guardrails, [{ name: 'pusher', outline: pointOutline }]);
    const clock = createEpisodeClock(task, { steps, held });
    return { layout, targets, resolved, watch, position: Float64Array.from(position), clock };
  };
  const current = (): Episode => {
    if (episode === null) throw new UsageError('the environment has no episode yet: call reset({ seed }) first');
    return episode;
  };
  const inform = (now: Episode): EpisodeInfo => {
    const truth = truthOf(now);
    const { distance } = judge(now.resolved.success, truth);
    return { truth, success: now.clock.success, distance, ...now.watch.take() };
  };
  const inspect = (): EpisodeInfo => {
    const now = current();
    now.watch.look([...truthOf(now).positions.pusher!, 0], 3);
    return inform(now);
  };

  return {
    task,
    actionSpace,
    frameShape: twoRoomsFrameShape,
    reset({ seed }) {
      const { layout, start, targets } = sampleEpisode(task, seed);
      episode = begin({ layout, steps: 0, held: 0, position: start, targets });
      return {
        observation: { frame: drawFrame(start, layout) },
        instruction: instruct(task, episode),
        info: inspect(),
      };
    },
    step(action) {
      const now = current();
      const { position, layout, resolved, watch, clock } = now;
      clock.refuseAfterEnd();
      if (!Array.prototype.every.call(action, Number.isFinite)) {
        throw new UsageError(`an action is two finite numbers, got [${Array.from(action).join(', ')}]`);
      }
      const [dx, dy] = actionSpace.clip(action) as unknown as [number, number];
      const [x, y] = position as unknown as [number, number];
      watch.begin([x / fieldSize, y / fieldSize, 0], 3, [dx, dy]);
      moveTwoRooms(position, 0, dx, dy, layout);
      if (resolved.guardrails.length > 0) lookAlong(watch, [x, y], position as unknown as [number, number]);
      clock.tick(judge(resolved.success, truthOf(now)).holds);
      const info = inform(now);
      return {
        observation: { frame: drawFrame(position, layout) },
        reward: -info.distance,
        terminated: clock.terminated,
        truncated: clock.truncated,
        info,
      };
    },
    getState() {
      const { layout, clock, position, targets } = current();
      return encodeState({
        layout,
        steps: clock.steps,
        held: clock.held,
        position: [position[0]!, position[1]!],
        targets,
      });
    },
    setState(state) {
      episode = begin(decodeState(state, targetNames));
    },
    inspect,
    render(size) {
      const { layout, position, resolved, targets } = current();
      const goal = goalOf(resolved.success, targets);
      const pixels = drawPicture(size, {
        layout,
        position: [position[0]!, position[1]!],
        goal,
        guardrails: resolved.guardrails,
      });
      return ndarray(pixels, [size, size, 3]);
    },
  };
}

function truthOf({ position, targets }: Episode): Truth {
  return { positions: { pusher: toFieldWidths([position[0]!, position[1]!]) }, angles: { pusher: 0 }, targets };
}

function drawFrame(position: ArrayLike<number>, layout: TwoRoomsLayout): Frame {
  const [height, width, channels] = twoRoomsFrameShape;
  const bytes = new Uint8Array(height * width * channels);
  drawTwoRooms(position, layout, bytes);
  return ndarray(bytes, [height, width, channels]);
}

/** The goal picture is the same field with the dot at the goal. */
function instruct(task: TaskSpec, { layout, resolved, targets }: Episode): Instruction {
  const goal = goalOf(resolved.success, targets);
  return {
    taskId: task.id,
    objective: resolved.objective,
    guardrails: resolved.guardrails,
    targets,
    entities: [{ name: 'pusher', colour: dotColour }],
    goalFrame: goal === null ? null : drawFrame(toPixels(goal), layout),
    budgetSteps: task.budgetSteps,
  };
}

/** Looks at the guardrails along the way between two positions, in pixels. */
function lookAlong(watch: GuardrailWatch, [x0, y0]: Point, [x1, y1]: Point): void {
  const looks = Math.max(1, Math.ceil(Math.sqrt((x1 - x0) ** 2 + (y1 - y0) ** 2) / lookEvery));
  for (let i = 1; i <= looks; i++) {
    const share = i / looks;
    watch.look([(x0 + share * (x1 - x0)) / fieldSize, (y0 + share * (y1 - y0)) / fieldSize, 0], 3);
  }
}
