import { tf } from './tf.ts';

/** TensorFlow.js's own backends, on which programs run operation by operation. */
export const eagerBackendNames = ['cpu', 'wasm', 'tensorflow'] as const;
export type EagerBackendName = (typeof eagerBackendNames)[number];

/** Packages of Node bindings to TensorFlow, best first. Both are optional: neither is installed with amitable. */
const nodeBindings: readonly string[] = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** The backend being started, if any: until it is, TensorFlow.js refuses every operation. */
let starting: Promise<void> | null = null;

/** Does `work`, without awaiting inside, as soon as no backend is being started. */
export async function whenSettled<T>(work: () => T): Promise<T> {
  while (starting !== null) await starting.catch(() => undefined);
  return work();
}

/** Loads a backend, once for the process, leaving the current one as it is. Throws what its package throws. */
export async function loadEagerBackend(backend: EagerBackendName): Promise<void> {
  if (started.has(backend)) return;
  await whenSettled(() => {
    starting = start(backend).finally(() => {
      starting = null;
    });
    return starting;
  });
}

const started = new Set<EagerBackendName>();

async function start(backend: EagerBackendName): Promise<void> {
  if (started.has(backend)) return;
  // Before the import: TensorFlow's bindings make themselves current.
  const previous: string | null = tf.engine().backendName;
  if (backend === 'cpu') await import('@tensorflow/tfjs-backend-cpu');
  else if (backend === 'wasm') await import('@tensorflow/tfjs-backend-wasm');
  else await loadNodeBindings();
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js could not start its '${backend}' backend`);
  greetQuietly();
  if (previous) await tf.setBackend(previous);
  started.add(backend);
}

async function loadNodeBindings(): Promise<void> {
  const failures: unknown[] = [];
  for (const name of nodeBindings) {
    try {
      await import(name);
      return;
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(failures, 'no Node bindings to TensorFlow are installed');
}

/** The `cpu` backend prints an advertisement at its first tensor, except in production mode. */
function greetQuietly(): void {
  const production = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  tf.scalar(0).dispose();
  tf.env().set('PROD', production);
}
