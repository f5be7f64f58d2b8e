import { describe, expect, test } from '@jest/globals';
import { type Clock, Milliseconds, rateLimiter, Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';

const used = (allowed: (key: string) => boolean, key: string, times: number): number =>
  Array.from({ length: times }, () => allowed(key)).filter(Boolean).length;

describe('a rate limit', () => {
  const limit = { burst: 10, interval: Seconds(1), mostKeys: 64 };

  test('gives each key a burst, then one more in each interval', async () => {
    const clock = new VirtualClock();
    const allowed = rateLimiter(clock, limit);
    expect([used(allowed, 'a', 20), used(allowed, 'b', 20)]).toEqual([10, 10]);
    await clock.advance(Seconds(3));
    expect(used(allowed, 'a', 20)).toBe(3);
    await clock.advance(Seconds(3_600));
    expect(used(allowed, 'a', 20)).toBe(10);
  });

  test('gives no more to somebody with many keys', () => {
    const allowed = rateLimiter(new VirtualClock(), limit);
    const counts = Array.from({ length: 5_000 }, (_, index) => used(allowed, `key-${index}`, 1));
    // 64 keys of their own, and one allowance for all others together.
    expect(counts.filter((count) => count === 1)).toHaveLength(64 + 10);
  });

  test('forgets keys that have been quiet', async () => {
    const clock = new VirtualClock();
    const allowed = rateLimiter(clock, limit);
    for (let index = 0; index < 64; index += 1) allowed(`key-${index}`);
    await clock.advance(Seconds(60));
    expect([used(allowed, 'late', 20), used(allowed, 'later', 20)]).toEqual([10, 10]);
  });

  test('lets the first one through at any moment of the clock', () => {
    for (let now = 0.1; now < 100_000; now += 13.7) {
      const clock: Clock = {
        now: new VirtualClock().now,
        monotonic: () => Milliseconds(now),
        schedule: () => ({ cancel: () => {} }),
      };
      expect(rateLimiter(clock, { burst: 1, interval: Seconds(60) })('a')).toBe(true);
    }
  });
});
