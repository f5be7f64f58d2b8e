import type { Clock } from './clock.ts';
import { type Duration, Milliseconds } from './duration.ts';

/** How much of something is let through. */
export interface RateLimit {
  /** How many may come at once. */
  readonly burst: number;
  /** In which time one more becomes free. */
  readonly interval: Duration;
  /** Keys that are told apart; all beyond share one allowance, so that many keys are no way around the limit. Default 1,000. */
  readonly mostKeys?: number;
}

/** Stands for all keys beyond the limit; no name or address is empty. */
const CROWD = '';

/**
 * Token buckets by key. A bucket that is full again is forgotten when room is needed, so the memory is bounded.
 *
 * @returns whether one more of `key` is within the limit now
 */
export const rateLimiter = (
  clock: Clock,
  { burst, interval, mostKeys = 1_000 }: RateLimit,
): ((key: string) => boolean) => {
  /** Per key: when its bucket is full again. */
  const fullAt = new Map<string, Duration>();
  const forgetFull = (now: Duration): void => {
    for (const [key, at] of fullAt) if (at <= now) fullAt.delete(key);
  };
  return (key) => {
    const now = clock.monotonic();
    if (!fullAt.has(key) && fullAt.size >= mostKeys) forgetFull(now);
    const bucket = fullAt.has(key) || fullAt.size < mostKeys ? key : CROWD;
    // How long what was taken takes to come back. Compared as a difference: a sum with the clock's fractions would round.
    const owed = Math.max((fullAt.get(bucket) ?? now) - now, 0);
    if (owed > (burst - 1) * interval) return false;
    fullAt.set(bucket, Milliseconds(now + owed + interval));
    return true;
  };
};
