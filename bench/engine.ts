/**
 * `node dist/bench/engine.js [--json] [--quick]`
 *
 * One training step of `engine/jepa-step.ts`, timed: compiled on one and on two threads, and the same function eager
 * on TensorFlow.js's `wasm` backend, which takes some ten seconds a step and is left out by `--quick`. CPU time is
 * what a busy machine distorts least; minimum and median are given, since it distorts it all the same.
 */
import { parseArgs } from 'node:util';
import { createRng } from '../src/core/rng.ts';
import { sizeOf } from '../src/engine/onnx/graph.ts';
import { initialise } from '../src/engine/parameters.ts';
import type { CompileOptions } from '../src/engine/program.ts';
import { trace } from '../src/engine/trace.ts';
import { createTrainer } from '../src/engine/trainer.ts';
import { countFlops } from './engine/count-flops.ts';
import { jepaStep } from './engine/jepa-step.ts';

interface Timing {
  readonly device: string;
  readonly threads: number;
  readonly steps: number;
  readonly compileMilliseconds: number;
  readonly cpuMilliseconds: Spread;
  readonly wallMilliseconds: Spread;
  /** After the last step: equal steps on every device, up to rounding. */
  readonly loss: number;
}

interface Spread {
  readonly least: number;
  readonly median: number;
}

const warmUpSteps = 1;
const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});

const step = jepaStep();
const parameters = initialise(step.layout, createRng(0, 'bench', 'parameters'));
const batch = makeBatch();
const { graph } = trace(step);

const steps = flags.quick ? 5 : 40;
const timings = [await time({ threads: 1 }, steps), await time({ threads: 2 }, steps)];
if (!flags.quick) timings.push(await time({ device: 'wasm' }, 2));
report(timings);

async function time(options: CompileOptions, count: number): Promise<Timing> {
  const start = performance.now();
  const trainer = await createTrainer({ step, parameters, ...options });
  const compileMilliseconds = performance.now() - start;
  const cpu: number[] = [];
  const wall: number[] = [];
  let loss = Number.NaN;
  for (let i = 0; i < warmUpSteps + count; i++) {
    const [cpuStart, wallStart] = [process.cpuUsage(), performance.now()];
    loss = (await trainer.step(batch, 1e-3)).loss!;
    const { user, system } = process.cpuUsage(cpuStart);
    if (i < warmUpSteps) continue;
    cpu.push((user + system) / 1000);
    wall.push(performance.now() - wallStart);
  }
  await trainer.dispose();
  return {
    device: options.device ?? 'native',
    threads: options.threads ?? 1,
    steps: count,
    compileMilliseconds,
    cpuMilliseconds: spread(cpu),
    wallMilliseconds: spread(wall),
    loss,
  };
}

function makeBatch(): Record<string, Float32Array> {
  const rng = createRng(0, 'bench', 'batch');
  return Object.fromEntries(
    Object.entries(step.inputs)
      .filter(([name]) => !/^(state|scalar)\./.test(name))
      .map(([name, { shape }]) => [name, Float32Array.from({ length: sizeOf(shape) }, () => rng.normal())]),
  );
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { least: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! };
}

function report(all: readonly Timing[]): void {
  const gigaflops = countFlops(graph).products / 1e9;
  const wasm = all.find(({ device }) => device === 'wasm');
  const ratios = (timing: Timing) =>
    wasm && {
      cpu: wasm.cpuMilliseconds.median / timing.cpuMilliseconds.median,
      wall: wasm.wallMilliseconds.median / timing.wallMilliseconds.median,
    };
  const runs = all.map((timing) => ({ ...timing, timesFasterThanWasm: ratios(timing) }));
  if (flags.json) {
    const summary = { parameters: step.layout.size, nodes: graph.nodes.length, gigaflops, runs };
    console.log(JSON.stringify({ schema: 'amitable.bench-engine/1', ...summary }, null, 2));
    return;
  }
  console.log(
    `training step: ${step.layout.size} parameters, ${graph.nodes.length} ONNX nodes, ${gigaflops.toFixed(1)} GFLOP in matrix products`,
  );
  console.log('device   threads  CPU ms least/median  wall ms least/median  compile ms  x faster than wasm CPU/wall');
  for (const { device, threads, cpuMilliseconds: cpu, wallMilliseconds: wall, ...rest } of runs) {
    const faster = rest.timesFasterThanWasm;
    console.log(
      [
        device.padEnd(8),
        String(threads).padStart(7),
        `${cpu.least.toFixed(0)} / ${cpu.median.toFixed(0)}`.padStart(20),
        `${wall.least.toFixed(0)} / ${wall.median.toFixed(0)}`.padStart(21),
        rest.compileMilliseconds.toFixed(0).padStart(11),
        faster === undefined ? '' : `${faster.cpu.toFixed(1)} / ${faster.wall.toFixed(1)}`.padStart(29),
      ].join(' '),
    );
  }
}
