/**
 * What latents hold of where the walls are: node dist/scripts/measure-layout.js [--model A,B] [--layouts N] [--steps N]
 * [--seed N] [--threads N]. A perceptron learns, from play in layouts of its own, to read the wall's x, the door's y and
 * the dot's place from encoded latents; then it reads other layouts' latents, encoded and imagined. Root mean square
 * errors in pixels of the 65-pixel field. The reader serves the measurement alone: nothing plans by it.
 */
import { parseArgs } from 'node:util';
import { shippedModelDirectory } from '../src/agent/create-agent.ts';
import { createRng } from '../src/core/rng.ts';
import { compile } from '../src/engine/compile.ts';
import { fitPerceptron, type Perceptron } from '../src/engine/fit-perceptron.ts';
import { constants } from '../src/engine/parameters.ts';
import { tf } from '../src/engine/tf.ts';
import { fieldSize } from '../src/env/two-rooms/field.ts';
import { encodeTrajectories, type LatentTrajectories } from '../src/training/latent-windows.ts';
import { playTrajectories, type Trajectories } from '../src/training/two-rooms-windows.ts';
import { latentSize } from '../src/world-model/config.ts';
import { loadModel, type StoredModel } from '../src/world-model/model-store.ts';
import { bindWorldModel } from '../src/world-model/world-model.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    layouts: { type: 'string', default: '12000' },
    steps: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '0' },
    threads: { type: 'string', default: '1' },
  },
});
const layouts = wholeNumber('layouts', values.layouts, 1);
const steps = wholeNumber('steps', values.steps, 1);
const seed = wholeNumber('seed', values.seed);
const threads = wholeNumber('threads', values.threads, 1);

const heldOut = 1000;
/** Blocks imagined: as far as the shipped model plans. */
const horizon = 20;
const shownAt = [0, 1, 4, 8, 20];
const named = ['wall x', 'door y', 'dot x', 'dot y'] as const;

interface Seen {
  readonly trajectories: Trajectories;
  readonly encoded: LatentTrajectories;
  /** Frames of a trajectory that are seen: those at starts of blocks. */
  readonly frames: number;
}

async function look(model: StoredModel, count: number, blocks: number, split: string): Promise<Seen> {
  const { actionRepeat } = model.config;
  const trajectories = playTrajectories(count, blocks * actionRepeat + 1, actionRepeat, seed, `layout-${split}`);
  return { trajectories, encoded: await encodeTrajectories(model, trajectories, { threads }), frames: blocks + 1 };
}

/** What is to be read at a frame, field widths. */
function truth({ trajectories }: Seen, index: number, frame: number, blockLength: number): number[] {
  const at = 2 * (index * trajectories.frames + frame * blockLength);
  const { wallX, doorY, positions } = trajectories;
  return [wallX[index]!, doorY[index]!, positions[at]!, positions[at + 1]!].map((x) => x / fieldSize);
}

/** Learns to read encoded latents [R, D]: what is named, [R, 4]. */
function learnToRead(model: StoredModel, seen: Seen): Promise<Perceptron> {
  const size = latentSize(model.config);
  return fitPerceptron({
    name: 'reader',
    features: size,
    targets: named.length,
    steps,
    peak: 2e-3,
    rngFor: (purpose) => createRng(seed, 'reader', purpose),
    draw(rng, features, targets) {
      const [index, frame] = [rng.integer(seen.trajectories.count), rng.integer(seen.frames)];
      const first = (index * seen.frames + frame) * size;
      features.set(seen.encoded.latents.subarray(first, first + size));
      targets.set(truth(seen, index, frame, model.config.actionRepeat));
    },
    threads,
  });
}

/** Root mean square errors in pixels, [what][shownAt], of latents imagined from the first frame's, which is the first. */
async function measure(model: StoredModel): Promise<number[][]> {
  const size = latentSize(model.config);
  const read = await learnToRead(model, await look(model, layouts, 1, 'learn'));
  const seen = await look(model, heldOut, horizon, 'read');
  const reader = await compile(
    {
      name: 'read-layouts',
      inputs: {
        latents: { shape: [heldOut, horizon + 1, size] },
        actions: { shape: [heldOut, horizon * 2] },
      },
      run({ latents, actions }) {
        const bound = bindWorldModel(model.config, constants(model.parameters, model.layout));
        const first = tf.slice(latents!, [0, 0, 0], [heldOut, 1, size]);
        const imagined = bound.imagine(first, tf.split(actions!, horizon, 1)).latents;
        return { read: read(tf.reshape(tf.concat([...imagined], 1), [heldOut * (horizon + 1), size])) };
      },
    },
    { threads },
  );
  const found = (await reader.run({ latents: seen.encoded.latents, actions: seen.encoded.actions })).read!;
  await reader.dispose();
  const error = (what: number, frame: number): number => {
    let sum = 0;
    for (let index = 0; index < heldOut; index++) {
      const at = (index * (horizon + 1) + frame) * named.length + what;
      sum += (found[at]! - truth(seen, index, frame, model.config.actionRepeat)[what]!) ** 2;
    }
    return fieldSize * Math.sqrt(sum / heldOut);
  };
  return named.map((_, what) => shownAt.map((frame) => error(what, frame)));
}

console.log(
  `| model | read of | seen | ${shownAt
    .slice(1)
    .map((k) => `imagined ${k} blocks ahead`)
    .join(' | ')} |`,
);
console.log(`|---|---|${shownAt.map(() => '---').join('|')}|`);
for (const folder of (values.model ?? shippedModelDirectory('two-rooms')).split(',')) {
  const rows = await measure(await loadModel(folder));
  for (const [what, errors] of rows.entries()) {
    const cells = errors.map((pixels) => pixels.toFixed(2));
    console.log(`| ${what === 0 ? folder : ''} | ${named[what]} | ${cells.join(' | ')} |`);
  }
}
