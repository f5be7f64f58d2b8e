import { expect, test } from '@jest/globals';
import { Milliseconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { Deadlines } from '../../src/listener/deadlines.ts';

const LENGTH = Milliseconds(100);

test('one timer serves them all, each comes due in its own time', async () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock, LENGTH);
  const late: string[] = [];
  deadlines.set(() => late.push('first'));
  await clock.advance(Milliseconds(40));
  const met = deadlines.set(() => late.push('met'));
  deadlines.set(() => late.push('second'));
  expect(clock.pending).toBe(1);
  deadlines.met(met);
  await clock.advance(Milliseconds(59));
  expect(late).toEqual([]);
  await clock.advance(Milliseconds(1));
  expect(late).toEqual(['first']);
  await clock.advance(Milliseconds(39));
  expect(late).toEqual(['first']);
  await clock.advance(Milliseconds(1));
  expect(late).toEqual(['first', 'second']);
  expect(clock.pending).toBe(0);
});

test('when all are met the timer is not set again', async () => {
  const clock = new VirtualClock();
  const deadlines = new Deadlines(clock, LENGTH);
  deadlines.met(deadlines.set(() => expect(true).toBe(false)));
  await clock.advance(LENGTH);
  expect(clock.pending).toBe(0);
});
