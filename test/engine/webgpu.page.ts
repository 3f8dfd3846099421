/**
 * On a GPU, or on the one in software that Chromium brings along. Hence beside the tests of the page.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromiumPath } from '../support/chromium.ts';
import { compileSources } from '../support/compile-sources.ts';
import { repositoryRoot } from '../support/source-imports.ts';

/** A driver that computes on the processor; undefined where there is none. */
const driver = ['/usr/lib/chromium', ...(chromiumPath === undefined ? [] : [dirname(realpathSync(chromiumPath))])]
  .map((folder) => join(folder, 'libvk_swiftshader.so'))
  .find(existsSync);
const sources = compileSources('src', 'test/engine', 'test/training');
symlinkSync(join(repositoryRoot, 'models'), join(sources, 'models'));
afterAll(() => rmSync(sources, { recursive: true }));

/** What a process prints that has this driver. */
function runOn(library: string, what: string): string {
  const manifest = join(sources, 'driver.json');
  const ICD = { library_path: library, api_version: '1.1.0' };
  writeFileSync(manifest, JSON.stringify({ file_format_version: '1.0.0', ICD }));
  return execFileSync(process.execPath, [join(sources, 'test/engine/webgpu-process.js'), what], {
    encoding: 'utf8',
    env: {
      ...{ ...process.env, VK_DRIVER_FILES: manifest, VK_ICD_FILENAMES: manifest },
      // The loader beside the driver, and a folder of which the driver complains where there is none.
      ...{ LD_LIBRARY_PATH: dirname(library), XDG_RUNTIME_DIR: sources },
    },
  });
}

/** Not where there is none, or where it is not let work: it compiles what it runs. */
function works(): boolean {
  if (driver === undefined) return false;
  try {
    runOn(driver, 'probe');
    return true;
  } catch {
    return false;
  }
}

const suite = works() ? describe : describe.skip;
if (suite === describe.skip) process.stderr.write('SKIPPED: no Chromium with a GPU in software on this machine\n');

suite('on WebGPU', () => {
  const compare = (what: string): [native: number[], webgpu: number[]] => JSON.parse(runOn(driver!, what));

  test.each(['two-rooms', 'push-to-goal', 'push-t'])('the agent decides as on the processor: %s', (task) => {
    const [native, webgpu] = compare(task);
    expect(native.some((x) => Math.abs(x) > 0.01)).toBe(true);
    expect(webgpu).toEqual(native);
  });

  test('training steps have the losses that they have on the processor', () => {
    const [native, webgpu] = compare('train');
    expect(native).toHaveLength(3);
    for (const [i, loss] of native.entries()) expect(Math.abs(webgpu[i]! / loss - 1)).toBeLessThan(1e-3);
  });
});
