import { describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { createRateLimit } from '../../src/domain/rate-limit.ts';

const used = (mayAsk: (address: string) => boolean, address: string, requests: number): number =>
  Array.from({ length: requests }, () => mayAsk(address)).filter(Boolean).length;

describe('the rate limit of the plain path', () => {
  test('gives each address a burst, then one request a second', async () => {
    const clock = new VirtualClock();
    const mayAsk = createRateLimit(clock);
    expect(used(mayAsk, 'a', 20)).toBe(10);
    expect(used(mayAsk, 'b', 20)).toBe(10);
    await clock.advance(Seconds(3));
    expect(used(mayAsk, 'a', 20)).toBe(3);
    await clock.advance(Seconds(3_600));
    expect(used(mayAsk, 'a', 20)).toBe(10);
  });

  test('gives no more to somebody with many addresses', () => {
    const mayAsk = createRateLimit(new VirtualClock());
    const allowed = Array.from({ length: 5_000 }, (_, index) => used(mayAsk, `address-${index}`, 1));
    // 64 addresses of their own, and one allowance for all others together.
    expect(allowed.filter((count) => count === 1)).toHaveLength(64 + 10);
  });

  test('forgets addresses that have been quiet', async () => {
    const clock = new VirtualClock();
    const mayAsk = createRateLimit(clock);
    for (let index = 0; index < 64; index += 1) mayAsk(`address-${index}`);
    await clock.advance(Seconds(60));
    expect(used(mayAsk, 'late', 20)).toBe(10);
    expect(used(mayAsk, 'later', 20)).toBe(10);
  });
});
