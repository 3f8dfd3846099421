import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from '../../src/core/content-hash.ts';
import type { Environment, ResetOptions } from '../../src/core/contracts.ts';
import type { TaskSpec } from '../../src/core/task.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { createNoopPolicy } from '../../src/eval/baselines/noop.ts';
import { chooseEpisodes } from '../../src/eval/choose-episodes.ts';
import {
  checkManifest,
  createManifest,
  type EpisodeManifest,
  formatManifest,
  frozenSeed,
  manifestPath,
  readManifest,
  withFrozenStarts,
} from '../../src/eval/episode-manifest.ts';
import { episodeSeeds } from '../../src/eval/episode-seeds.ts';
import { runEpisodes } from '../../src/eval/run-episodes.ts';
import { repositoryRoot } from '../support/source-imports.ts';

const frozen = readdirSync(join(repositoryRoot, 'bench/manifests')).map((name) => name.replace(/\.json$/, ''));
const reach = taskById('reach');

/** A manifest after somebody had a hand in it, who also knew how to make the hash fit. */
function edited(edit: (manifest: EpisodeManifest) => EpisodeManifest, task: TaskSpec = reach): string {
  const { hash: _, ...rest } = edit(JSON.parse(readFileSync(manifestPath(task.id), 'utf8')));
  return formatManifest({ ...rest, hash: contentHash(rest) });
}

describe.each(frozen)('the manifest of %s', (id) => {
  const task = taskById(id);

  it('is whole, small, and of the task as it is', () => {
    const manifest = readManifest(task)!;
    expect(manifest.episodes.length).toBe(300);
    expect(statSync(manifestPath(id)).size).toBeLessThan(60_000);
    expect(formatManifest(manifest)).toBe(readFileSync(manifestPath(id), 'utf8'));
  });

  it('is what the code draws: start, goal and picture', () => {
    const { episodes } = readManifest(task)!;
    expect(createManifest(task, createEnvironment(task), 5).episodes).toEqual(episodes.slice(0, 5));
  });
});

describe('an edited manifest', () => {
  const text = readFileSync(manifestPath('reach'), 'utf8');
  const check = (content: string, task: TaskSpec = reach) => checkManifest(task, content, 'reach.json');
  const [first, second, third] = readManifest(reach)!.episodes;

  it('is refused for any digit that is another', () => {
    const digit = text.search(/[0-9](?=,)/);
    expect(() => check(`${text.slice(0, digit)}${(Number(text[digit]) + 1) % 10}${text.slice(digit + 1)}`)).toThrow(
      /reach\.json is not the one that was frozen: its content does not have the hash that it names\. Restore it/,
    );
    expect(() => check(text.slice(0, 500))).toThrow('it is not JSON');
    expect(() => check('{}')).toThrow('was frozen: schema');
  });

  it.each([
    ['easier episodes', [second!, third!].reverse()],
    ['an episode twice', [first!, first!]],
    ['an episode of its own', [[12345, ...first!.slice(1)] as typeof first & {}, second!]],
    ['fewer than it says were left out', [first!, third!]],
  ])('is refused for %s, though its hash fits', (_, episodes) => {
    expect(() => check(edited((manifest) => ({ ...manifest, episodes })))).toThrow(/is not one that was drawn/);
  });

  it('is refused for another seed and for another task', () => {
    expect(() => check(edited((manifest) => ({ ...manifest, seed: 7 })))).toThrow('of seed 7, not 2026');
    expect(() => check(text, taskById('push-to-goal'))).toThrow("of the task 'reach', not 'push-to-goal'");
  });

  it('is refused for a task that has changed, but for its description', () => {
    expect(() => check(text, { ...reach, budgetSteps: 16 })).toThrow(/another definition of 'reach'.*make-manifests/);
    expect(() => check(text, { ...reach, description: 'another' })).not.toThrow();
  });
});

test('a play is refused where the environment draws another start than was frozen', () => {
  const manifest = readManifest(reach)!;
  const [seed, start, goal] = manifest.episodes[0]!;
  const environment = withFrozenStarts(createEnvironment(reach), manifest);
  expect(environment.reset({ seed }).info.truth.positions.pusher).toBeDefined();
  const other = { ...manifest, episodes: [[seed, start, goal, '0123456789abcdef'] as (typeof manifest.episodes)[0]] };
  expect(() => withFrozenStarts(createEnvironment(reach), other).reset({ seed })).toThrow(
    new RegExp(`the episode of seed ${seed} of 'reach' no longer begins as it did`),
  );
});

test('what resting solves is left out and counted', async () => {
  // A reach whose every second draw ends well by itself.
  const givenAway = (): Environment => {
    const environment = createEnvironment(reach);
    let lucky = false;
    return Object.assign(Object.create(environment) as Environment, {
      reset(options: ResetOptions) {
        lucky = options.seed % 2 === 0;
        return environment.reset(options);
      },
      step(action: ArrayLike<number>) {
        const result = environment.step(action);
        return lucky ? { ...result, info: { ...result.info, success: true } } : result;
      },
    });
  };
  const manifest = createManifest(reach, givenAway(), 20);
  expect(manifest.preSolved).toBeGreaterThan(5);
  const seeds = manifest.episodes.map(([seed]) => seed);
  const drawn = episodeSeeds(frozenSeed, 'reach', 20 + manifest.preSolved);
  expect(seeds).toEqual(drawn.filter((seed) => seed % 2 === 1));
  const policy = createNoopPolicy(createEnvironment(reach));
  const results = await runEpisodes({ policy, createEnvironment: givenAway, seeds });
  expect(results.filter(({ success }) => success)).toEqual([]);
  expect(checkManifest(reach, formatManifest(manifest), 'easy.json')).toEqual(manifest);
});

test('a benchmark plays the frozen episodes, or says that it does not', () => {
  const { episodes, hash } = readManifest(reach)!;
  expect(chooseEpisodes(reach, 7)).toEqual({ seeds: episodes.slice(0, 7).map(([seed]) => seed), manifest: hash });
  expect(chooseEpisodes(reach, 7, 3)).toEqual({ seeds: episodeSeeds(3, 'reach', 7), manifest: null });
  expect(chooseEpisodes({ ...reach, id: 'mine' }, 7)).toEqual({ seeds: episodeSeeds(0, 'mine', 7), manifest: null });
  expect(() => chooseEpisodes(reach, 301)).toThrow("'reach' has 300 frozen episodes, 301 were asked for");
});
