/**
 * `node dist/bench/train.js [--configs two-rooms,tabletop-small] [--steps 20] [--threads 1] [--json]`
 *
 * Whole training steps a second of the shipped configurations, and where the time goes: playing, perceiving, putting
 * batches together, the step itself, evaluation. A little of each is measured and reckoned up to the whole recipe; the
 * agent's own episodes, stages on latents encoded once and the calibration are left out. CPU time is
 * what a busy machine distorts least: the rate is steps a CPU-second, and a wall-clock second of that many free cores.
 */
import { parseArgs } from 'node:util';
import { UsageError } from '../src/core/errors.ts';
import { inTurn } from '../src/core/in-turn.ts';
import { createRng } from '../src/core/rng.ts';
import { initialise, layoutOf } from '../src/engine/parameters.ts';
import { trace } from '../src/engine/trace.ts';
import { createTrainer } from '../src/engine/trainer.ts';
import { twoRoomsTrajectory } from '../src/env/two-rooms/play.ts';
import { createEvaluator } from '../src/training/evaluator.ts';
import { withNoise } from '../src/training/noise.ts';
import { createPerceiver } from '../src/training/perceiver.ts';
import { prepareTrainingData } from '../src/training/prepare-training-data.ts';
import type { Recipe } from '../src/training/recipe.ts';
import { recipeByName, recipeNames } from '../src/training/recipes.ts';
import { createStageStep } from '../src/training/stage-step.ts';
import { playEpisode } from '../src/training/tabletop-play.ts';
import type { TrainingData } from '../src/training/training-data.ts';
import type { ModelConfig } from '../src/world-model/config.ts';
import { createObjective } from '../src/world-model/objectives/create-objective.ts';
import { worldModelSpecs } from '../src/world-model/world-model.ts';
import { countFlops } from './engine/count-flops.ts';

