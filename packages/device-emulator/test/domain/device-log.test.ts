import { describe, expect, test } from '@jest/globals';
import { after, Instant, Seconds } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import { createDeviceLog, MOST_ENTRIES } from '../../src/domain/device-log.ts';

const START = Instant(Date.UTC(2026, 0, 1));

const prepared = () => {
  const clock = new VirtualClock(START);
  const log = createDeviceLog(clock);
  const beside = memoryLogger();
  return { clock, log, beside, logger: log.tee(beside).child({ device: 'mfp-1' }) };
};

/** @spec I2 */
describe('the log of a device', () => {
  test('holds what is logged elsewhere, too, with the fields that are for operators', () => {
    const { log, logger, beside } = prepared();
    logger.warn('It was refused', {
      code: 'storage-full',
      oneTimePassword: 'secret',
      reason: 'no\nroom\u0000',
    });
    expect(log.entries({})).toEqual([
      { at: START, level: 'warn', message: 'It was refused (code: storage-full, reason: no room )' },
    ]);
    expect(beside.lines).toHaveLength(1);
  });

  test('gives what is asked for, the newest where that is too much', async () => {
    const { clock, log, logger } = prepared();
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      logger[level](level);
      await clock.advance(Seconds(1));
    }
    const told = (query: Parameters<typeof log.entries>[0]) =>
      log.entries(query).map(({ message }) => message);
    expect(told({})).toEqual(['debug', 'info', 'warn', 'error']);
    expect(told({ minimumLevel: 'warn' })).toEqual(['warn', 'error']);
    expect(told({ since: after(START, Seconds(1)) })).toEqual(['info', 'warn', 'error']);
    expect(told({ limit: 2 })).toEqual(['warn', 'error']);
    expect(told({ limit: 0 })).toEqual([]);
    expect(told({ limit: 65_535, minimumLevel: 'info', since: after(START, Seconds(2)) })).toEqual([
      'warn',
      'error',
    ]);
  });

  test('is bounded, in entries and in their length', () => {
    const { log, logger } = prepared();
    for (let line = 0; line < 5 * MOST_ENTRIES; line += 1) logger.info(`${line} ${'x'.repeat(2_000)}`);
    const entries = log.entries({});
    expect(entries).toHaveLength(MOST_ENTRIES);
    expect(entries.at(-1)?.message).toMatch(/^1279 /);
    expect(entries.every(({ message }) => message.length === 1_024)).toBe(true);
  });
});
