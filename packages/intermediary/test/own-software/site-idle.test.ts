import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import { UpdateGate } from '../../src/domain/updates/update-gate.ts';
import { siteIdle } from '../../src/own-software/site-idle.ts';
import { START } from '../support/software.ts';

const prepared = () => {
  const clock = new VirtualClock(START);
  const gate = new UpdateGate();
  const logger = memoryLogger();
  const stop = new AbortController();
  const engine = siteIdle({ gate, name: 'site-a', patience: Seconds(60), clock, logger });
  const outcome: { held?: { release: () => void }; error?: unknown } = {};
  const waiting = () =>
    engine.holdWhenIdle(stop.signal).then(
      (held) => {
        outcome.held = held;
      },
      (error: unknown) => {
        outcome.error = error;
      },
    );
  return { clock, gate, logger, stop, outcome, waiting };
};

/** @spec U21 U5 */
test('the own software waits for the updates of devices, and lets none begin', async () => {
  const { gate, outcome, waiting } = prepared();
  gate.observe(['mfp-1', 'site-a']);
  const done = waiting();
  expect(gate.mayBegin('mfp-2')).toBe(false);
  gate.observe(['site-a', 'mfp-1']);
  await Promise.resolve();
  expect(outcome.held).toBeUndefined();
  gate.observe(['site-a']);
  await done;
  expect(gate.mayBegin('mfp-2')).toBe(false);
  outcome.held?.release();
  expect(gate.mayBegin('mfp-2')).toBe(true);
});

/** @spec U21 */
test('updates of devices do not hold it up for ever', async () => {
  const { clock, gate, logger, outcome, waiting } = prepared();
  gate.observe(['mfp-1', 'site-a']);
  const done = waiting();
  await clock.advance(Seconds(59));
  expect(outcome.held).toBeUndefined();
  await clock.advance(Seconds(2));
  await done;
  expect(outcome.held).toBeDefined();
  expect(logger.lines).toHaveLength(1);
});

test('an update that is called off lets the others begin again', async () => {
  const { gate, stop, outcome, waiting } = prepared();
  gate.observe(['mfp-1', 'site-a']);
  const done = waiting();
  stop.abort();
  await done;
  expect(outcome.error).toMatchObject({ code: 'cancelled' });
  expect(gate.mayBegin('mfp-2')).toBe(true);
});
