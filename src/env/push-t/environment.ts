import ndarray from 'ndarray';
import type { Environment, EpisodeInfo, Frame, Instruction, Observation, Truth } from '../../core/contracts.ts';
import { UsageError } from '../../core/errors.ts';
import { createBoxSpace } from '../../core/space.ts';
import type { ColourName, TaskSpec } from '../../core/task.ts';
import { createEpisodeClock, type EpisodeClock } from '../episode-clock.ts';
import { createGuardrailWatch, type GuardrailWatch } from '../guardrail-watch.ts';
import { judge } from '../predicates.ts';
import { createRasteriser, type Rasteriser } from '../rasteriser/rasteriser.ts';
import { type ResolvedTask, resolveTask } from '../resolve-task.ts';
import { type Drawing, drawFrame } from '../tabletop/draw.ts';
import { palette, pusherColour, tableColour } from '../tabletop/palette.ts';
import type { Pose } from '../tabletop/scene.ts';
import { coverageReward } from './coverage.ts';
import { blockShape, pusherShape } from './field.ts';
import { goalPose, pusherGoal } from './goals.ts';
import { createPushTPhysics } from './physics.ts';
import { drawPushTPicture } from './picture.ts';
import { blockPose, truthOf } from './poses.ts';
import { sampleEpisode } from './sample-episode.ts';
import { decodeState, encodeState, type PushTState, targetNamesOf } from './state.ts';

export interface PushTOptions {
  readonly task: TaskSpec;
}

/** Everything that is fixed for an episode. */
interface Episode extends Pick<PushTState, 'targets' | 'targetAngles'> {
  readonly resolved: ResolvedTask;
  readonly watch: GuardrailWatch;
  readonly clock: EpisodeClock;
  /** Where the T's centre of mass shall be; null where the task asks for no pose of it. */
  readonly goal: Pose | null;
}

const frameSize = 64;

/**
 * Push-T: a round pusher on a drive that carries its speed from step to step, and a T-shaped block in a walled field,
 * seen from above. An action in [-1, 1]^2 sends the pusher 100 units (of 512) times it from where it is. Truth and
 * targets are in field widths; the T is at its centroid. The reward is gym-pusht's, the T's coverage of its goal.
 * @throws UsageError for a task with other objects than one T
 */
