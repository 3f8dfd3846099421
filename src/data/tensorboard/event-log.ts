import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeEvents, encodeEvent, encodeFileVersion, type ScalarEvent } from './event-file.ts';

/** A folder that TensorBoard reads (`tensorboard --logdir`), written as a run goes. */
export interface EventLog {
  /** Keeps numbers of a step. Written at once or a little later, in order. */
  add(step: number, scalars: Readonly<Record<string, number>>): void;
  /** Ends when all is written. @throws what writing failed with */
  close(): Promise<void>;
}

/** Starts a file of its own in the folder: a run that is resumed adds to what was logged before. */
export async function createEventLog(directory: string): Promise<EventLog> {
  await mkdir(directory, { recursive: true });
  const seconds = Date.now() / 1000;
  const earlier = (await eventFiles(directory)).length;
  // TensorBoard reads files in the order of their names.
  const path = join(
    directory,
    `events.out.tfevents.${Math.floor(seconds)}.${String(earlier).padStart(3, '0')}.amitable`,
  );
  await writeFile(path, encodeFileVersion(seconds));
  let waiting: Uint8Array[] = [];
  let writing = Promise.resolve();
  const write = (): void => {
    const bytes = Buffer.concat(waiting);
    waiting = [];
    writing = writing.then(() => appendFile(path, bytes));
    // Told by `close`.
    writing.catch(() => {});
  };
  return {
    add(step, scalars) {
      waiting.push(encodeEvent({ wallSeconds: Date.now() / 1000, step, scalars }));
      if (waiting.length === 1) setImmediate(write);
    },
    async close() {
      if (waiting.length > 0) write();
      await writing;
    },
  };
}

/** All that was logged in a folder, in order of steps; what was logged twice counts as the later run has it. */
export async function readEventLog(directory: string): Promise<ScalarEvent[]> {
  const byStep = new Map<string, ScalarEvent>();
  for (const name of await eventFiles(directory)) {
    const path = join(directory, name);
    for (const event of decodeEvents(await readFile(path), path))
      byStep.set(`${event.step} ${Object.keys(event.scalars).join()}`, event);
  }
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

async function eventFiles(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.startsWith('events.out.tfevents.')).sort();
}
