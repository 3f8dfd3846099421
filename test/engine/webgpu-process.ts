/**
 * A process of its own that computes on a GPU, whose driver is chosen as a process starts: `TASK` has the agents of
 * both devices decide once about the same start of an episode and prints their actions; `train` makes three training steps
 * on each and prints the losses; `probe` prints nothing, and fails where there is no GPU.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from '../../src/agent/create-agent.ts';
import { requireDevice } from '../../src/engine/devices.ts';
import { createEnvironment } from '../../src/env/create-environment.ts';
import { taskById } from '../../src/env/registry.ts';
import { train } from '../../src/training/train.ts';
import { tinyTwoRooms } from '../training/tiny-recipes.ts';

type Device = 'native' | 'webgpu';
const what = process.argv[2]!;

await requireDevice('webgpu');
const compute = what === 'train' ? losses : (device: Device) => action(device, what);
if (what !== 'probe') process.stdout.write(`${JSON.stringify([await compute('native'), await compute('webgpu')])}\n`);
// The driver's own threads may go on.
process.exit(0);

async function action(device: Device, id: string): Promise<number[]> {
  const spec = taskById(id);
  const { observation, instruction } = createEnvironment(spec).reset({ seed: 1 });
  // One round of random plans: its best is the best on any device, where a later round would build on the bits of this one.
  const agent = await createAgent({
    ...{ world: spec.world ?? 'tabletop', device, planner: 'random-shooting', evaluations: 24 },
  });
  await agent.begin([{ instruction, seed: 1 }]);
  const [decision] = await agent.act([observation]);
  return [...decision!.action];
}

async function losses(device: Device): Promise<number[]> {
  const out = mkdtempSync(join(tmpdir(), 'amitable-gpu-'));
  const seen: number[] = [];
  const recipe = { ...tinyTwoRooms(), stages: [{ name: 'play', steps: 3, learningRate: 1e-3, warmupSteps: 1 }] };
  const events = { onStep: ({ metrics }: { metrics: Readonly<Record<string, number>> }) => seen.push(metrics.loss!) };
  try {
    await train({ recipe, seed: 0, out, resume: false, device, events });
  } finally {
    rmSync(out, { recursive: true });
  }
  return seen;
}