export function createPushT({ task }: PushTOptions): Environment {
  const block = blockOf(task);
  const colour = palette[block.colour];
  const targetNames = targetNamesOf(task);
  const actionSpace = createBoxSpace({ low: [-1, -1], high: [1, 1] });
  const raster = createRasteriser({ width: frameSize, height: frameSize });
  const drawing: Drawing = {
    tableColour,
    figures: [
      { body: 1, colour, shape: blockShape },
      { body: 0, colour: pusherColour, shape: pusherShape },
    ],
  };
  const physics = createPushTPhysics();
  let episode: Episode | null = null;

  const begin = ({ bodies, steps, held, targets, targetAngles }: PushTState): Episode => {
    const resolved = resolveTask(task, { targets, targetAngles, objects: [{ name: block.name, shape: 't' }] });
    physics.write(bodies);
    const watch = createGuardrailWatch(resolved.guardrails, [
      { name: 'pusher', outline: pusherShape },
      { name: block.name, outline: blockShape },
    ]);
    const clock = createEpisodeClock(task, { steps, held });
    return { resolved, watch, clock, targets, targetAngles, goal: goalPose(resolved.success, block.name, targets) };
  };
  const current = (): Episode => {
    if (episode === null) throw new UsageError('the environment has no episode yet: call reset({ seed }) first');
    return episode;
  };
  const truth = ({ targets }: Episode): Truth => truthOf(physics.state, block.name, targets);
  const inform = (now: Episode): EpisodeInfo => {
    const known = truth(now);
    const { distance } = judge(now.resolved.success, known);
    return { truth: known, success: now.clock.success, distance, ...now.watch.take() };
  };
  const inspect = (): EpisodeInfo => {
    const now = current();
    now.watch.look(poses(physics.state), 3);
    return inform(now);
  };
  const observe = (): Observation => {
    drawFrame(raster, drawing, poses(physics.state), 3, []);
    return { frame: toFrame(raster), proprioception: Float32Array.from(physics.state.subarray(0, 4)) };
  };
  /** The T at its goal, and the pusher at its own; what has none, where it is. */
  const goalFrame = ({ goal, resolved, targets }: Episode): Frame => {
    const wanted = poses(physics.state);
    if (goal !== null) wanted.set([...goal.position, goal.angle], 3);
    const pusher = pusherGoal(resolved.success, targets);
    if (pusher !== null) wanted.set(pusher);
    drawFrame(raster, drawing, wanted, 3, []);
    return toFrame(raster);
  };
  const instruct = (now: Episode): Instruction => ({
    taskId: task.id,
    objective: now.resolved.objective,
    ...(now.resolved.stages.length === 0 ? {} : { stages: now.resolved.stages }),
    guardrails: now.resolved.guardrails,
    targets: now.targets,
    entities: [
      { name: 'pusher', colour: pusherColour, shape: 'disc' },
      { name: block.name, colour, shape: 't' },
    ],
    goalFrame: goalFrame(now),
    budgetSteps: task.budgetSteps,
  });

  return {
    task,
    actionSpace,
    frameShape: [frameSize, frameSize, 3],
    ...(asksForPose(task, block.name) ? { rewardRange: [0, 1] } : {}),
    reset({ seed }) {
      episode = begin(sampleEpisode(task, block.name, seed, physics));
      return { observation: observe(), instruction: instruct(episode), info: inspect() };
    },
    step(action) {
      const now = current();
      const { watch, clock, resolved, goal } = now;
      clock.refuseAfterEnd();
      if (!Array.prototype.every.call(action, Number.isFinite)) {
        throw new UsageError(`an action is two finite numbers, got [${Array.from(action).join(', ')}]`);
      }
      const [x, y] = actionSpace.clip(action) as unknown as [number, number];
      watch.begin(poses(physics.state), 3, [x, y]);
      physics.step(x, y, resolved.guardrails.length > 0 ? (moved) => watch.look(moved, 3) : undefined);
      clock.tick(judge(resolved.success, truth(now)).holds);
      const info = inspect();
      const pose = blockPose(physics.state);
      return {
        observation: observe(),
        // Worked out where someone asks: searches on true dynamics don't.
        get reward() {
          return goal === null ? -info.distance : coverageReward(pose, goal);
        },
        terminated: clock.terminated,
        truncated: clock.truncated,
        info,
      };
    },
    getState() {
      const { clock, targets, targetAngles } = current();
      return encodeState({ steps: clock.steps, held: clock.held, bodies: physics.state, targets, targetAngles });
    },
    setState(state) {
      episode = begin(decodeState(state, targetNames));
    },
    inspect,
    render(size) {
      const { resolved, goal, targets } = current();
      const picture = createRasteriser({ width: size, height: size });
      drawPushTPicture(picture, drawing, poses(physics.state), {
        goal,
        pusherGoal: pusherGoal(resolved.success, targets),
        guardrails: resolved.guardrails,
      });
      return toFrame(picture);
    },
  };
}

/** What it has to push. */
function blockOf({ id, scene: { objects, hands = [] } }: TaskSpec): { name: string; colour: ColourName } {
  const [block, ...others] = objects;
  if (block === undefined || others.length > 0 || hands.length > 0 || block.shape !== 't') {
    throw new UsageError(`task '${id}': push-t has one object, of shape 't', and no hands`);
  }
  if (typeof block.colour !== 'string' || block.at !== undefined || block.angle !== undefined) {
    throw new UsageError(`task '${id}': the T of push-t has one colour, and no place or angle of its own to start at`);
  }
  return { name: block.name, colour: block.colour };
}

function asksForPose({ success: { all } }: TaskSpec, block: string): boolean {
  return all.some((predicate) => 'pose' in predicate && predicate.pose[0] === block);
}

/** x, y and heading of the pusher and of the T's centre of mass. */
function poses(bodies: Float64Array): Float64Array {
  return Float64Array.of(bodies[0]!, bodies[1]!, 0, bodies[4]!, bodies[5]!, bodies[6]!);
}

function toFrame({ pixels, height, width }: Rasteriser): Frame {
  return ndarray(pixels.slice(), [height, width, 3]);
}
