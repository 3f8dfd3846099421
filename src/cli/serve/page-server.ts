import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { RunError } from '../../core/errors.ts';

export interface PageServerOptions {
  /** The folder that is served; nothing outside of it, not through links either. */
  readonly root: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Loopback: no other machine can reach it. */
const host = '127.0.0.1';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

/**
 * The page may load what lies beside it and nothing else, run no text as a program (WebAssembly it may compile), and be
 * shown in no other page. Isolation gives it shared memory, which threads of WebAssembly need.
 */
const headers: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

/** Serves a folder of plain files to browsers on this machine. @throws RunError where the port can't be had */
export async function startPageServer({ root, port }: PageServerOptions): Promise<PageServer> {
  const realRoot = await realpath(root);
  const server = createServer((request, response) => {
    answer(realRoot, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is taken; choose another one with --port' : error.message;
      reject(new RunError(`cannot listen on port ${port} of ${host}: ${why}`));
    });
    server.listen(port, host, resolve);
  });
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    refuse(response, 405);
    return;
  }
  // A page elsewhere can have its own name lead to this machine: it would be of that origin, not ours.
  if (!isLoopbackHost(request.headers.host)) {
    refuse(response, 403);
    return;
  }
  const file = await fileAt(root, request.url ?? '/');
  if (file === null) {
    refuse(response, 404);
    return;
  }
  response.setHeader('content-type', types[extname(file.path)] ?? 'application/octet-stream');
  response.setHeader('content-length', file.size);
  if (request.method === 'HEAD') response.end();
  else await pipeline(createReadStream(file.path), response);
}

function refuse(response: ServerResponse, status: 403 | 404 | 405): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${status}\n`);
}

/** `localhost`, `127.x.x.x` or `[::1]`, with or without a port. */
function isLoopbackHost(name: string | undefined): boolean {
  const bare = (name ?? '').replace(/:\d+$/, '').toLowerCase();
  return bare === 'localhost' || bare === '[::1]' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/** The regular file that a request asks for, if it really lies in the folder. */
async function fileAt(root: string, url: string): Promise<{ readonly path: string; readonly size: number } | null> {
  const path = pathOf(url);
  if (path === null) return null;
  try {
    const real = await realpath(join(root, path));
    if (!real.startsWith(root + sep)) return null;
    const { size, isFile } = await stat(real).then((entry) => ({ size: entry.size, isFile: entry.isFile() }));
    return isFile ? { path: real, size } : null;
  } catch {
    return null;
  }
}

/** The path within the folder that a URL names; null where it is none that this page has. */
function pathOf(url: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(url.replace(/[?#].*$/s, ''));
  } catch {
    return null;
  }
  // Decoded once: what is still encoded is part of a name. Backslashes separate on Windows.
  if (!path.startsWith('/') || /[\\\0]/.test(path)) return null;
  const parts = path.slice(1).split('/');
  if (parts.some((part) => part === '..' || part === '.')) return null;
  return path === '/' ? 'index.html' : parts.join(sep);
}
