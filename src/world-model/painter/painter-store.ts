import { loadWatcher, type StoredWatcher, saveWatcher, type WatcherMake } from '../watcher-store.ts';
import { type PainterConfig, parsePainterConfig } from './config.ts';
import { painterSpecs } from './painter.ts';

export type StoredPainter = StoredWatcher<PainterConfig>;

const make: WatcherMake<PainterConfig> = {
  name: 'painter',
  trainedBy: 'side-view-pixels',
  parse: parsePainterConfig,
  specs: painterSpecs,
};

/** Writes `config.json` and `model.safetensors`. */
export function savePainter(directory: string, config: PainterConfig, parameters: Float32Array): Promise<void> {
  return saveWatcher(make, directory, config, parameters);
}

/** Reads and checks a painter's folder. Missing, changed or foreign files are errors that say which and why. */
export function loadPainter(directory: string): Promise<StoredPainter> {
  return loadWatcher(make, directory);
}
