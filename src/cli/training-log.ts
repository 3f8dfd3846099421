import { join } from 'node:path';
import { createEventLog, type EventLog, readEventLog } from '../data/tensorboard/event-log.ts';
import { writeLearningCurves } from '../eval/plots/learning-curves.ts';
import type { TrainingProgress } from '../training/training-data.ts';

/** What a training run leaves of its course: a folder for TensorBoard, and pictures of the curves in it. */
export interface TrainingLog {
  step(progress: TrainingProgress): void;
  evaluation(step: number, metrics: Readonly<Record<string, number>>): void;
  /** Ends when all is written. */
  close(): Promise<void>;
  /** Draws the curves of all that was logged, resumed runs included, and returns the files' names; none where nothing was. */
  draw(title: string): Promise<string[]>;
}

/** The folder is made when the first number comes: a run that never starts leaves none. */
export function createTrainingLog(directory: string): TrainingLog {
  let opening: Promise<EventLog> | null = null;
  const add = (group: string, step: number, values: Readonly<Record<string, number>>): void => {
    const scalars = Object.fromEntries(Object.entries(values).map(([name, value]) => [`${group}/${name}`, value]));
    opening ??= createEventLog(directory);
    // In order, since a promise's callbacks are; failures are told by `close`.
    opening.then((log) => log.add(step, scalars)).catch(() => {});
  };
  return {
    step: ({ step, learningRate, metrics }) => add('training', step, { ...metrics, 'learning-rate': learningRate }),
    evaluation: (step, metrics) => add('held-out', step, metrics),
    close: async () => (await opening)?.close(),
    async draw(title) {
      if (opening === null) return [];
      return writeLearningCurves(join(directory, 'curves'), title, await readEventLog(directory));
    },
  };
}
