import type { Decision, EpisodeStart, Observation, Policy } from '../../src/core/contracts.ts';

/** Fields that the contracts let a policy see. Values without an entry here are the task's own data, open below. */
const contractFields: Readonly<Record<string, readonly string[]>> = {
  start: ['instruction', 'seed'],
  'start.instruction': [
    'taskId',
    'objective',
    'stages',
    'guardrails',
    'targets',
    'entities',
    'hands',
    'goalFrame',
    'budgetSteps',
  ],
  'start.instruction.goalFrame': ['data', 'shape', 'stride', 'offset'],
  observation: ['frame', 'proprioception'],
  'observation.frame': ['data', 'shape', 'stride', 'offset'],
};

/**
 * The policy behind glass. Throws where it is handed a field that no contract names, reads one, or writes anything;
 * pixels and numbers, which native code reads as they are, must be the same after a decision as before.
 */
export function auditPolicy(policy: Policy): Policy {
  return {
    ...policy,
    async begin(episodes: readonly EpisodeStart[]) {
      for (const start of episodes) checkFields(start, 'start');
      await policy.begin(episodes.map((start) => behindGlass(start, 'start')));
    },
    async act(observations): Promise<(Decision | null)[]> {
      for (const observation of observations) if (observation !== null) checkFields(observation, 'observation');
      const before = observations.map(numbersOf);
      const seen = observations.map((observation) => observation && behindGlass(observation, 'observation'));
      const decisions = await policy.act(seen);
      if (observations.some((observation, i) => numbersOf(observation) !== before[i])) {
        throw new Error(`policy '${policy.name}' painted over its observation`);
      }
      return decisions;
    },
  };
}

function checkFields(value: unknown, path: string): void {
  const allowed = contractFields[path];
  if (allowed === undefined || typeof value !== 'object' || value === null) return;
  for (const key of Reflect.ownKeys(value).map(String)) {
    if (!allowed.includes(key)) throw new Error(`a policy was handed '${path}.${key}', which no contract names`);
    checkFields((value as Record<string, unknown>)[key], `${path}.${key}`);
  }
}

function behindGlass<T extends object>(value: T, path: string): T {
  const refuse = (_target: T, key: string | symbol): never => {
    throw new Error(`a policy wrote '${path}.${String(key)}'`);
  };
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key, target);
      if (typeof key === 'symbol') return inner;
      const isMethod = typeof inner === 'function';
      if (contractFields[path]?.includes(key) === false && !isMethod) {
        throw new Error(`a policy read '${path}.${key}', which no contract names`);
      }
      if (isMethod) return inner.bind(target);
      const isData = typeof inner !== 'object' || inner === null || ArrayBuffer.isView(inner);
      return isData || path.endsWith('rame') ? inner : behindGlass(inner, `${path}.${key}`);
    },
    set: refuse,
    defineProperty: refuse,
    deleteProperty: refuse,
  });
}

function numbersOf(observation: Observation | null): string {
  if (observation === null) return '';
  return `${Buffer.from(observation.frame.data).toString('base64')} ${observation.proprioception?.join()}`;
}
