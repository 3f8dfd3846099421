import {
  createAgent,
  createEnvironment,
  createRandomPolicy,
  episodeSeeds,
  runEpisodes,
  taskById,
  wilson95,
  writeReplay,
} from 'amitable';

const task = taskById('push-to-goal');
const newEnvironment = () => createEnvironment(task);
const seeds = episodeSeeds(1, task.id, 5);

for (const policy of [await createAgent({ world: 'tabletop' }), createRandomPolicy(newEnvironment())]) {
  const results = await runEpisodes({ policy, createEnvironment: newEnvironment, seeds, record: (i) => i === 0 });
  const solved = results.filter(({ success }) => success).length;
  console.log(policy.name, solved, 'of', seeds.length, wilson95(solved, seeds.length));
  await writeReplay(results[0]!.recording!, newEnvironment(), `runs/plan/${policy.name}.webp`);
}
