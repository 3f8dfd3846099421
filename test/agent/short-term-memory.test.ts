import ndarray from 'ndarray';
import { createPerception } from '../../src/agent/perception.ts';
import { createShortTermMemory } from '../../src/agent/short-term-memory.ts';
import type { Observation } from '../../src/core/contracts.ts';
import { stackFrames } from '../../src/core/stack-frames.ts';
import { encoders, frameSide, modelWith, stirred } from '../world-model/sample-models.ts';

/** A frame of two channels that are told apart. */
const seen = (value: number): Observation => ({
  frame: ndarray(Uint8Array.of(value, 100 + value, value, 100 + value), [1, 2, 2]),
  proprioception: Float32Array.of(value, 0, 0, 0),
});

test('holds the last looks, oldest first; the first stands for those before it', () => {
  const { look } = createShortTermMemory({ history: 3 });
  const held = [1, 2, 3, 4].map((value) => {
    const { frame, proprioception } = look(seen(value));
    expect(frame.shape).toEqual([1, 2, 6]);
    expect(proprioception).toEqual(seen(value).proprioception);
    expect([...frame.data.subarray(6)]).toEqual([...frame.data.subarray(0, 6)]);
    return [0, 2, 4].map((at) => frame.data[at]);
  });
  expect(held).toEqual([
    [1, 1, 1],
    [1, 1, 2],
    [1, 2, 3],
    [2, 3, 4],
  ]);
});

test('one frame is the observation itself', () => {
  const observation = seen(1);
  expect(createShortTermMemory({}).look(observation)).toBe(observation);
});

test("a frame by itself, such as a goal's picture, is perceived as one that has always been so", async () => {
  const config = modelWith({ encoder: encoders['strided-convolution'], history: 2 });
  const perception = await createPerception({ config, ...stirred(config), hash: '', directory: '' }, {});
  const [white, black] = [240, 10].map((value) => {
    const data = new Uint8Array(frameSide * frameSide * 3).fill(value);
    return ndarray(data, [frameSide, frameSide, 3]);
  });
  const alone = await perception.perceive({ frame: white! });
  const always = await perception.perceive({ frame: stackFrames([white!, white!]) });
  const changed = await perception.perceive({ frame: stackFrames([black!, white!]) });
  expect(alone).toEqual(always);
  expect(changed.latents).not.toEqual(always.latents);
  await perception.dispose();
});
