import { z } from 'zod';
import { UsageError } from '../core/errors.ts';
import { type BenchReport, benchSchema } from '../eval/bench-report.ts';

const count = z.number().int().min(0);

/** What is read of a report here; other fields pass as they are. */
const reportFile = z.looseObject({
  schema: z.literal(benchSchema),
  results: z.array(
    z.looseObject({
      task: z.string(),
      policy: z.string(),
      planner: z.string().nullable(),
      episodes: count,
      successes: count,
      successRate: z.number(),
      wilson95: z.tuple([z.number(), z.number()]),
      violationEpisodes: count,
      planMillisecondsMedian: z.number().nullable(),
      evaluationsPerPlan: z.number().nullable(),
    }),
  ),
  environment: z.looseObject({}),
});

/** Checked data as a report. @throws UsageError that says what is wrong where */
export function parseReport(data: unknown, source: string): BenchReport {
  const result = reportFile.safeParse(data);
  if (result.success) return data as BenchReport;
  const [issue] = result.error.issues;
  throw new UsageError(
    `'${source}' is not a report that 'bench' or 'run' wrote: ${issue!.path.join('.')}: ${issue!.message}`,
  );
}
