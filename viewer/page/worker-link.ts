import type { Report, Request } from '../protocol.ts';

/** The worker in which everything runs but the drawing. */
export interface WorkerLink {
  send(request: Request): void;
}

export function connect(onReport: (report: Report) => void): WorkerLink {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'amitable' });
  worker.onmessage = ({ data }: MessageEvent<Report>) => onReport(data);
  worker.onerror = (event) => {
    onReport({ type: 'failed', message: `the worker stopped: ${event.message || 'it could not be loaded'}` });
  };
  return { send: (request) => worker.postMessage(request) };
}
