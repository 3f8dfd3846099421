import { type BoxSpace, createBoxSpace } from '../core/space.ts';
import type { GuardrailSpec, WorldName } from '../core/task.ts';
import type { ModelConfig } from '../world-model/config.ts';

/** What holds in every task of a world, whatever its instruction, its model's configuration or a flag says. */
export interface HardLimits {
  /** Added to the task's own. An instruction can't name, change or remove them. */
  readonly guardrails: readonly GuardrailSpec[];
  /** Bounds of one action; a model's configuration and speed guardrails can narrow them, and nothing widens them. */
  readonly action: { readonly low: readonly number[]; readonly high: readonly number[]; readonly maxNorm: number };
}

const limits: Readonly<Record<WorldName, HardLimits>> = {
  tabletop: {
    guardrails: [{ kind: 'stay-on-table', who: 'objects', margin: 0 }],
    action: { low: [-1, -1], high: [1, 1], maxNorm: Math.SQRT2 },
  },
  'two-rooms': {
    guardrails: [],
    action: { low: [-2.45, -2.45], high: [2.45, 2.45], maxNorm: 2.45 },
  },
  // Walls keep in what there is.
  'push-t': {
    guardrails: [],
    action: { low: [-1, -1], high: [1, 1], maxNorm: Math.SQRT2 },
  },
};
for (const { guardrails, action } of Object.values(limits)) {
  for (const part of [guardrails, ...guardrails, action, action.low, action.high]) Object.freeze(part);
}
Object.freeze(limits);

export function hardLimits(world: WorldName): HardLimits {
  return limits[world];
}

/**
 * What actions may be: within the world's bounds and the model's, and no longer than any speed guardrail allows.
 * Planners search in it, and the agent's last check before an action leaves it clips to it.
 */
export function permittedActions(
  world: WorldName,
  { low, high, maxNorm = Number.POSITIVE_INFINITY }: ModelConfig['action'],
  guardrails: readonly GuardrailSpec[],
): BoxSpace {
  const { action } = limits[world];
  const speeds = guardrails.flatMap((each) => (each.kind === 'speed' ? [Math.max(0, each.limit)] : []));
  // A comparison with what is no number is false, so such a limit limits nothing and lifts nothing.
  const longest = [maxNorm, ...speeds].reduce((least, limit) => (limit < least ? limit : least), action.maxNorm);
  return createBoxSpace({
    low: action.low.map((bound, i) => Math.max(low[i]!, bound)),
    high: action.high.map((bound, i) => Math.min(high[i]!, bound)),
    maxNorm: longest,
  });
}

/** The last check before the environment, after all planning: an action that is not permitted never leaves. */
export function checkAction(action: Float32Array, permitted: BoxSpace): Float32Array {
  return action.every(Number.isFinite) ? permitted.clip(action) : permitted.clip(new Float32Array(action.length));
}
