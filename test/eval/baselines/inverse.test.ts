import { createEnvironment } from '../../../src/env/create-environment.ts';
import { taskById } from '../../../src/env/registry.ts';
import { createInversePolicy } from '../../../src/eval/baselines/inverse.ts';
import { createNoopPolicy } from '../../../src/eval/baselines/noop.ts';
import { episodeSeeds } from '../../../src/eval/episode-seeds.ts';
import { runEpisodes } from '../../../src/eval/run-episodes.ts';
import { untrainedTabletopModel } from '../../support/untrained-model.ts';

const task = taskById('reach');
const effort = { episodes: 30, steps: 300 };
const seeds = episodeSeeds(2, 'reach', 6);
const newEnvironment = () => createEnvironment(task);

/** Mean distance left. */
async function play(policy: Parameters<typeof runEpisodes>[0]['policy']): Promise<number> {
  const results = await runEpisodes({ policy, createEnvironment: newEnvironment, seeds });
  return results.reduce((sum, { finalDistance }) => sum + finalDistance, 0) / results.length;
}

describe('the inverse policy', () => {
  it('has learned from play alone which way to go', async () => {
    const policy = await createInversePolicy({ model: untrainedTabletopModel(), task, effort });
    const left = await play(policy);
    // Places are measured by this encoder, so that reaching needs no trained latents.
    expect(left).toBeLessThan(0.35 * (await play(createNoopPolicy(newEnvironment()))));
    await policy.dispose?.();
  });

  it('learns the same whenever it is made', async () => {
    const little = { episodes: 4, steps: 100 };
    const make = () => createInversePolicy({ model: untrainedTabletopModel(), task, effort: little });
    const [policy, twin] = [await make(), await make()];
    expect(await play(twin)).toBe(await play(policy));
    await policy.dispose?.();
    await twin.dispose?.();
  });

  it("wants a model of the task's world", async () => {
    const options = { model: untrainedTabletopModel(), task: taskById('two-rooms'), effort };
    await expect(createInversePolicy(options)).rejects.toThrow("is of the world 'tabletop'");
  });
});
