import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Policy } from '../../src/core/contracts.ts';
import type { Experience } from '../../src/core/memory-contracts.ts';
import { episodeSeeds } from '../../src/eval/episode-seeds.ts';
import { type EndedEpisode, type RunProgress, runEpisodes } from '../../src/eval/run-episodes.ts';
import { createPointEnvironment } from '../support/point-environment.ts';
import { createSeekingPolicy } from '../support/seeking-policy.ts';
import { repositoryRoot } from '../support/source-imports.ts';

const seeds = episodeSeeds(7, 'point', 9);

describe('runEpisodes', () => {
  it('gives every episode the same result at every batch size', async () => {
    const reference = await runEpisodes({
      policy: createSeekingPolicy(),
      createEnvironment: createPointEnvironment,
      seeds,
      batchSize: 1,
      record: () => true,
    });
    // The episodes differ in length, so that a batch really holds ended episodes beside running ones.
    expect(new Set(reference.map((episode) => episode.steps)).size).toBeGreaterThan(2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (batchSize) => {
        const results = await runEpisodes({
          policy: createSeekingPolicy(),
          createEnvironment: createPointEnvironment,
          seeds,
          batchSize,
          record: () => true,
        });
        expect(results).toEqual(reference);
      }),
      { numRuns: 8 },
    );
  });

  it('plays an episode the same whatever is played before and after it', async () => {
    const options = { policy: createSeekingPolicy(), createEnvironment: createPointEnvironment, batchSize: 4 };
    const all = await runEpisodes({ ...options, seeds });
    const some = await runEpisodes({ ...options, seeds: [seeds[5]!, seeds[2]!] });
    expect(some).toEqual([all[5], all[2]]);
  });

  it('counts what the simulator saw', async () => {
    const [episode] = await runEpisodes({
      policy: createSeekingPolicy(),
      createEnvironment: () => createPointEnvironment({ when: 'final-step' }),
      seeds: [3],
      record: () => true,
    });
    const { recording } = episode!;
    expect(recording!.steps).toHaveLength(12);
    expect(episode!.steps).toBe(12);
    expect(episode!.violationSteps).toBe(recording!.steps.filter((step) => step.violations.length > 0).length);
    expect(episode!.fallbacks).toBe(recording!.steps.filter((step) => step.imagined!.fallback !== null).length);
    expect(episode!.finalDistance).toBe(recording!.steps.at(-1)!.distance);
    expect(episode!.success).toBe(recording!.success);
  });

  it('records states that replay to the same end', async () => {
    const [episode] = await runEpisodes({
      policy: createSeekingPolicy(),
      createEnvironment: createPointEnvironment,
      seeds: [11],
      record: () => true,
    });
    const { initialState, steps } = episode!.recording!;
    const environment = createPointEnvironment();
    environment.setState(initialState);
    for (const step of steps) {
      environment.step(step.action);
      expect(environment.getState()).toEqual(step.state);
    }
    expect(environment.inspect().success).toBe(episode!.success);
  });

  it('records only the episodes asked for', async () => {
    const results = await runEpisodes({
      policy: createSeekingPolicy(),
      createEnvironment: createPointEnvironment,
      seeds,
      batchSize: 2,
      record: (index) => index % 4 === 1,
    });
    expect(results.flatMap((result, i) => (result.recording === null ? [] : [i]))).toEqual([1, 5]);
  });

  it('reports progress up to the last episode', async () => {
    const seen: number[] = [];
    let last: RunProgress | undefined;
    const results = await runEpisodes({
      policy: createSeekingPolicy(),
      createEnvironment: createPointEnvironment,
      seeds,
      batchSize: 4,
      onProgress: (progress) => {
        seen.push(progress.work);
        last = progress;
      },
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(seeds.length);
    expect(last).toEqual({
      episodesDone: seeds.length,
      episodes: seeds.length,
      successes: results.filter((result) => result.success).length,
      work: seeds.length,
    });
  });

  it('tells how each episode ended beside what its policy lived through, in order, at any batch size', async () => {
    const rememberingPolicy = (): Policy => {
      const policy = createSeekingPolicy();
      let lived: Experience[] = [];
      return {
        ...policy,
        async begin(starts) {
          await policy.begin(starts);
          lived = starts.map(({ instruction }) => ({
            instruction,
            moments: [],
            actions: new Float32Array(0),
            actionSize: 2,
          }));
        },
        experience: (episode) => lived[episode]!,
      };
    };
    const play = async (batchSize: number) => {
      const ended: EndedEpisode[] = [];
      const results = await runEpisodes({
        policy: rememberingPolicy(),
        createEnvironment: createPointEnvironment,
        seeds,
        batchSize,
        onEnded: (episode) => {
          ended.push(episode);
        },
      });
      return { ended, results };
    };
    const { ended, results } = await play(4);
    expect(ended).toEqual((await play(1)).ended);
    expect(ended.map(({ seed }) => seed)).toEqual(seeds);
    for (const [i, { seed, experience, outcome }] of ended.entries()) {
      const { success, finalDistance, violationSteps } = results[i]!;
      expect(outcome).toEqual({
        success,
        finalDistance,
        violationSteps,
        violations: violationSteps > 0 ? ['keep-out'] : [],
      });
      expect(experience!.instruction).toEqual(createPointEnvironment().reset({ seed }).instruction);
    }
    expect(new Set(ended.map(({ outcome }) => outcome.violations.length)).size).toBe(2);
  });

  it('lets timers run between steps, even of a policy that never waits', async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 0);
    const seeking = createSeekingPolicy();
    const busy: Policy = {
      ...seeking,
      act(observations) {
        const until = performance.now() + 3;
        while (performance.now() < until);
        return seeking.act(observations);
      },
    };
    const steps = 20;
    await runEpisodes({
      policy: busy,
      createEnvironment: () => createPointEnvironment({ when: 'final-step', budgetSteps: steps }),
      seeds: [1],
    });
    clearInterval(timer);
    // A step lasts longer than the interval: whenever the loop turns, the timer is due.
    expect(ticks).toBeGreaterThan(steps / 2);
  });

  it('seeds the policy apart from the environment', async () => {
    const received: number[] = [];
    const seeking = createSeekingPolicy();
    const policy: Policy = {
      ...seeking,
      async begin(episodes) {
        received.push(...episodes.map((episode) => episode.seed));
        await seeking.begin(episodes);
      },
    };
    await runEpisodes({ policy, createEnvironment: createPointEnvironment, seeds });
    expect(received.filter((seed) => seeds.includes(seed))).toEqual([]);
    expect(new Set(received).size).toBe(seeds.length);
  });

  it.each([
    ['NaN', Float32Array.of(Number.NaN, 0)],
    ['too long', Float32Array.of(0.2, 0)],
    ['of another size', Float32Array.of(0)],
  ])('refuses an action that is %s, naming the policy, the step and the episode', async (_, action) => {
    const policy: Policy = { name: 'broken', begin: async () => {}, act: async (all) => all.map(() => ({ action })) };
    const run = runEpisodes({ policy, createEnvironment: createPointEnvironment, seeds: [5] });
    await expect(run).rejects.toThrow(/policy 'broken' chose \[.*\], outside the action space, in step 0 .* seed 5/);
  });

  it('lets the policy try the same episodes again, in another way', async () => {
    const play = (attempt: number) =>
      runEpisodes({
        policy: createSeekingPolicy(),
        createEnvironment: createPointEnvironment,
        seeds: seeds.slice(0, 3),
        policySeed: (seed) => seed + attempt,
        record: () => true,
      });
    const [first, again, other] = [await play(1), await play(1), await play(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(other.map(({ recording }) => recording!.initialState)).toEqual(
      first.map(({ recording }) => recording!.initialState),
    );
  });

  it('refuses a policy that leaves an episode without a decision', async () => {
    const policy: Policy = { name: 'silent', begin: async () => {}, act: async (all) => all.map(() => null) };
    const run = runEpisodes({ policy, createEnvironment: createPointEnvironment, seeds: [5] });
    await expect(run).rejects.toThrow("policy 'silent' decided nothing in step 0 of the episode of seed 5");
  });

  it.each([0, 1.5, Number.NaN])('refuses a batch size of %p', async (batchSize) => {
    const run = runEpisodes({
      policy: createSeekingPolicy(),
      createEnvironment: createPointEnvironment,
      seeds,
      batchSize,
    });
    await expect(run).rejects.toThrow('the batch size must be a whole number of at least 1');
  });
});

describe('episodeSeeds', () => {
  it('is a prefix of any longer list, and differs between tasks and seeds', () => {
    expect(episodeSeeds(1, 'reach', 50)).toEqual(episodeSeeds(1, 'reach', 200).slice(0, 50));
    const all = [episodeSeeds(1, 'reach', 200), episodeSeeds(2, 'reach', 200), episodeSeeds(1, 'push', 200)].flat();
    expect(new Set(all).size).toBe(600);
  });

  it('owns the streams named bench: no other code draws from them', () => {
    const users = readdirSync(join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .filter((file) => {
        const text = readFileSync(join(repositoryRoot, 'src', file), 'utf8');
        return /(createRng|deriveSeed|\.child)\([^)]*'bench'/.test(text);
      });
    expect(users).toEqual([join('eval', 'episode-seeds.ts')]);
  });
});
