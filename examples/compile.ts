import { compile, type Program, runEager, tf } from 'amitable';

const program: Program = {
  name: 'centre',
  inputs: { x: { shape: [8, 3] } },
  run: ({ x }) => ({ y: tf.sub(x!, tf.mean(x!, 0, true)) }),
};
const x = Float32Array.from({ length: 24 }, (_, i) => Math.sqrt(i));

const executable = await compile(program, { device: 'native', threads: 2 });
const { y } = await executable.run({ x });
const { y: expected } = await runEager(program, { x });
console.log(
  y!.every((value, i) => Math.abs(value - expected![i]!) < 1e-6),
  executable.onnx.length,
  'bytes of ONNX',
);
await executable.dispose();
