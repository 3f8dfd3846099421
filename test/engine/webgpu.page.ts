/**
 * On a GPU, or on the one in software that Chromium brings along. Hence beside the tests of the page.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromiumPath } from '../support/chromium.ts';
import { compileSources } from '../support/compile-sources.ts';
import { repositoryRoot } from '../support/source-imports.ts';

const inSoftware = ['/usr/lib/chromium', ...(chromiumPath === undefined ? [] : [dirname(realpathSync(chromiumPath))])]
  .map((folder) => join(folder, 'libvk_swiftshader.so'))
  .find(existsSync);
const suite = inSoftware === undefined ? describe.skip : describe;
if (inSoftware === undefined) process.stderr.write('SKIPPED: no Chromium with a GPU in software on this machine\n');

suite('on WebGPU', () => {
  let sources: string;
  beforeAll(() => {
    sources = compileSources('src', 'test/engine', 'test/training');
  });
  afterAll(() => rmSync(sources, { recursive: true }));

  const compare = (...what: readonly string[]): [native: number[], webgpu: number[]] => {
    const driver = join(sources, 'driver.json');
    const ICD = { library_path: inSoftware, api_version: '1.1.0' };
    writeFileSync(driver, JSON.stringify({ file_format_version: '1.0.0', ICD }));
    const output = execFileSync(process.execPath, [join(sources, 'test/engine/webgpu-process.js'), ...what], {
      encoding: 'utf8',
      env: {
        ...{ ...process.env, VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver },
        // The loader beside the driver, and a folder of which the driver complains where there is none.
        ...{ LD_LIBRARY_PATH: dirname(inSoftware!), XDG_RUNTIME_DIR: sources },
      },
    });
    return JSON.parse(output);
  };

  test.each(['two-rooms', 'push-to-goal', 'push-t'])('the agent decides as on the processor: %s', (task) => {
    const [native, webgpu] = compare(join(repositoryRoot, 'models'), task);
    expect(native.some((x) => Math.abs(x) > 0.01)).toBe(true);
    expect(webgpu).toEqual(native);
  });

  test('training steps have the losses that they have on the processor', () => {
    const [native, webgpu] = compare('train');
    expect(native).toHaveLength(3);
    for (const [i, loss] of native.entries()) expect(Math.abs(webgpu[i]! / loss - 1)).toBeLessThan(1e-3);
  });
});
