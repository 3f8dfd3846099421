import { openDataset } from 'amitable';

const dataset = await openDataset('runs/play');
for (const [index, { seed, length, success }] of dataset.episodes.entries()) {
  const episode = await dataset.episode(index);
  const [first] = await episode.frames(0, 1);
  console.log(seed, length, success, episode.steps[0]!.action, first!.shape);
}
