import { slotWindowLoss } from '../../../src/world-model/losses/slot-window-loss.ts';
import { windowLoss } from '../../../src/world-model/losses/window-loss.ts';
import { objectiveConfigSchema } from '../../../src/world-model/objectives/config.ts';
import { evaluateLoss, flatBatch, flatOffsets, slotBatch, slotOffsets } from './window-fixtures.ts';

/** The losses as they were when variance and covariance stood in them (commit 171acec), on the same batches. */
const before = {
  flat: {
    loss: 35.105926513671875,
    rollout: 2.255920171737671,
    variance: 0.02670799195766449,
    covariance: 0.08714009076356888,
    similarity: 2.608163833618164,
    inverse: 5.554740905761719,
    std: 1.0826278924942017,
    probe: 2.3736720085144043,
    probeAhead: 3.6385908126831055,
  },
  slot: {
    loss: 389.927734375,
    place: 1.0864472389221191,
    rollout: 1.927694320678711,
    variance: 0.04705962538719177,
    covariance: 0.02320622093975544,
    similarity: 1.4181636571884155,
    inverse: 4.324204921722412,
    std: 0.9611873626708984,
    position: 1.8731579780578613,
    positionAhead: 1.5610467195510864,
    heading: 1.4043421745300293,
    headingAhead: 1.3494573831558228,
  },
};

function expectSame(result: Record<string, number>, golden: Record<string, number>): void {
  expect(Object.keys(result).sort()).toEqual(Object.keys(golden).sort());
  for (const [name, value] of Object.entries(golden)) expect(result[name]! / value).toBeCloseTo(1, 5);
}

test('vicreg behind the contract is the loss of flat latents as it was', async () => {
  const objective = objectiveConfigSchema.parse({ name: 'vicreg', variance: 16, covariance: 8 });
  expectSame(
    await evaluateLoss('flat', (model) => windowLoss(model, flatBatch(), flatOffsets, objective)),
    before.flat,
  );
});

test('vicreg behind the contract is the loss of slots as it was', async () => {
  const objective = objectiveConfigSchema.parse({ name: 'vicreg', variance: 16, covariance: 2, inverse: 1 });
  const loss = await evaluateLoss('slot', (model) =>
    slotWindowLoss(model, slotBatch(), slotOffsets, { objective, place: 20 }),
  );
  expectSame(loss, before.slot);
});
