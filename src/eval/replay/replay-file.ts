import { z } from 'zod';
import type { Imagined } from '../../core/contracts.ts';
import { describeError, UsageError } from '../../core/errors.ts';
import { parseTask } from '../../cost/task-schema.ts';
import type { Recording } from '../recording.ts';

export const replaySchema = 'amitable.replay/1';

/** A recording as its file has it. The instruction is what the environment gives at `reset({ seed })`. */
export type Replay = Omit<Recording, 'instruction'>;

/** Imagined positions are for looking at: so many decimals of a table width. States are kept exactly. */
const decimals = 5;

const number = z.number();
const numbers = z.array(number);
/** A diverged rollout's cost is no number, which JSON writes as null. */
const cost = number.nullable().transform((value) => value ?? Number.NaN);

const imaginedSchema = z.strictObject({
  cost,
  violation: number,
  positions: z.array(z.array(z.tuple([number, number]))),
  actions: numbers.exactOptional(),
  fallback: z.string().nullable(),
});

const replayFile = z.strictObject({
  schema: z.literal(replaySchema),
  task: z.unknown(),
  seed: z.number().int().min(0),
  policy: z.string(),
  success: z.boolean(),
  initialState: numbers.min(1),
  steps: z.array(
    z.strictObject({
      action: numbers.min(1),
      state: numbers.min(1),
      distance: number,
      violations: z.array(z.string()),
      unable: z.boolean(),
      imagined: imaginedSchema.nullable(),
    }),
  ),
});

/** A recording as JSON: what `run --out` writes beside the pictures, and the browser page reads and writes. */
export function encodeReplay({ task, seed, policy, success, initialState, steps }: Replay): string {
  const file: z.input<typeof replayFile> = {
    schema: replaySchema,
    task,
    seed,
    policy,
    success,
    initialState: [...initialState],
    steps: steps.map(({ action, state, distance, violations, unable, imagined }) => ({
      action: [...action],
      state: [...state],
      distance,
      violations: [...violations],
      unable,
      imagined: imagined && writeImagined(imagined),
    })),
  };
  return `${JSON.stringify(file)}\n`;
}

function writeImagined({ positions, actions, cost, violation, fallback }: Imagined): z.input<typeof imaginedSchema> {
  return {
    cost: Number.isFinite(cost) ? cost : null,
    violation,
    positions: positions.map((step) => step.map(([x, y]) => [round(x), round(y)])),
    ...(actions === undefined ? {} : { actions: Array.from(actions, round) }),
    fallback,
  };
}

function round(value: number): number {
  return Number(value.toFixed(decimals));
}

/**
 * Reads what `encodeReplay` wrote.
 *
 * @param source names the file in errors
 * @throws UsageError that says what is wrong where; also for a task that this version does not know
 */
export function parseReplay(text: string, source: string): Replay {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`the replay '${source}' is not JSON: ${describeError(error)}`);
  }
  const result = replayFile.safeParse(data);
  if (!result.success) {
    const [issue] = result.error.issues;
    const where = issue!.path.join('.') || 'at the top';
    throw new UsageError(`'${source}' is not a replay that 'run --out' or the page wrote: ${where}: ${issue!.message}`);
  }
  const { task, seed, policy, success, initialState, steps } = result.data;
  return {
    task: parseTask(task, `${source}: task`),
    seed,
    policy,
    success,
    initialState: Float64Array.from(initialState),
    steps: steps.map(({ action, state, imagined, ...rest }) => ({
      ...rest,
      action: Float32Array.from(action),
      state: Float64Array.from(state),
      imagined: imagined && readImagined(imagined),
    })),
  };
}

function readImagined({ actions, ...rest }: z.output<typeof imaginedSchema>): Imagined {
  return { ...rest, ...(actions === undefined ? {} : { actions: Float32Array.from(actions) }) };
}
