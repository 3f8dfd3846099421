import ndarray from 'ndarray';
import type {
  Environment,
  EpisodeInfo,
  Frame,
  Instruction,
  Observation,
  ResetOptions,
  Truth,
} from '../../core/contracts.ts';
import { UsageError } from '../../core/errors.ts';
import { createBoxSpace } from '../../core/space.ts';
import type { Point, TaskSpec } from '../../core/task.ts';
import { createEpisodeClock, type EpisodeClock } from '../episode-clock.ts';
import { type Broken, createGuardrailWatch, type GuardrailWatch } from '../guardrail-watch.ts';
import { judge, passedStages, remainingSuccess } from '../predicates.ts';
import { createRasteriser, type Rasteriser } from '../rasteriser/rasteriser.ts';
import { type ResolvedTask, resolveTask } from '../resolve-task.ts';
import { annotate } from './annotate.ts';
import { createDrawing, type Drawing, drawFrame, drawPicture } from './draw.ts';
import { goalPoses } from './goal-poses.ts';
import { handsAt } from './hands.ts';
import { handColour } from './palette.ts';
import { createPhysics, maxDisplacement, type Physics, substeps } from './physics.ts';
import { bodyStateSize } from './rigid-body.ts';
import { sampleScene } from './sample-scene.ts';
import { type Pose, type SampledScene, type Scene, shapeOf } from './scene.ts';
import { createPusherShape } from './shapes.ts';
import { decodeState, type EpisodeState, encodeState } from './state.ts';
import { createVariationSampler, type Variation } from './variation.ts';

export interface TabletopOptions {
  readonly task: TaskSpec;
  readonly variation?: Variation;
  /** Pixels a side of the observed frame. @defaultValue 64 */
  readonly frameSize?: number;
}

/** The tabletop, with what its scripted experts and viewers may see besides. */
export interface Tabletop extends Environment {
  /** What the episode's draw decided. @throws UsageError before the first reset. */
  readonly scene: Scene;
  /**
   * The instruction of an episode that starts in the present state, as one that was put there by `setState`.
   * @throws UsageError before the first reset
   */
  instruct(): Instruction;
  /** What the agent's camera sees of the present state. @throws UsageError before the first reset */
  observe(): Observation;
}

/** Sets of bodies kept for episodes with the same ones. */
const mostSpares = 8;

/** Everything that is fixed for an episode. */
interface Episode {
  readonly scene: Scene;
  readonly names: readonly string[];
  readonly resolved: ResolvedTask;
  readonly drawing: Drawing;
  readonly physics: Physics;
  readonly watch: GuardrailWatch;
  readonly clock: EpisodeClock;
  /** Lists of the success rule's `after` that have held. */
  passed: number;
}

/**
 * A square table seen from above, a round pusher, and objects to push. An action in [-1, 1]^2 is the pusher's
 * displacement in units of `maxDisplacement`; it comes to rest within the control step, and with it all that it
 * pushes, so that one frame shows the whole state (unless `variation.friction` makes objects glide).
 * @throws UsageError for a task that names what it does not have.
 */
