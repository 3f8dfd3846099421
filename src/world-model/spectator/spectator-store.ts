import { loadWatcher, type StoredWatcher, saveWatcher, type WatcherMake } from '../watcher-store.ts';
import { parseSpectatorConfig, type SpectatorConfig } from './config.ts';
import { spectatorSpecs } from './spectator.ts';

export type StoredSpectator = StoredWatcher<SpectatorConfig>;

const make: WatcherMake<SpectatorConfig> = {
  name: 'spectator',
  trainedBy: 'side-view',
  parse: parseSpectatorConfig,
  specs: spectatorSpecs,
};

/** Writes `config.json` and `model.safetensors`. */
export function saveSpectator(directory: string, config: SpectatorConfig, parameters: Float32Array): Promise<void> {
  return saveWatcher(make, directory, config, parameters);
}

/** Reads and checks a spectator's folder. Missing, changed or foreign files are errors that say which and why. */
export function loadSpectator(directory: string): Promise<StoredSpectator> {
  return loadWatcher(make, directory);
}
