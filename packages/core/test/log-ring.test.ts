import { expect, test } from '@jest/globals';
import { Instant, LogRing, PosternError, rememberingLogger } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import { SECRET_FIELDS } from '../src/secret-fields.ts';

const line = (message: string) => ({ at: Instant(0), level: 'info' as const, message });
const messages = (ring: LogRing): readonly string[] => ring.lines().map(({ message }) => message);

test('a ring keeps the newest lines, oldest first', () => {
  const ring = new LogRing(3);
  expect(ring.lines()).toEqual([]);
  ring.add(line('1'));
  ring.add(line('2'));
  expect(messages(ring)).toEqual(['1', '2']);
  for (const text of ['3', '4', '5', '6', '7']) ring.add(line(text));
  expect(messages(ring)).toEqual(['5', '6', '7']);
});

const remembering = (most = 10) => {
  const ring = new LogRing(most);
  const inner = memoryLogger();
  let now = 0;
  return { ring, inner, logger: rememberingLogger(inner, ring, { now: () => Instant(now++) }) };
};

test('a logger passes on what it remembers, with the fields of those above it', () => {
  const { ring, inner, logger } = remembering();
  logger.info('begun', { port: 4_433 });
  logger.child({ device: 'mfp-1' }).child({ job: 7 }).warn('slow', { device: 'mfp-2' });
  expect(ring.lines()).toEqual([
    { at: 0, level: 'info', message: 'begun port=4433' },
    { at: 1, level: 'warn', message: 'slow device=mfp-2 job=7' },
  ]);
  expect(inner.lines).toEqual([
    { level: 'info', message: 'begun', fields: { port: 4_433 } },
    { level: 'warn', message: 'slow', fields: { device: 'mfp-2', job: 7 } },
  ]);
});

test('of objects only the message of an error is remembered, of secrets nothing, of long lines the beginning', () => {
  const { ring, logger } = remembering();
  const error = Object.assign(new PosternError('x', 'it broke'), { extra: 'hidden' });
  logger.error('failed', { error, state: { inner: 'hidden' } });
  for (const name of SECRET_FIELDS) logger.child({ [name]: 'hidden' }).debug('said', { [name]: 'hidden' });
  logger.info('x'.repeat(5_000));
  expect(SECRET_FIELDS.length).toBeGreaterThan(0);
  expect(messages(ring)[0]).toBe('failed error=it broke state=…');
  expect(messages(ring).join()).not.toContain('hidden');
  expect(messages(ring).at(-1)).toHaveLength(1_024);
});
