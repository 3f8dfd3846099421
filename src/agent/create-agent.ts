import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Policy } from '../core/contracts.ts';
import { UsageError } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import type { WorldName } from '../core/task.ts';
import { loadModel } from '../world-model/model-store.ts';
import { type AgentWithModelOptions, createAgentWithModel } from './create-agent-with-model.ts';

export { createAgentWithModel } from './create-agent-with-model.ts';

export interface AgentOptions extends AgentWithModelOptions {
  /** Folder of the world model. @defaultValue the one shipped for the world */
  readonly modelDirectory?: string | undefined;
}

const shippedModels: Readonly<Record<WorldName, string>> = {
  tabletop: 'tabletop-small',
  'two-rooms': 'two-rooms',
  'push-t': 'push-t',
};

const generativeModels: Readonly<Partial<Record<WorldName, string>>> = {
  tabletop: 'tabletop-pixels',
  'two-rooms': 'two-rooms-pixels',
};

/** Where the package's own model of a world lies. */
export function shippedModelDirectory(world: WorldName): string {
  return join(packageRoot(), 'models', shippedModels[world]);
}

/**
 * Where the generative model of a world lies that the agent's own is compared with.
 * @throws UsageError for a world without one
 */
export function generativeModelDirectory(world: WorldName): string {
  const name = generativeModels[world];
  if (name === undefined) {
    const worlds = Object.keys(generativeModels).join(' and ');
    throw new UsageError(`no generative model ships for the world '${world}', but for ${worlds}`);
  }
  return join(packageRoot(), 'models', name);
}

/** An agent with a world model from a folder. */
export async function createAgent(options: AgentOptions): Promise<Policy> {
  const directory = options.modelDirectory ?? shippedModelDirectory(options.world);
  if (!existsSync(directory)) {
    throw new UsageError(`no model folder '${directory}'. Train one with 'amitable train', or name one with --model.`);
  }
  return createAgentWithModel(await loadModel(directory), options);
}
