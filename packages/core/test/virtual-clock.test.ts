import { expect, test } from '@jest/globals';
import { Milliseconds, PosternError, Seconds, sleep, withDeadline } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';

test('timers fire in order of due time, and sleep resolves on virtual time', async () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  clock.schedule(Seconds(2), () => order.push('second'));
  clock.schedule(Seconds(1), () => order.push('first'));
  const slept = sleep(clock, Seconds(3)).then(() => order.push('slept'));
  await clock.advance(Seconds(3));
  await slept;
  expect(order).toEqual(['first', 'second', 'slept']);
  expect(clock.pending).toBe(0);
});

test('sleep rejects as soon as it is cancelled and leaves no timer', async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const sleeping = sleep(clock, Seconds(3), controller.signal);
  controller.abort();
  await expect(sleeping).rejects.toMatchObject({ code: 'cancelled' });
  expect(clock.pending).toBe(0);
});

test('a deadline aborts the work and says what took too long', async () => {
  const clock = new VirtualClock();
  let seen: unknown;
  const result = withDeadline(clock, Milliseconds(10), 'the test', undefined, (signal) => {
    signal.addEventListener('abort', () => {
      seen = signal.reason;
    });
    return new Promise<never>(() => {});
  });
  const expectation = expect(result).rejects.toMatchObject({
    code: 'deadline-exceeded',
    message: expect.stringContaining('the test'),
  });
  await clock.advance(Milliseconds(10));
  await expectation;
  expect(seen).toBeInstanceOf(PosternError);
});
