import { join } from 'node:path';
import { createObserver } from '../../src/agent/observer.ts';
import { createPerception, type Perception } from '../../src/agent/perception.ts';
import { createTwins } from '../../src/agent/twins.ts';
import type { EntityDescription } from '../../src/core/contracts.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { tabletopExpert } from '../../src/env/tabletop/expert.ts';
import { loadModel, type StoredModel } from '../../src/world-model/model-store.ts';

let model: StoredModel;
let perception: Perception;
beforeAll(async () => {
  model = await loadModel(join(packageRoot(), 'models', 'tabletop-small'));
  perception = await createPerception(model, {});
});
afterAll(() => perception.dispose());

test('two objects of one colour are followed through play, touching included', async () => {
  const { scene, ...task } = taskById('same-colour');
  // Straight through its twin lies where the expert, who looks at nothing else, has the object to go.
  const places = [
    [0.3, 0.5],
    [0.52, 0.5],
  ] as const;
  const objects = scene.objects.map((object, i) => ({ ...object, at: places[i]! }));
  const environment = createEnvironment({ ...task, scene: { objects, targets: { goal: { at: [0.75, 0.5] } } } });
  const errors: number[] = [];
  let closest = Number.POSITIVE_INFINITY;
  for (const seed of [1, 2, 3, 4]) {
    const { instruction, ...start } = environment.reset({ seed });
    let { observation, info } = start;
    const observer = createObserver({ model, instruction, goal: null });
    for (let ended = false; !ended; ) {
      const { seen } = observer.look(await perception.perceive(observation, [], observer.twins));
      instruction.entities.forEach(({ name }, i) => {
        const [x, y] = info.truth.positions[name]!;
        errors.push(Math.hypot(seen[i]!.position[0] - x, seen[i]!.position[1] - y));
      });
      const [a, b] = [info.truth.positions.object!, info.truth.positions.twin!];
      closest = Math.min(closest, Math.hypot(a[0] - b[0], a[1] - b[1]));
      const next = environment.step(tabletopExpert(environment));
      ({ observation, info } = next);
      ended = next.terminated || next.truncated;
    }
  }
  errors.sort((a, b) => a - b);
  expect(errors.length).toBe(4 * 30 * 3);
  expect(closest).toBeLessThan(0.16);
  expect(errors[Math.floor(0.95 * errors.length)]).toBeLessThan(0.03);
});

test('where colours tell all things apart nothing is different, and nothing is computed', async () => {
  const { instruction } = createEnvironment(taskById('push-one-of-three')).reset({ seed: 1 });
  expect(createTwins(model.config, instruction.entities)).toBeNull();
});

test('twins that nothing is said of, and goal pictures of twins, are refused', async () => {
  const { instruction, observation } = createEnvironment(taskById('same-colour')).reset({ seed: 1 });
  const untold = instruction.entities.map(({ at: _, ...entity }): EntityDescription => entity);
  expect(() => createTwins(model.config, untold)).toThrow(/'object' has the colour of another thing and nothing says/);
  const goal = await perception.perceive(observation);
  expect(() => createObserver({ model, instruction, goal })).toThrow(/no picture says which of them/);
});
