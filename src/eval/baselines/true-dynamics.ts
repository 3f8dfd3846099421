import type { Environment, Instruction, Scorer, Scores, Truth } from '../../core/contracts.ts';
import type { Point } from '../../core/task.ts';
import { type CompiledCost, compileCost } from '../../cost/compile-cost.ts';
import { compile } from '../../engine/compile.ts';
import type { CompileOptions, Executable } from '../../engine/program.ts';
import { tf } from '../../engine/tf.ts';

/** One episode's present, known exactly. */
export interface TruePresent {
  readonly state: Float64Array;
  /** Its objective in quantities only: see `physicalObjective`. */
  readonly instruction: Instruction;
  /** Control steps until the episode ends. */
  readonly stepsLeft: number;
  /** Slot of the object to go for. */
  readonly focus: number | null;
}

export interface TrueDynamicsOptions extends CompileOptions {
  /** An environment of the task that no one else uses: candidates are played in it. */
  readonly scratch: Environment;
  /** Whether a broken guardrail counts as a violation. */
  readonly guarded: boolean;
  /** Planned steps, and the control steps each is held for. */
  readonly horizon: number;
  readonly blockLength: number;
}

/**
 * The agent's objective over the simulator instead of the world model: candidates are played from the true state,
 * the cost reads true positions, and a candidate's violation is the number of its control steps during which the
 * simulator sees a guardrail broken.
 */
export interface TrueDynamics {
  scorer(presents: readonly TruePresent[]): Scorer;
  /** Where every entity will be under one candidate [H, A]: [H + 1][N]. */
  foresee(present: TruePresent, actions: Float32Array): Point[][];
  dispose(): Promise<void>;
}

export function createTrueDynamics({
  scratch,
  guarded,
  horizon,
  blockLength,
  ...options
}: TrueDynamicsOptions): TrueDynamics {
  const actionSize = scratch.actionSpace.size;
  const compiled = new Map<string, Promise<Executable>>();

  const evaluator = (cost: CompiledCost, samples: number, entities: number): Promise<Executable> => {
    const key = `${cost.signature}/${samples}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const fresh = compile(
      {
        name: 'judge',
        inputs: {
          positions: { shape: [1, samples, horizon + 1, entities, 2] },
          angles: { shape: [1, samples, horizon + 1, entities] },
          actions: { shape: [1, samples, horizon, actionSize] },
          ...Object.fromEntries(
            Object.entries(cost.inputs).map(([name, spec]) => [name, { ...spec, shape: [1, ...spec.shape] }]),
          ),
        },
        run: ({ positions, angles, actions, ...inputs }) => {
          const latents = tf.zeros([1, samples, horizon + 1, entities, 1]);
          const twice = tf.mul(angles!, 2);
          const headings = tf.stack([tf.cos(angles!), tf.sin(angles!), tf.cos(twice), tf.sin(twice)], 4);
          const rollout = { latents, positions: positions!, headings, actions: actions! };
          return { cost: cost.evaluate(rollout, inputs).cost };
        },
      },
      options,
    );
    compiled.set(key, fresh);
    return fresh;
  };

  /** Plays one candidate [H, A]: fills positions [H + 1, N, 2] and angles [H + 1, N], and returns the steps that broke a guardrail. */
  const play = (present: TruePresent, actions: Float32Array, { positions, angles }: Played): number => {
    const names = present.instruction.entities.map(({ name }) => name);
    const note = (time: number, truth: Truth): void => {
      names.forEach((name, slot) => {
        const at = time * names.length + slot;
        positions.set(truth.positions[name]!, 2 * at);
        angles[at] = truth.angles[name] ?? 0;
      });
    };
    scratch.setState(present.state);
    let { truth } = scratch.inspect();
    let ended = false;
    let violating = 0;
    note(0, truth);
    for (let block = 0; block < horizon; block++) {
      const action = actions.subarray(block * actionSize, (block + 1) * actionSize);
      for (
        let step = block * blockLength;
        step < (block + 1) * blockLength && step < present.stepsLeft && !ended;
        step++
      ) {
        const { info, terminated } = scratch.step(action);
        truth = info.truth;
        ended = terminated;
        if (guarded && info.violations.length > 0) violating += 1;
      }
      note(block + 1, truth);
    }
    return violating;
  };

  /** The agent's cost over true positions, bound to an episode. The simulator itself judges guardrails. */
  const judgeOf = ({ instruction, stepsLeft, focus }: TruePresent): Judge => {
    const entities = instruction.entities.map(({ name }) => name);
    const physical = { ...instruction, guardrails: [] };
    const cost = compileCost({
      objective: physical.objective,
      guardrails: [],
      hardGuardrails: [],
      margins: { pusher: 0, objects: 0 },
      radii: entities.map(() => 0),
      entities,
      horizon,
      actionSize,
      latentShape: [entities.length, 1],
    });
    const blocksLeft = Math.ceil(stepsLeft / blockLength);
    return { cost, bound: cost.bind({ instruction: physical, goalLatent: null, stepsLeft: blocksLeft, focus }) };
  };

  const scoreEpisode = async (present: TruePresent, { cost, bound }: Judge, actions: Float32Array): Promise<Scores> => {
    const width = horizon * actionSize;
    const samples = actions.length / width;
    const entities = present.instruction.entities.length;
    const size = (horizon + 1) * entities;
    const positions = new Float32Array(samples * size * 2);
    const angles = new Float32Array(samples * size);
    const violation = Float32Array.from({ length: samples }, (_, s) =>
      play(present, actions.subarray(s * width, (s + 1) * width), {
        positions: positions.subarray(2 * s * size, 2 * (s + 1) * size),
        angles: angles.subarray(s * size, (s + 1) * size),
      }),
    );
    const executable = await evaluator(cost, samples, entities);
    const result = await executable.run({ positions, angles, actions, ...bound });
    return { cost: result.cost as Float32Array, violation };
  };

  return {
    scorer(presents) {
      const judges = presents.map(judgeOf);
      return {
        async score(candidates, samples): Promise<Scores> {
          const cost = new Float32Array(presents.length * samples);
          const violation = new Float32Array(presents.length * samples);
          const size = samples * horizon * actionSize;
          for (const [b, present] of presents.entries()) {
            const scores = await scoreEpisode(present, judges[b]!, candidates.subarray(b * size, (b + 1) * size));
            cost.set(scores.cost, b * samples);
            violation.set(scores.violation, b * samples);
          }
          return { cost, violation };
        },
      };
    },
    foresee(present, actions) {
      const entities = present.instruction.entities.length;
      const size = (horizon + 1) * entities;
      const positions = new Float32Array(2 * size);
      play(present, actions, { positions, angles: new Float32Array(size) });
      const pointAt = (index: number): Point => [positions[2 * index]!, positions[2 * index + 1]!];
      return Array.from({ length: horizon + 1 }, (_, time) =>
        Array.from({ length: entities }, (_, slot) => pointAt(time * entities + slot)),
      );
    },
    async dispose() {
      for (const executable of compiled.values()) await (await executable).dispose();
    },
  };
}

/** Where a candidate's way is written to. */
interface Played {
  readonly positions: Float32Array;
  readonly angles: Float32Array;
}

interface Judge {
  readonly cost: CompiledCost;
  readonly bound: Readonly<Record<string, Float32Array>>;
}
