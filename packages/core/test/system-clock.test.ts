import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Days, systemClock } from '@postern/core';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('a timer longer than Node allows fires when its time has come, and not before', () => {
  const callback = jest.fn();
  systemClock.schedule(Days(31), callback);
  jest.advanceTimersByTime(Days(30));
  expect(callback).not.toHaveBeenCalled();
  jest.advanceTimersByTime(Days(1));
  expect(callback).toHaveBeenCalledTimes(1);
});

test('it can be cancelled after it was set again', () => {
  const callback = jest.fn();
  const timer = systemClock.schedule(Days(31), callback);
  jest.advanceTimersByTime(Days(26));
  timer.cancel();
  jest.advanceTimersByTime(Days(10));
  expect(callback).not.toHaveBeenCalled();
});
