import { type Clock, type Duration, Milliseconds } from '@postern/core';

export interface RateLimit {
  /** How many may come at once. */
  readonly burst: number;
  /** In which time one more becomes free. */
  readonly interval: Duration;
}

/**
 * Token buckets by key. Full buckets are forgotten, so that the map holds only who was here lately.
 *
 * @returns whether one more of `key` is within the limit
 */
export const rateLimiter = (clock: Clock, { burst, interval }: RateLimit): ((key: string) => boolean) => {
  // Per key: when its bucket is full again.
  const fullAt = new Map<string, Duration>();
  return (key) => {
    const now = clock.monotonic();
    for (const [other, at] of fullAt) if (at <= now) fullAt.delete(other);
    const next = Math.max(fullAt.get(key) ?? now, now) + interval;
    if (next - now > burst * interval) return false;
    fullAt.set(key, Milliseconds(next));
    return true;
  };
};