const { values: flags } = parseArgs({
  options: {
    configs: { type: 'string', default: recipeNames.join(',') },
    steps: { type: 'string', default: '20' },
    threads: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});

const parts = ['play', 'perceive', 'batches', 'step', 'evaluation'] as const;
type Part = (typeof parts)[number];

interface Report {
  readonly config: string;
  readonly parameters: number;
  readonly gigaflops: { readonly products: number; readonly elementwise: number };
  readonly onnxNodes: number;
  readonly batch: number;
  /** Median CPU milliseconds of the step alone. */
  readonly stepMilliseconds: number;
  /** Of whole steps, all parts included. */
  readonly stepsPerCpuSecond: number;
  /** Of the whole recipe: CPU-seconds reckoned up from what was measured. */
  readonly cpuSeconds: Readonly<Record<Part, number>>;
}

const seed = 0;
const steps = wholeNumber('steps', flags.steps);
const compile = { threads: wholeNumber('threads', flags.threads) };
/** Played for each measurement. */
const sample = { trajectories: 200, episodes: 20 };

const reports = await inTurn(flags.configs.split(','), (name) => measure(recipeByName(name)));
const settings = { steps, ...compile };
if (flags.json)
  console.log(JSON.stringify({ schema: 'amitable.bench-train/1', ...settings, configs: reports }, null, 2));
else for (const each of reports) console.log(`${describe(each)}\n`);

async function measure(recipe: Recipe): Promise<Report> {
  const data = await prepareTrainingData(little(recipe), seed, compile, {});
  const layout = layoutOf(worldModelSpecs(data.config));
  const stage = recipe.stages[0]!;
  const noise = createObjective(recipe.objective).noise(data.objectiveSize);
  const never = () => {
    throw new TypeError('the first stage plays nothing of its own');
  };
  const source = withNoise(await data.stageBatches(stage, 0, never), noise, seed, stage.name);
  const step = createStageStep({ recipe, stage, data, layout, inputs: source.inputs });
  const { graph } = trace(step);
  const parameters = initialise(layout, createRng(seed, 'initialise'));
  const trainer = await createTrainer({ step, parameters, ...compile });
  const times = { batch: [] as number[], step: [] as number[] };
  for (let i = 0; i <= steps; i++) {
    const start = cpuSeconds();
    const batch = source.batchAt(i);
    const drawn = cpuSeconds();
    await trainer.step(batch, 1e-4);
    // The first warms up.
    if (i === 0) continue;
    times.batch.push(drawn - start);
    times.step.push(cpuSeconds() - drawn);
  }
  await trainer.dispose();
  const all = recipe.stages.reduce((sum, { steps: count, encodedOnce }) => sum + (encodedOnce ? 0 : count), 0);
  const { products, elementwise } = countFlops(graph);
  const total = {
    ...(await dataSeconds(recipe, data.config)),
    batches: all * median(times.batch),
    step: all * median(times.step),
    evaluation: Math.ceil(all / recipe.evaluateEvery) * (await evaluationSeconds(recipe, data, parameters)),
  };
  return {
    config: recipe.name,
    parameters: layout.size,
    gigaflops: { products: products / 1e9, elementwise: elementwise / 1e9 },
    onnxNodes: graph.nodes.length,
    batch: recipe.batch,
    stepMilliseconds: 1000 * median(times.step),
    stepsPerCpuSecond: all / parts.reduce((sum, part) => sum + total[part], 0),
    cpuSeconds: total,
  };
}

/** Enough data for some batches. */
function little(recipe: Recipe): Recipe {
  const { data } = recipe;
  return {
    ...recipe,
    data:
      data.kind === 'two-rooms-play'
        ? { ...data, trajectories: sample.trajectories }
        : { ...data, episodes: sample.episodes },
  };
}

/** Of all play that the recipe trains on. */
async function dataSeconds(
  recipe: Recipe,
  { encoder, frame }: ModelConfig,
): Promise<Record<'play' | 'perceive', number>> {
  const { data } = recipe;
  const start = cpuSeconds();
  if (data.kind === 'two-rooms-play') {
    const { frames } = data;
    for (let i = 0; i < sample.trajectories; i++) {
      twoRoomsTrajectory(createRng(seed, 'bench', i), { frames, blockLength: recipe.model.actionRepeat });
    }
    return { play: ((cpuSeconds() - start) * data.trajectories) / sample.trajectories, perceive: 0 };
  }
  const played = Array.from({ length: sample.episodes }, (_, i) => playEpisode(data, seed, 'bench', i));
  const middle = cpuSeconds();
  if (encoder.kind !== 'colour-slots') return { play: middle - start, perceive: 0 };
  const perceiver = await createPerceiver(encoder, frame, compile);
  const pictures = played.map(({ frames }) => frames.map(({ data: pixels }) => pixels));
  await perceiver.perceive(pictures[0]!);
  const ready = cpuSeconds();
  for (const each of pictures) await perceiver.perceive(each);
  const share = data.episodes / sample.episodes;
  const perceive = (cpuSeconds() - ready) * share;
  await perceiver.dispose();
  return { play: (middle - start) * share, perceive };
}

async function evaluationSeconds(recipe: Recipe, data: TrainingData, parameters: Float32Array): Promise<number> {
  const layout = layoutOf(worldModelSpecs(data.config));
  const evaluator = createEvaluator({ recipe, data, layout, seed, ...compile });
  // The first compiles.
  await evaluator.evaluate({ parameters, teacher: null });
  const start = cpuSeconds();
  await evaluator.evaluate({ parameters, teacher: null });
  const time = cpuSeconds() - start;
  await evaluator.dispose();
  return time;
}

function describe({ config, parameters, gigaflops, onnxNodes, batch, ...rest }: Report): string {
  const total = parts.reduce((sum, part) => sum + rest.cpuSeconds[part], 0);
  const share = (part: Part) => `${part} ${((100 * rest.cpuSeconds[part]) / total).toFixed(1)} %`;
  const { products } = gigaflops;
  return [
    `${config}: ${parameters.toLocaleString('en')} parameters, batches of ${batch}, ${onnxNodes} ONNX nodes`,
    `  a step: ${products.toFixed(2)} GFLOP in products and convolutions, ${gigaflops.elementwise.toFixed(3)} element-wise; ${rest.stepMilliseconds.toFixed(1)} ms CPU, ${((1000 * products) / rest.stepMilliseconds).toFixed(1)} GFLOP/s`,
    `  whole training: ${rest.stepsPerCpuSecond.toFixed(2)} steps a CPU-second, ${(total / 60).toFixed(1)} CPU-minutes: ${parts.map(share).join(', ')}`,
  ].join('\n');
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function wholeNumber(flag: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${flag} takes whole numbers from 1, got '${text}'`);
  return value;
}