export function createTabletop({ task, variation = {}, frameSize = 64 }: TabletopOptions): Tabletop {
  const sampler = createVariationSampler(variation, task.scene.objects.length);
  const actionSpace = createBoxSpace({ low: [-1, -1], high: [1, 1] });
  const raster = createRasteriser({ width: frameSize, height: frameSize });
  let episode: Episode | null = null;
  const spares = new Map<string, Physics>();

  const begin = ({ scene, bodies, steps, held, passed }: EpisodeState): Episode => {
    const names = ['pusher', ...scene.objects.map(({ name }) => name)];
    const resolved = resolveTask(task, scene);
    const shapes = scene.objects.map(shapeOf);
    const key = physicsKey(scene);
    const physics =
      spares.get(key) ??
      createPhysics({
        objects: scene.objects.map(({ massScale }, i) => ({ shape: shapes[i]!, massScale })),
        frictionScale: scene.frictionScale,
      });
    if (spares.size >= mostSpares) spares.clear();
    spares.set(key, physics);
    physics.write(bodies);
    const outlines = [createPusherShape(), ...shapes];
    const watch = createGuardrailWatch(
      resolved.guardrails,
      names.map((name, i) => ({ name, outline: outlines[i]! })),
      scene.hands.map(({ name }) => name),
    );
    const clock = createEpisodeClock(task, { steps, held });
    return { scene, names, resolved, drawing: createDrawing(scene), physics, watch, clock, passed };
  };
  const current = (): Episode => {
    if (episode === null) throw new UsageError('the environment has no episode yet: call reset({ seed }) first');
    return episode;
  };
  const observe = ({ drawing, physics, scene, clock }: Episode): Observation => {
    drawFrame(raster, drawing, physics.state, bodyStateSize, handsAt(scene.hands, clock.steps));
    return { frame: toFrame(raster), proprioception: proprioceptionOf(physics) };
  };
  const goalFrame = ({ drawing, resolved }: Episode, sample: SampledScene): Frame => {
    drawFrame(raster, drawing, posesToState(goalPoses(sample, resolved.success)), bodyStateSize, []);
    return toFrame(raster);
  };
  const inform = (now: Episode, broken: Broken): EpisodeInfo => {
    const truth = truthOf(now);
    const { distance } = judge(remainingSuccess(now.resolved.success, now.passed), truth);
    return { truth, success: now.clock.success, distance, ...broken };
  };
  const inspect = (): EpisodeInfo => {
    const now = current();
    now.watch.look(now.physics.state, bodyStateSize, handsAt(now.scene.hands, now.clock.steps));
    return inform(now, now.watch.take());
  };

  return {
    task,
    actionSpace,
    frameShape: [frameSize, frameSize, 3],
    get scene() {
      return current().scene;
    },
    observe: () => observe(current()),
    instruct() {
      const now = current();
      const [pusher, ...poses] = now.names.map((_, i) => poseOf(now, i));
      return instruct(task, now, goalFrame(now, { scene: now.scene, pusher: pusher!.position, poses }));
    },
    reset({ seed }: ResetOptions) {
      const sample = sampleScene({ task, variation: sampler, seed });
      const bodies = posesToState([{ position: sample.pusher, angle: 0 }, ...sample.poses]);
      episode = begin({ scene: sample.scene, bodies, steps: 0, held: 0, passed: 0 });
      const instruction = instruct(task, episode, goalFrame(episode, sample));
      return { observation: observe(episode), instruction, info: inspect() };
    },
    step(action) {
      const now = current();
      now.clock.refuseAfterEnd();
      if (!(Number.isFinite(action[0]) && Number.isFinite(action[1]))) {
        throw new UsageError(`an action is two finite numbers, got [${Array.from(action).join(', ')}]`);
      }
      const [x, y] = actionSpace.clip(action) as unknown as [number, number];
      const { physics, watch, clock } = now;
      const { hands } = now.scene;
      const guarded = now.resolved.guardrails.length > 0;
      watch.begin(physics.state, bodyStateSize, [x, y]);
      let substep = 0;
      const look = (poses: Float64Array): void => {
        substep += 1;
        watch.look(poses, 3, handsAt(hands, clock.steps + substep / substeps));
      };
      physics.step(x * maxDisplacement, y * maxDisplacement, guarded ? look : undefined);
      watch.look(physics.state, bodyStateSize, handsAt(hands, clock.steps + 1));
      const { success } = now.resolved;
      const truth = truthOf(now);
      now.passed = passedStages(success, truth, now.passed);
      clock.tick(judge(remainingSuccess(success, now.passed), truth).holds);
      const info = inform(now, watch.take());
      return {
        observation: observe(now),
        reward: -info.distance,
        terminated: clock.terminated,
        truncated: clock.truncated,
        info,
      };
    },
    getState() {
      const { scene, clock, physics, passed } = current();
      return encodeState({ scene, steps: clock.steps, held: clock.held, passed, bodies: physics.state });
    },
    setState(state) {
      episode = begin(decodeState(state, task));
    },
    inspect,
    render(size) {
      const now = current();
      const picture = createRasteriser({ width: size, height: size });
      drawPicture(
        picture,
        now.drawing,
        now.physics.state,
        bodyStateSize,
        handsAt(now.scene.hands, now.clock.steps),
        annotate(now.resolved, now.scene),
      );
      return toFrame(picture);
    },
  };
}

function physicsKey({ objects, frictionScale }: Scene): string {
  return [frictionScale, ...objects.map(({ shape, sizeScale, massScale }) => [shape, sizeScale, massScale])].join();
}

function posesToState(poses: readonly Pose[]): Float64Array {
  const state = new Float64Array(poses.length * bodyStateSize);
  poses.forEach(({ position, angle }, i) => {
    state.set([...position, angle].map(Math.fround), i * bodyStateSize);
  });
  return state;
}

function poseOf({ physics: { state } }: Episode, body: number): Pose {
  const at = body * bodyStateSize;
  return { position: [state[at]!, state[at + 1]!], angle: state[at + 2]! };
}

/** The pusher is at rest at the end of every control step. */
function proprioceptionOf({ state }: Physics): Float32Array {
  return Float32Array.of(state[0]!, state[1]!, 0, 0);
}

function truthOf(now: Episode): Truth {
  const { names, scene, clock } = now;
  const positions: Record<string, Point> = {};
  const angles: Record<string, number> = {};
  for (const [i, name] of names.entries()) ({ position: positions[name], angle: angles[name] } = poseOf(now, i));
  for (const [i, point] of handsAt(scene.hands, clock.steps).entries()) positions[scene.hands[i]!.name] = point;
  return { positions, angles, targets: scene.targets };
}

/** How exactly people point at things, in table widths. */
const pointing = 0.05;

/** For the start of an episode. */
function instruct(task: TaskSpec, { scene, resolved, physics }: Episode, goalFrame: Frame): Instruction {
  const pointedAt = (body: number): Point => {
    const at = body * bodyStateSize;
    const round = (coordinate: number) => Math.round(coordinate / pointing) * pointing;
    return [round(physics.state[at]!), round(physics.state[at + 1]!)];
  };
  return {
    taskId: task.id,
    objective: resolved.objective,
    ...(resolved.stages.length === 0 ? {} : { stages: resolved.stages }),
    guardrails: resolved.guardrails,
    targets: scene.targets,
    entities: [
      { name: 'pusher', colour: scene.pusherColour, shape: 'disc' },
      ...scene.objects.map(({ name, colour, shape }, i) => ({
        name,
        colour,
        shape,
        ...(task.scene.objects[i]!.knownBy === 'place' ? { at: pointedAt(i + 1) } : {}),
      })),
    ],
    ...(scene.hands.length === 0
      ? {}
      : { hands: scene.hands.map(({ name }) => ({ name, colour: handColour, shape: 'disc' as const })) }),
    goalFrame,
    budgetSteps: task.budgetSteps,
  };
}

function toFrame({ pixels, height, width }: Rasteriser): Frame {
  return ndarray(pixels.slice(), [height, width, 3]);
}
