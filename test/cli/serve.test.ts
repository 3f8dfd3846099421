import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PageServer, startPageServer } from '../../src/cli/serve/page-server.ts';
import { callCommandLine } from '../support/call-command-line.ts';

let folder: string;
let root: string;
let server: PageServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'amitable-serve-'));
  root = join(folder, 'page');
  await mkdir(join(root, 'models'), { recursive: true });
  await mkdir(join(folder, 'page-beside'));
  await writeFile(join(folder, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'page-beside/secret.txt'), 'secret');
  await writeFile(join(root, 'index.html'), '<title>page</title>');
  await writeFile(join(root, 'worker.js'), 'export {};');
  await writeFile(join(root, 'models/config.json'), '{}');
  await writeFile(join(root, 'a b%20c.txt'), 'odd name');
  await symlink(join(folder, 'secret.txt'), join(root, 'link.txt'));
  await symlink(folder, join(root, 'up'));
  await symlink(join(root, 'worker.js'), join(root, 'inside.js'));
  server = await startPageServer({ root, port: 0 });
});

afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends the path as it is: clients that tidy it would hide what is tested. */
function ask(path: string, { method = 'GET', host }: { method?: string; host?: string } = {}): Promise<Answer> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers: host === undefined ? {} : { host } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the page server', () => {
  it('serves what is in its folder, by type', async () => {
    expect(await ask('/')).toMatchObject({ status: 200, body: '<title>page</title>' });
    expect((await ask('/?task=reach#x')).headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await ask('/worker.js')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(await ask('/models/config.json')).toMatchObject({ status: 200, body: '{}' });
    expect(await ask('/a%20b%2520c.txt')).toMatchObject({ status: 200, body: 'odd name' });
    expect(await ask('/inside.js')).toMatchObject({ status: 200, body: 'export {};' });
    expect(await ask('/worker.js', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    '/../secret.txt',
    '/models/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/..%2fsecret.txt',
    '/models/..%2f..%2fsecret.txt',
    '/%252e%252e/secret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/../page-beside/secret.txt',
    '//secret.txt',
    '/link.txt',
    '/up/secret.txt',
    '/up/page-beside/secret.txt',
    '/index.html%00.txt',
    '/%',
    '/models',
    '/models/',
    '/missing.js',
    'http://127.0.0.1/../secret.txt',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).toBe('404\n');
  });

  it('lets the page load nothing from elsewhere, and isolates it', async () => {
    for (const path of ['/', '/worker.js', '/missing.js']) {
      const { headers } = await ask(path);
      const policy = new Map(headers['content-security-policy']!.toString().split('; ').map(readDirective));
      expect(policy.get('default-src')).toEqual(["'none'"]);
      expect(policy.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"]);
      expect(policy.get('connect-src')).toEqual(["'self'"]);
      expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
      expect([...policy.values()].flat().filter((source) => !/^'(none|self|wasm-unsafe-eval)'$/.test(source))).toEqual(
        [],
      );
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('answers only reading, and only by a name of this machine', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await ask('/', { method })).status).toBe(405);
    for (const host of [
      'example.org',
      'example.org:8321',
      'localhost.example.org',
      '127.0.0.1.example.org',
      '10.0.0.1',
    ])
      expect((await ask('/', { host })).status).toBe(403);
    for (const host of ['localhost', 'localhost:8321', '127.0.0.1:1', '[::1]:8321'])
      expect((await ask('/', { host })).status).toBe(200);
  });

  it('can be reached from this machine only', () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
  });
});

function readDirective(directive: string): [name: string, sources: readonly string[]] {
  const [name, ...sources] = directive.split(' ');
  return [name!, sources];
}

describe('serve', () => {
  it('says where the page is, and stops when it is told to', async () => {
    const call = callCommandLine(['serve', '--root', root, '--port', '0', '--json']);
    // It listens to signals only once it serves.
    while (process.listenerCount('SIGTERM') === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    process.emit('SIGTERM');
    const { code, stdout } = await call;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/$/), root });
  });

  it('says how to build a page that is not there, and what is wrong with a port', async () => {
    const missing = await callCommandLine(['serve', '--root', join(folder, 'nowhere'), '--port', '0']);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("'npm run build:page'") });
    expect(await callCommandLine(['serve', '--root', root, '--port', '70000'])).toMatchObject({ code: 2 });
    const { port } = new URL(server.url);
    const taken = await callCommandLine(['serve', '--root', root, '--port', port]);
    expect(taken).toMatchObject({ code: 1, stderr: expect.stringContaining('choose another one with --port') });
  });
});
