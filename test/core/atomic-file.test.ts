import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { writeFileAtomic } from '../../src/core/atomic-file.ts';
import { repositoryRoot } from '../support/source-imports.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'atomic-file-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('writes text and bytes, makes missing folders, leaves nothing else', async () => {
  await writeFileAtomic(join(folder, 'a', 'b', 'text.json'), '{"x":1}');
  await writeFileAtomic(join(folder, 'a', 'b', 'bytes.bin'), Uint8Array.of(0, 255, 7));
  expect(await readFile(join(folder, 'a', 'b', 'text.json'), 'utf8')).toBe('{"x":1}');
  expect([...(await readFile(join(folder, 'a', 'b', 'bytes.bin')))]).toEqual([0, 255, 7]);
  expect((await readdir(join(folder, 'a', 'b'))).sort()).toEqual(['bytes.bin', 'text.json']);
});

test('replaces old content whole', async () => {
  const path = join(folder, 'file');
  await writeFileAtomic(path, 'a long first content');
  await writeFileAtomic(path, 'short');
  expect(await readFile(path, 'utf8')).toBe('short');
});

test('writers at the same time leave the content of one of them', async () => {
  const path = join(folder, 'file');
  const contents = Array.from({ length: 20 }, (_, i) => String(i).repeat(10_000));
  await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['file']);
});

test('when the rename fails, the error is told, the old content stays and no temporary file is left', async () => {
  const path = join(folder, 'taken');
  await mkdir(path);
  await writeFile(join(path, 'kept'), 'old');
  await expect(writeFileAtomic(path, 'new')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/);
  expect(await readFile(join(path, 'kept'), 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['taken']);
});

test('when the folder cannot be made, nothing is written', async () => {
  await writeFile(join(folder, 'file'), 'old');
  await expect(writeFileAtomic(join(folder, 'file', 'below'), 'new')).rejects.toThrow(/ENOTDIR|EEXIST/);
  expect(await readFile(join(folder, 'file'), 'utf8')).toBe('old');
});

test('a process killed while it writes leaves the old content or the new, whole', async () => {
  const path = join(folder, 'file');
  // The module under test as plain JavaScript, in a process of its own that rewrites one file for ever.
  const module = join(folder, 'atomic-file.mjs');
  const { code } = transformFileSync(join(repositoryRoot, 'src/core/atomic-file.ts'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  });
  await writeFile(module, code);
  const script = `
    import { writeFileAtomic } from ${JSON.stringify(module)};
    for (let i = 0; ; i++) {
      await writeFileAtomic(${JSON.stringify(path)}, String(i % 10).repeat(300_000));
      if (i === 0) process.stdout.write('started');
    }`;
  for (let kill = 0; kill < 5; kill++) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 7 * kill));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    const content = await readFile(path, 'utf8');
    expect(content.length).toBe(300_000);
    expect(content).toBe(content[0]!.repeat(300_000));
  }
});
