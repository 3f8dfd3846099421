import type { Scorer } from '../../src/core/contracts.ts';
import { createRng, type Rng } from '../../src/core/rng.ts';
import type { GuardrailSpec, Point, TermSpec } from '../../src/core/task.ts';
import { compileCost } from '../../src/cost/compile-cost.ts';
import type { Caution } from '../../src/cost/guardrails.ts';
import { compile } from '../../src/engine/compile.ts';
import type { Executable } from '../../src/engine/program.ts';
import { tf } from '../../src/engine/tf.ts';
import { createPlanner, type PlannerName } from '../../src/planner/create-planner.ts';
import { createRecedingHorizon } from '../../src/planner/receding-horizon.ts';
import { box } from './problems.ts';

/** Radii in table widths, as the tabletop's. */
const pusherRadius = 0.03;
const discRadius = 0.05;
const stride = 0.08;
const horizon = 8;
const zoneRadius = 0.08;

/** Pusher and disc: x, y each. */
type Scene = [number, number, number, number];

/** One control step of quasi-static pushing: the disc is moved out of the pusher's way, along the line of centres. */
function push(scene: Scene, ax: number, ay: number): Scene {
  let [px, py, ox, oy] = scene;
  for (let part = 0; part < 4; part++) {
    px = Math.min(0.97, Math.max(0.03, px + (stride / 4) * ax));
    py = Math.min(0.97, Math.max(0.03, py + (stride / 4) * ay));
    const gap = Math.hypot(ox - px, oy - py);
    if (gap >= pusherRadius + discRadius) continue;
    const moved = (pusherRadius + discRadius - gap) / Math.max(gap, 1e-6);
    [ox, oy] = [ox + moved * (ox - px), oy + moved * (oy - py)];
  }
  return [px, py, ox, oy];
}

interface Episode {
  readonly start: Scene;
  readonly goal: Point;
  readonly zone: Point;
}

/** The disc 0.38 to 0.5 from its goal, a zone midway, the pusher clear of it. */
function drawEpisode(rng: Rng): Episode {
  for (;;) {
    const start: Scene = [
      rng.between(0.1, 0.9),
      rng.between(0.1, 0.9),
      rng.between(0.25, 0.75),
      rng.between(0.25, 0.75),
    ];
    const [angle, distance] = [rng.between(-Math.PI, Math.PI), rng.between(0.38, 0.5)];
    const goal: Point = [start[2] + distance * Math.cos(angle), start[3] + distance * Math.sin(angle)];
    const zone: Point = [(start[2] + goal[0]) / 2, (start[3] + goal[1]) / 2];
    const clear = Math.hypot(start[0] - zone[0], start[1] - zone[1]) > 0.2;
    const apart = Math.hypot(start[0] - start[2], start[1] - start[3]) > pusherRadius + discRadius;
    if (clear && apart && goal.every((x) => x > 0.15 && x < 0.85)) return { start, goal, zone };
  }
}

export interface PushingOptions {
  readonly planner: PlannerName;
  readonly episodes: number;
  /** Standard deviation of the error in each perceived coordinate, drawn anew at each step. */
  readonly perceptionStd: number;
  readonly margin: number;
  readonly caution: Caution;
  /** Without it the zone is there, and the agent does not know. */
  readonly guarded: boolean;
}

export interface PushingResult {
  /** Episodes whose disc ends within 0.05 of its goal. */
  readonly successes: number;
  /** Episodes in which pusher or disc entered the zone. */
  readonly violating: number;
  readonly fallbacks: number;
}

