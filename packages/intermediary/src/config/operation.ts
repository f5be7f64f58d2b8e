import { z } from 'zod';
import { rhythmMistake } from '../domain/local/rhythm.ts';

/** What people at the site do. */
export const operation = z.strictObject({
  /** The Unix socket of the operation port, when `operation.sock` in the data directory has too long a path. */
  socket: z.string().min(1).optional(),
});

/** What is done by itself. */
export const scheduleEntry = z.strictObject({
  task: z.enum(['check-versions', 'collect-logs', 'read-counters']),
  /** `every SECONDS`, an ISO 8601 period such as `PT6H`, or a cron expression of five fields such as `0 3 * * 1-5`. */
  expression: z
    .string()
    .min(1)
    .max(64)
    .superRefine((expression, context) => {
      const mistake = rhythmMistake(expression);
      if (mistake !== undefined) context.addIssue({ code: 'custom', message: mistake });
    }),
});
