import type { Writable } from 'node:stream';
import { Presets, SingleBar } from 'cli-progress';
import type { Frame } from '../core/contracts.ts';
import { pictureText } from './picture-text.ts';

/** Where results and everything else go: results to stdout, the rest to stderr, nothing else writes to either. */
export interface Terminal {
  /** Whether the result shall be one JSON document. */
  readonly json: boolean;
  /** Prints the result: the document under `--json`, the text otherwise. */
  result(document: unknown, text: string): void;
  /** A line for people beside the result. Silent under `--quiet`. */
  note(line: string): void;
  /** A picture on a terminal that people watch, half as many lines as it is high; nothing elsewhere. */
  picture(frame: Frame): void;
  /** A bar on a terminal that people watch; nothing elsewhere. */
  progress(label: string, total: number): Progress;
}

export interface Progress {
  /** `done` of `total`, parts of one included. `status` stands at the end of the line. */
  update(done: number, status?: string): void;
  stop(): void;
}

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean };

export interface TerminalOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether to colour what people watch. */
  readonly colours: boolean;
}

export function createTerminal({ stdout, stderr, json, quiet, colours }: TerminalOptions): Terminal {
  const isWatched = !quiet && stderr.isTTY === true;
  return {
    json,
    result(document, text) {
      stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
    },
    note(line) {
      if (!quiet) stderr.write(`${line}\n`);
    },
    picture(frame) {
      if (isWatched) stderr.write(`${pictureText(frame, colours)}\n`);
    },
    progress(label, total) {
      if (!isWatched) return { update() {}, stop() {} };
      const bar = new SingleBar(
        {
          format: `${label.padEnd(24)} {bar} {count}/{total} · {eta_formatted} left · {status}`,
          formatTime: formatSeconds,
          stream: stderr,
          hideCursor: false,
          clearOnComplete: true,
          barsize: 24,
        },
        Presets.shades_classic,
      );
      bar.start(total, 0, { count: 0, status: '' });
      return {
        update: (done, status = '') => bar.update(done, { count: Math.floor(done), status }),
        stop: () => bar.stop(),
      };
    },
  };
}

/** `4 s`, `2 min 5 s`; `?` while nothing is known. */
function formatSeconds(seconds: unknown): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return '?';
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
