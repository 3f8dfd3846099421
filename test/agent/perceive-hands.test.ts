import { coloursOfHands } from '../../src/agent/observer.ts';
import { createPerception, placesBeside } from '../../src/agent/perception.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { pushPastHand } from '../../src/env/tasks/push-past-hand.ts';

import { untrainedTabletopModel } from '../support/untrained-model.ts';

test('a hand is seen by its colour, in pixels, by a model that never learned of hands; all else as without it', async () => {
  const model = untrainedTabletopModel();
  const perception = await createPerception(model, {});
  const environment = createEnvironment(pushPastHand);
  const still = createEnvironment({ ...pushPastHand, scene: { ...pushPastHand.scene, hands: [] }, guardrails: [] });
  for (const seed of [1, 2, 3]) {
    const { instruction } = environment.reset({ seed });
    for (let step = 0; step < 8; step++) {
      const { observation, info } = environment.step([0.3, 0.2]);
      const beside = coloursOfHands(instruction);
      const percept = await perception.perceive(observation, beside);
      const [place] = placesBeside(model, percept, beside.length);
      const [x, y] = info.truth.positions.hand!;
      expect(Math.hypot(place![0] - x, place![1] - y)).toBeLessThan(0.004);

      // The same table without the hand: what it does not cover looks as it did.
      const { positions } = info.truth;
      if (Math.hypot(positions.object![0] - x, positions.object![1] - y) < 0.17) continue;
      if (Math.hypot(positions.pusher![0] - x, positions.pusher![1] - y) < 0.1) continue;
      still.reset({ seed });
      still.setState(environment.getState().slice(0, still.getState().length));
      const bare = await perception.perceive({ frame: frameOf(still) });
      for (const slot of [0, 1, 2, 3, 4, 5, 6]) {
        if (bare.mass![slot]! < 5) continue;
        for (const axis of [0, 1])
          expect(Math.abs(percept.positions[2 * slot + axis]! - bare.positions[2 * slot + axis]!)).toBeLessThan(0.002);
      }
    }
  }
  const { observation } = still.reset({ seed: 1 });
  expect(placesBeside(model, await perception.perceive(observation, [[0, 200, 230]]), 1)).toEqual([null]);
  await perception.dispose();
}, 60_000);

function frameOf(environment: ReturnType<typeof createEnvironment>) {
  const state = environment.getState();
  const { observation } = environment.step([0, 0]);
  environment.setState(state);
  return observation.frame;
}
