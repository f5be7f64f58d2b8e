import { expect, test } from '@jest/globals';
import { Minutes, Seconds } from '@postern/core';
import { pauseAfter } from '../../src/domain/backoff.ts';

test.each([
  [1, 0, Seconds(0.5)],
  [1, 0.5, Seconds(0.75)],
  [2, 0, Seconds(1)],
  [5, 0, Seconds(8)],
  [20, 0, Minutes(2.5)],
  [1_000_000, 0, Minutes(2.5)],
])('after %d failures and with jitter %d the pause is %d ms', (failures, fraction, pause) => {
  expect(pauseAfter(failures, fraction)).toBe(pause);
});
