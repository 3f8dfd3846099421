/**
 * Freezes the held-out episodes of tasks: writes bench/manifests/<task>.json. Done once for each task; whoever does it
 * again makes a new benchmark. usage: node dist/scripts/make-manifests.js [task ...]   (all registered ones)
 */
import { writeFileAtomic } from '../src/core/atomic-file.ts';
import { createEnvironment } from '../src/env/create-environment.ts';
import { registeredTasks, taskById } from '../src/env/registry.ts';
import { createManifest, formatManifest, manifestPath } from '../src/eval/episode-manifest.ts';

const named = process.argv.slice(2).map(taskById);
for (const task of named.length > 0 ? named : registeredTasks) {
  const manifest = createManifest(task, createEnvironment(task));
  await writeFileAtomic(manifestPath(task.id), formatManifest(manifest));
  console.log(
    `${task.id}: ${manifest.episodes.length} episodes, ${manifest.preSolved} left out as solved from the start`,
  );
}
