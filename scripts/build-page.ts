import { copyFile, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { packageRoot } from '../src/core/package-root.ts';

/**
 * Builds the browser page into dist/page: plain files with relative paths, for any web server.
 * `npm run build:page`. What replaces Node's parts in a browser stands in package.json under `browser`.
 */
const root = packageRoot();
const page = join(root, 'dist/page');
/** ONNX Runtime's own files: the one for the processor, and the one that has WebGPU as well. */
const runtimes = ['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'];
const models = ['tabletop-small'];

await rm(page, { recursive: true, force: true });
await mkdir(join(page, 'onnxruntime'), { recursive: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'viewer/main.ts', worker: 'viewer/worker/worker.ts', style: 'viewer/style.css' },
  outdir: page,
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  splitting: true,
  minify: true,
  legalComments: 'linked',
  metafile: true,
  // ONNX Runtime with its .wasm files beside it, not inlined.
  conditions: ['onnxruntime-web-use-extern-wasm'],
  alias: { ndarray: './viewer/worker/ndarray.ts' },
  logLevel: 'warning',
});
for (const file of ['index.html', 'icon.svg']) await copyFile(join(root, 'viewer', file), join(page, file));
const runtimeFolder = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')));
for (const name of runtimes) {
  for (const extension of ['mjs', 'wasm']) {
    await copyFile(join(runtimeFolder, `${name}.${extension}`), join(page, 'onnxruntime', `${name}.${extension}`));
  }
}
for (const name of models) await cp(join(root, 'models', name), join(page, 'models', name), { recursive: true });

const kilobytes = Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
const files = await readdir(page, { recursive: true });
process.stdout.write(`dist/page: ${files.length} entries, ${kilobytes.toFixed(0)} kB of our own\n`);
