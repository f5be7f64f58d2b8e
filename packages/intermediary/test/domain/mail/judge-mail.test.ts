import { describe, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { after, type Duration, Instant, Milliseconds, Minutes, Seconds } from '@postern/core';
import { judgeMail } from '../../../src/domain/mail/judge-mail.ts';

const NOW = Instant(Date.UTC(2030, 0, 1));
const RULES = { name: 'site-a', address: 'site-a@example.org', maxAge: Minutes(60), skew: Minutes(5) };

const alive: uplink.Request = {
  requestId: 'r1',
  target: 'mfp-1',
  expiresInSeconds: 600,
  body: { kind: 'ConfirmAlive', value: {} },
};

const mail = {
  from: 'postern@example.org',
  to: 'site-a@example.org',
  messageId: '<1@main>',
  date: NOW,
  intermediary: 'site-a',
  requests: [alive],
};

const judge = (changes: Partial<typeof mail> = {}, seen: readonly string[] = [], now = NOW) =>
  judgeMail({ ...mail, ...changes }, RULES, (id) => seen.includes(id), now);

const made = (ago: Duration) => ({ date: after(NOW, Milliseconds(-ago)) });

/** @spec R9 */
describe('a mail that the server has signed', () => {
  test.each([
    ['for another intermediary', { intermediary: 'site-b' }, [], 'mail-not-addressed'],
    ['to another address', { to: 'site-b@example.org' }, [], 'mail-not-addressed'],
    ['made more than an hour ago', made(Milliseconds(3_600_001)), [], 'mail-too-old'],
    ['made in five minutes and more', made(Milliseconds(-300_001)), [], 'mail-from-future'],
    ['too old, and seen before', made(Minutes(61)), ['<1@main>'], 'mail-too-old'],
    ['for another intermediary, and seen before', { intermediary: 'b' }, ['<1@main>'], 'mail-not-addressed'],
  ])('%s is refused', (_, changes, seen, code) => {
    expect(judge(changes, seen)).toEqual({ kind: 'refused', code });
  });

  test('seen before asks for nothing', () => {
    expect(judge({}, ['<1@main>'])).toEqual({ kind: 'repeated' });
    expect(judge({}, ['<2@main>']).kind).toBe('taken');
  });

  test.each([
    ['an hour old', made(Minutes(60))],
    ['five minutes ahead', made(Minutes(-5))],
    ['at the address in other letters', { to: 'Site-A@EXAMPLE.org' }],
  ])('%s is taken', (_, changes) => {
    expect(judge(changes).kind).toBe('taken');
  });

  test('is remembered for as long as it can be taken', () => {
    const verdict = judge(made(Minutes(10)));
    const forgetAt = verdict.kind === 'taken' ? verdict.forgetAt : NOW;
    expect(judge(made(Minutes(10)), [], forgetAt)).toEqual({ kind: 'refused', code: 'mail-too-old' });
    expect(judge(made(Minutes(10)), [], after(forgetAt, Milliseconds(-1))).kind).toBe('taken');
  });

  test('has lost of its deadlines what it was under way', () => {
    const update: uplink.Request = {
      ...alive,
      requestId: 'r2',
      body: {
        kind: 'UpdateSoftware',
        value: { signedManifest: Uint8Array.of(1), deadlineSeconds: 86_400 },
      },
    };
    const deadlines = (ago: Duration) => {
      const verdict = judge({ ...made(ago), requests: [alive, update] });
      const [first, second] = verdict.kind === 'taken' ? verdict.requests : [];
      const { body } = second ?? alive;
      return [first?.expiresInSeconds, body.kind === 'UpdateSoftware' && body.value.deadlineSeconds];
    };
    expect(deadlines(Seconds(0))).toEqual([600, 86_400]);
    expect(deadlines(Seconds(90))).toEqual([510, 86_310]);
    expect(deadlines(Minutes(30))).toEqual([0, 84_600]);
    expect(deadlines(Minutes(-5))).toEqual([600, 86_400]);
  });
});
