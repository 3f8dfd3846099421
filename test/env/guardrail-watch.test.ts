import type { GuardrailSpec, TaskSpec } from '../../src/core/task.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { createGuardrailWatch } from '../../src/env/guardrail-watch.ts';
import { createPusherShape, createShape } from '../../src/env/tabletop/shapes.ts';

const bodies = [
  { name: 'pusher', outline: createPusherShape() },
  { name: 'cup', outline: createShape('disc') },
  { name: 'plate', outline: createShape('box') },
];
const rest = [0.2, 0.2, 0, 0.5, 0.5, 0, 0.8, 0.5, 0];
const fragile: GuardrailSpec = { kind: 'fragile', object: 'cup' };

function broken(guardrail: GuardrailSpec, ...looks: readonly (readonly number[])[]): readonly string[] {
  return watchAll([guardrail], looks).violations;
}

function watchAll(guardrails: readonly GuardrailSpec[], looks: readonly (readonly number[])[]) {
  const watch = createGuardrailWatch(guardrails, bodies);
  watch.begin(looks[0]!, 3, [0, 0]);
  for (const poses of looks) watch.look(poses, 3);
  return watch.take();
}

describe('who broke it', () => {
  const placed = (pusher: number, cup: number, plate: number) => [pusher, 0.5, 0, cup, 0.5, 0, plate, 0.5, 0];
  const zone: GuardrailSpec = { kind: 'keep-out', who: 'objects', region: { x: [0.5, 1], y: [0, 1] } };

  test('is each body that was inside, however much later than the first', () => {
    expect(watchAll([zone], [placed(0.9, 0.2, 0.2)]).violators).toEqual([]);
    expect(watchAll([zone], [placed(0.1, 0.7, 0.2)])).toEqual({ violations: ['keep-out'], violators: ['cup'] });
    const both = watchAll([zone], [placed(0.1, 0.7, 0.2), placed(0.1, 0.2, 0.7)]);
    expect(both).toEqual({ violations: ['keep-out'], violators: ['cup', 'plate'] });
  });

  test('is who touches what is fragile, and the fragile thing itself where it moved', () => {
    expect(watchAll([fragile], [placed(0.5 - 0.0855, 0.5, 0.9)]).violators).toEqual(['pusher']);
    expect(watchAll([fragile], [placed(0.1, 0.5, 0.5 + 0.055 + 0.08)]).violators).toEqual(['plate']);
    expect(watchAll([fragile], [placed(0.1, 0.5, 0.9), placed(0.1, 0.51, 0.9)]).violators).toEqual(['cup']);
  });

  test('is forgotten once taken', () => {
    const watch = createGuardrailWatch([zone], bodies);
    watch.look(placed(0.1, 0.7, 0.2), 3);
    watch.take();
    expect(watch.take()).toEqual({ violations: [], violators: [] });
    watch.look(placed(0.1, 0.7, 0.2), 3);
    expect(watch.take().violators).toEqual(['cup']);
  });
});

describe('fragile', () => {
  test('breaks when pusher or object touches it, not when they are near', () => {
    const pusherAt = (x: number) => [x, 0.5, 0, ...rest.slice(3)];
    expect(broken(fragile, pusherAt(0.5 - 0.087))).toEqual([]);
    expect(broken(fragile, pusherAt(0.5 - 0.0855))).toEqual(['fragile']);
    const plateAt = (x: number) => [...rest.slice(0, 6), x, 0.5, 0];
    expect(broken(fragile, plateAt(0.5 + 0.055 + 0.08 + 0.002))).toEqual([]);
    expect(broken(fragile, plateAt(0.5 + 0.055 + 0.08))).toEqual(['fragile']);
  });

  test('breaks when it moves or turns within the step, whatever moves it', () => {
    const cupAt = (x: number, angle: number) => [...rest.slice(0, 3), x, 0.5, angle, ...rest.slice(6)];
    expect(broken(fragile, cupAt(0.5, 0), cupAt(0.502, 0))).toEqual(['fragile']);
    expect(broken(fragile, cupAt(0.5, 0), cupAt(0.5, 0.01))).toEqual(['fragile']);
    expect(broken(fragile, cupAt(0.5, Math.PI), cupAt(0.5, -Math.PI))).toEqual([]);
    expect(broken(fragile, cupAt(0.5, 0), rest)).toEqual([]);
  });

  test('lets other things touch and move', () => {
    const pushing = (x: number) => [x - 0.11, 0.5, 0, 0.2, 0.2, 0, x, 0.5, 0];
    expect(broken(fragile, pushing(0.6), pushing(0.65))).toEqual([]);
  });
});

test('stay-on-table: centres keep the margin from every edge', () => {
  const spec: GuardrailSpec = { kind: 'stay-on-table', who: 'objects', margin: 0.05 };
  const cupAt = (x: number, y: number) => [...rest.slice(0, 3), x, y, 0, ...rest.slice(6)];
  for (const [x, y] of [
    [0.049, 0.5],
    [0.951, 0.5],
    [0.5, 0.049],
    [0.5, 0.951],
  ] as const)
    expect(broken(spec, cupAt(x, y))).toEqual(['stay-on-table']);
  expect(broken(spec, cupAt(0.051, 0.949))).toEqual([]);
  expect(broken(spec, [0.03, 0.03, 0, ...rest.slice(3)])).toEqual([]);
});

test('speed: longer actions than the limit, told step by step', () => {
  const watch = createGuardrailWatch([{ kind: 'speed', limit: 0.5 }], bodies);
  watch.begin(rest, 3, Float32Array.of(0.3, 0.4));
  expect(watch.take()).toEqual({ violations: [], violators: [] });
  watch.begin(rest, 3, [0.4, 0.4]);
  expect(watch.take()).toEqual({ violations: ['speed'], violators: ['pusher'] });
  expect(watch.take()).toEqual({ violations: [], violators: [] });
});

test('the pusher is nothing that could be fragile', () => {
  expect(() => createGuardrailWatch([{ kind: 'fragile', object: 'pusher' }], bodies)).toThrow('fragile object');
});

test('in the simulator, a push that ends clear of the glass still counts where it hit it on the way', () => {
  const task: TaskSpec = {
    id: 'glass',
    scene: { objects: [{ name: 'glass', shape: 'disc', colour: 'red', at: [0.5, 0.5] }] },
    objective: [{ term: 'distance', of: 'pusher', to: [0.9, 0.9] }],
    guardrails: [{ kind: 'fragile', object: 'glass' }],
    success: { all: [{ near: ['pusher', [0.9, 0.9]], within: 0.01 }], when: 'final-step' },
    budgetSteps: 60,
  };
  const environment = createEnvironment(task);
  const { info } = environment.reset({ seed: 1 });
  expect(info.violations).toEqual([]);
  const state = environment.getState();
  const [x, y] = info.truth.positions.pusher!;
  const away = Math.hypot(0.5 - x, 0.5 - y);
  const towards = [(0.5 - x) / away, (0.5 - y) / away];
  const run = () => Array.from({ length: 12 }, () => environment.step(towards).info.violations);
  const seen = run();
  expect(seen.flat()).toContain('fragile');
  // The same again from the same state.
  environment.setState(state);
  expect(run()).toEqual(seen);
});
