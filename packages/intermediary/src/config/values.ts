import { Seconds } from '@postern/core';
import { z } from 'zod';

/** Durations are written in seconds; fractions are allowed. */
export const seconds = z
  .number()
  .nonnegative()
  .max(31 * 86_400)
  .transform(Seconds);

export const count = z.number().int().positive();
export const port = z.number().int().min(0).max(65_535);

/** Where something listens; port 0: one that the system gives. */
export const listener = z.strictObject({ host: z.string().min(1).default('0.0.0.0'), port });