/** Plays episodes of pushing a disc round a zone, on known dynamics with the real cost, planner and ladder. */
export async function playPushing(options: PushingOptions): Promise<PushingResult> {
  const { planner: name, episodes, perceptionStd, margin, caution, guarded } = options;
  const planner = createPlanner(name, { actionSpace: box(2, 1, 1), horizon, samples: 32, iterations: 3 });
  const entities = ['pusher', 'disc'];
  const objective: TermSpec[] = [{ term: 'distance', of: 'disc', to: 'goal' }];
  const railsAt = (zone: Point): GuardrailSpec[] =>
    guarded
      ? ['pusher', 'objects'].map((who) => ({ kind: 'keep-out', who, region: { centre: zone, radius: zoneRadius } }))
      : [];
  const cost = compileCost({
    ...{
      objective,
      guardrails: railsAt([0, 0]),
      hardGuardrails: [],
      entities,
      horizon,
      actionSize: 2,
      latentShape: [2, 1],
    },
    ...{ margins: { pusher: margin, objects: margin }, radii: [pusherRadius, discRadius], caution },
  });
  const executables = new Map<number, Promise<Executable>>();
  const evaluator = (samples: number) => {
    const inputs = Object.entries(cost.inputs).map(([key, { shape }]) => [key, { shape: [1, ...shape] }]);
    const program = {
      name: 'pushing',
      inputs: { positions: { shape: [1, samples, horizon + 1, 2, 2] }, ...Object.fromEntries(inputs) },
      run: ({ positions, ...rest }: Readonly<Record<string, import('../../src/engine/tf.ts').Tensor>>) => {
        const actions = tf.zeros([1, samples, horizon, 2]);
        return { ...cost.evaluate({ latents: positions!, positions: positions!, headings: null, actions }, rest) };
      },
    };
    if (!executables.has(samples)) executables.set(samples, compile(program));
    return executables.get(samples)!;
  };
  const scorerAt = (seen: Scene, bound: Readonly<Record<string, Float32Array>>): Scorer => ({
    async score(candidates, samples) {
      const positions = new Float32Array(samples * (horizon + 1) * 4);
      for (let s = 0; s < samples; s++) {
        let scene = seen;
        for (let t = 0; t <= horizon; t++) {
          positions.set(scene, (s * (horizon + 1) + t) * 4);
          const at = (s * horizon + t) * 2;
          scene = push(scene, candidates[at]!, candidates[at + 1]!);
        }
      }
      const result = await (await evaluator(samples)).run({ positions, ...bound });
      return { cost: result.cost as Float32Array, violation: result.violation as Float32Array };
    },
  });

  let [successes, violating, fallbacks] = [0, 0, 0];
  for (let episode = 0; episode < episodes; episode++) {
    const { start, goal, zone } = drawEpisode(createRng(7, 'pushing', episode));
    const perception = createRng(7, 'perception', episode);
    const instruction = {
      ...{ taskId: 'push-around', objective, guardrails: railsAt(zone), targets: { goal } },
      ...{
        entities: entities.map((entity) => ({ name: entity, colour: [0, 0, 0] as const })),
        goalFrame: null,
        budgetSteps: 45,
      },
    };
    const control = createRecedingHorizon({ planner, actionSize: 2 });
    control.begin([createRng(7, 'planner', episode)]);
    let scene = start;
    let entered = false;
    for (let step = 0; step < 45; step++) {
      const seen = scene.map((x) => x + perceptionStd * perception.normal()) as Scene;
      const bound = cost.bind({ instruction, goalLatent: null, stepsLeft: 45 - step, focus: null });
      const [decision] = await control.decide([0], () => scorerAt(seen, bound));
      if (decision!.fallback !== null) fallbacks += 1;
      scene = push(scene, decision!.action[0]!, decision!.action[1]!);
      const [px, py, ox, oy] = scene;
      entered ||= Math.hypot(px - zone[0], py - zone[1]) < zoneRadius + pusherRadius;
      entered ||= Math.hypot(ox - zone[0], oy - zone[1]) < zoneRadius + discRadius;
    }
    if (Math.hypot(scene[2] - goal[0], scene[3] - goal[1]) < 0.05) successes += 1;
    if (entered) violating += 1;
  }
  for (const executable of executables.values()) await (await executable).dispose();
  return { successes, violating, fallbacks };
}
