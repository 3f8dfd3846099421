import { createAgent } from '../../src/agent/create-agent.ts';
import type { Percept } from '../../src/agent/perception.ts';
import { pictureAsPlaces } from '../../src/agent/picture-as-places.ts';
import type { Instruction } from '../../src/core/contracts.ts';
import type { ShapeName, TermSpec } from '../../src/core/task.ts';
import { encodeHeading } from '../../src/cost/heading.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { episodeSeeds } from '../../src/eval/episode-seeds.ts';
import { runEpisodes } from '../../src/eval/run-episodes.ts';
import type { ColourSlotsConfig } from '../../src/world-model/config.ts';
import { untrainedTabletopModel } from '../support/untrained-model.ts';

const model = untrainedTabletopModel();
const { prototypes } = model.config.encoder as ColourSlotsConfig;
const slots = prototypes.length;

/** A picture in which slot k lies at (k / 8, 0.5), turned by k / 4, and those of `absent` are not to be seen. */
function picture(...absent: readonly number[]): Percept {
  const each = Array.from({ length: slots }, (_, slot) => slot);
  return {
    latents: new Float32Array(slots),
    positions: Float32Array.from(each.flatMap((slot) => [slot / 8, 0.5])),
    headings: Float32Array.from(each.flatMap((slot) => [...encodeHeading(0.25 * slot)].map((part) => 3 * part))),
    mass: Float32Array.from(each, (slot) => (absent.includes(slot) ? 0 : 40)),
    radius: new Float32Array(slots),
  };
}

/** The pusher, and things of the given shapes in the colours of slots 1, 2 ... */
function told(objective: readonly TermSpec[], ...shapes: readonly ShapeName[]): Instruction {
  const thing = (slot: number) => ({ colour: prototypes[slot]!.map(Math.round) as [number, number, number] });
  const objects = shapes.map((shape, i) => ({ name: shape, shape, ...thing(i + 1) }));
  const entities = [{ name: 'pusher', ...thing(0) }, ...objects];
  return {
    taskId: 'mine',
    objective,
    guardrails: [],
    targets: {},
    entities,
    goalFrame: null,
    budgetSteps: 30,
  } as never;
}

const effort: TermSpec = { term: 'effort', weight: 0.1 };

test('objects are to be where the picture shows them, then the pusher too; other terms stay', () => {
  const given = told([{ term: 'goal-image', by: 'places', weight: 2 }, effort], 'disc', 't');
  const { objective, stages, ...rest } = pictureAsPlaces(model, given, picture());
  const objects: readonly TermSpec[] = [
    { term: 'distance', of: 'disc', to: [1 / 8, 0.5], weight: 2 },
    { term: 'distance', of: 't', to: [2 / 8, 0.5], weight: 2 },
  ];
  expect(stages).toEqual([[...objects, effort]]);
  expect(objective).toEqual([...objects, { term: 'distance', of: 'pusher', to: [0, 0.5], weight: 2 }, effort]);
  expect(rest).toEqual({ ...given, objective: undefined, stages: undefined });
});

test('by poses they are to lie as they do there, as far as their shape tells', () => {
  const given = told([{ term: 'goal-image', by: 'poses', steps: 'last' }], 'disc', 'box', 'l');
  const [disc, box, l] = pictureAsPlaces(model, given, picture()).stages![0]! as unknown as readonly Record<
    string,
    number
  >[];
  expect(disc).toEqual({ term: 'distance', of: 'disc', to: [1 / 8, 0.5], steps: 'last' });
  expect(box).toMatchObject({ term: 'pose', of: 'box', to: [2 / 8, 0.5], turns: 2, steps: 'last' });
  expect(box!.angle).toBeCloseTo(0.5, 5);
  expect(l).toMatchObject({ term: 'pose', of: 'l', turns: 1 });
  expect(l!.angle).toBeCloseTo(0.75, 5);
});

test('without objects it is about the pusher', () => {
  const { objective, stages } = pictureAsPlaces(model, told([{ term: 'goal-image', by: 'poses' }]), picture());
  expect(stages).toEqual([]);
  expect(objective).toEqual([{ term: 'distance', of: 'pusher', to: [0, 0.5] }]);
});

test('what does not ask for it is left alone, and what the picture does not show is named', () => {
  const latents = told([{ term: 'goal-image' }], 'disc');
  expect(pictureAsPlaces(model, latents, picture())).toBe(latents);
  const places = told([{ term: 'goal-image', by: 'places' }], 'disc', 'box');
  expect(() => pictureAsPlaces(model, places, picture(2))).toThrow("cannot see 'box'");
});

test('the shipped agent pushes things to where a picture shows them', async () => {
  const task = { ...taskById('push-to-goal'), objective: [{ term: 'goal-image', by: 'places' }] as const };
  const policy = await createAgent({ world: 'tabletop', threads: 1 });
  const seeds = episodeSeeds(4, task.id, 1);
  const [result] = await runEpisodes({ policy, createEnvironment: () => createEnvironment(task), seeds });
  await policy.dispose?.();
  expect(result!.success).toBe(true);
});
