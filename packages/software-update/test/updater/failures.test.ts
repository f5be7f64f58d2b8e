import { describe, expect, test } from '@jest/globals';
import { after, Seconds } from '@postern/core';
import { advance } from '@postern/software-update';
import { START } from '../support/software.ts';
import { jobOf, STATES, TARGET_MADE } from './states-and-events.ts';

/** What becomes of an update when its exchange on the secure path fails so. */
const onFailedSharing = (code: string) =>
  advance(
    STATES.sharing,
    { type: 'failed', code, message: 'Because of it', now: after(START, Seconds(5)) },
    jobOf(TARGET_MADE),
  ).state;

/** @spec U15 */
test.each(['exchange-under-way', 'too-many-requests', 'request-timeout', 'connection-lost'])(
  '%s: the device is asked again, as nobody has decided anything',
  (code) => {
    const { phase, tries, outcome } = onFailedSharing(code);
    expect([phase, tries, outcome]).toEqual(['sharing', STATES.sharing.tries + 1, undefined]);
  },
);

describe('what ends an update is told in the terms of updates', () => {
  test.each([
    ['wrong-model', 'wrong-model', 'Because of it'],
    ['bulk-login-refused', 'credential-refused', 'Because of it'],
    // Of a device, of its vendor, of this side: all foreseen by somebody.
    ['job-reserved', 'exchange-failed', 'job-reserved: Because of it'],
    ['soap-fault', 'exchange-failed', 'soap-fault: Because of it'],
    ['toner-empty', 'exchange-failed', 'toner-empty: Because of it'],
    ['device-not-active', 'exchange-failed', 'device-not-active: Because of it'],
    // What nobody foresaw has no code, or one of Node or SQLite.
    ['internal-error', 'internal-error', 'Because of it'],
    ['SQLITE_FULL', 'internal-error', 'Because of it'],
    ['ERR_INVALID_ARG_TYPE', 'internal-error', 'Because of it'],
  ])('%s: %s', (code, reported, message) => {
    expect(onFailedSharing(code).outcome).toEqual({
      state: 'failed',
      failure: { code: reported, message },
    });
  });
});
