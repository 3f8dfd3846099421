import {
  createAgentWithModel,
  createEnvironment,
  episodeSeeds,
  loadModel,
  openEpisodeStore,
  openMemory,
  runEpisodes,
  shippedModelDirectory,
  taskById,
} from 'amitable';

const [directory = 'runs/memory'] = process.argv.slice(2);
const task = taskById('push-to-goal');
const model = await loadModel(shippedModelDirectory('tabletop'));
const store = await openEpisodeStore(directory);
console.log(store.state().episodes, 'episodes remembered');

const memory = openMemory({ store, encoder: model.hash, world: 'tabletop' });
const agent = await createAgentWithModel(model, { world: 'tabletop', memory });
const episodes = await runEpisodes({
  policy: agent,
  createEnvironment: () => createEnvironment(task),
  seeds: episodeSeeds(1, task.id, 3),
  async onEnded({ experience, outcome, seed }) {
    if (experience !== null) await memory.remember(experience, outcome, seed);
  },
});
agent.dispose?.();
console.log(episodes.filter(({ success }) => success).length, 'of', episodes.length, 'solved;');
console.log(store.state().episodes, 'episodes remembered now');
await store.close();
