import { expect, test } from '@jest/globals';
import type { device } from '@postern/contracts';
import { errorCode, Milliseconds, PosternError, Seconds } from '@postern/core';
import {
  DEFAULT_POLICY,
  DEFAULT_SCHEME,
  initialState,
  startNotificationMac,
  type UpdateCredential,
  type UpdaterState,
} from '@postern/software-update';
import { endpointOf } from '../../src/domain/devices.ts';
import { deviceLink } from '../../src/domain/schemes/device-links.ts';
import { JobMailbox } from '../../src/domain/updates/mailbox.ts';
import { nextToBegin } from '../../src/domain/updates/open-update.ts';
import { orderUpdate } from '../../src/domain/updates/order.ts';
import { updateResult } from '../../src/domain/updates/result.ts';
import { judgeStart } from '../../src/domain/updates/start-notice.ts';
import { supersede } from '../../src/domain/updates/supersede.ts';
import { backoff, endedForNothing } from '../../src/domain/uplink/pacing.ts';
import { wireFailure, wireText } from '../../src/domain/wire-text.ts';
import { deviceInformation, makeManifest, START, sign, VENDOR_KEYS } from '../support/software.ts';

const credential: UpdateCredential = {
  userName: 'site-a',
  oneTimePassword: 'x'.repeat(43),
  reportKey: 'ab'.repeat(32),
  nonce: 'cd'.repeat(16),
};

test.each([
  [1, 0, 500],
  [1, 0.5, 750],
  [3, 0, 2_000],
  [20, 0, 30_000],
  [1_000, 0.999, 59_970],
])('after %d failures with fraction %d the pause is %d ms', (failures, fraction, expected) => {
  const pacing = { firstPause: Seconds(1), longestPause: Seconds(60) };
  expect(backoff(pacing, failures, fraction)).toBeCloseTo(expected, 5);
});

test.each([
  [{ lasted: 0, useful: false }, true],
  [{ lasted: 0, useful: true }, false],
  [{ lasted: 30_000, useful: false }, false],
])('a held poll %j ended for nothing: %s', ({ lasted, useful }, expected) => {
  expect(endedForNothing({ hold: Seconds(50), lasted: Milliseconds(lasted), useful })).toBe(expected);
});

const target = { endpoint: { host: 'x', port: 21 }, manifestChecked: true, authenticatedReports: true };
const proof = startNotificationMac({ deviceId: 'mfp-1', jobId: 'job-1', ...credential });

/** @spec U6 X2 */
test.each([
  ['the right code', { jobId: 'job-1', mac: proof }, { credential, target }, 'proved'],
  ['no code', { jobId: 'job-1' }, { credential, target }, 'suspicious'],
  ['a wrong code', { jobId: 'job-1', mac: 'ef'.repeat(32) }, { credential, target }, 'suspicious'],
  ['the code under another job', { jobId: 'job-2', mac: proof }, { credential, target }, 'suspicious'],
  ['no code to a job that is not shared yet', {}, {}, 'hint'],
  [
    'no code from a device that never proves',
    {},
    { credential, target: { ...target, authenticatedReports: false } },
    'hint',
  ],
  ['a code after the credential is gone', { jobId: 'job-1', mac: proof }, { target }, 'suspicious'],
])('a start notification with %s', (_name, notice, state, verdict) => {
  expect(judgeStart(notice, { deviceId: 'mfp-1', jobId: 'job-1' }, state)).toBe(verdict);
});

/** @spec P1 */
test('a device with a password list proves its start with the place in the list', () => {
  const listed = { ...credential, listEntry: { list: 'list-1', entry: 7 } };
  const job = { deviceId: 'mfp-1', jobId: 'job-1' };
  const mac = startNotificationMac({ deviceId: 'mfp-1', ...listed, jobId: 'list-1.7' });
  expect(judgeStart({ jobId: 'list-1.7', mac }, job, { credential: listed, target })).toBe('proved');
  expect(judgeStart({ jobId: 'job-1', mac: proof }, job, { credential: listed, target })).toBe('suspicious');
});

/** @spec U13 */
test('a newer update makes one forget that owes the end of a password it never saw', () => {
  const state: UpdaterState = { ...initialState, phase: 'owing', shared: 'maybe' };
  expect(supersede(state)).toMatchObject({ phase: 'finished', erased: true });
});

/** @spec U13 */
test.each([
  ['transferring', true, 'unchanged'],
  ['erasing', true, 'unchanged'],
  ['reporting', false, 'unchanged'],
  ['reporting', true, 'reporting'],
  ['owing', true, 'finished'],
] as const)('a newer update makes one in phase %s (owing: %s) %s', (phase, owes, expected) => {
  const state: UpdaterState = { ...initialState, phase, ...(owes ? { credential } : {}) };
  const next = supersede(state);
  if (expected === 'unchanged') expect(next).toBe(state);
  else {
    expect(next).toMatchObject({ phase: expected, erased: true });
    expect(next).not.toHaveProperty('credential');
  }
});

const order = (
  change: Partial<Parameters<typeof orderUpdate>[2]> = {},
  information?: device.DeviceInformation | null,
  context: Partial<Parameters<typeof orderUpdate>[3]> = {},
) =>
  orderUpdate(
    'job-1',
    'mfp-1',
    { signedManifest: sign(makeManifest()), deadlineSeconds: 60, ...change },
    {
      now: START,
      updaterId: 'site-a',
      vendorTrust: VENDOR_KEYS,
      policy: DEFAULT_POLICY,
      device: information === null ? undefined : (information ?? deviceInformation('mfp-1')),
      orderedBy: 'server',
      linkOf: (deviceId) => deviceLink({ scheme: {}, devices: {} }, deviceId),
      requirePasswords: () => {},
      ...context,
    },
  );

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return errorCode(error, 'none');
  }
  return 'nothing thrown';
};

/** @spec X1 */
test.each([
  ['device-unknown', () => order({}, null)],
  ['wrong-model', () => order({}, deviceInformation('mfp-1', { model: 'Fridge 1' }))],
  ['manifest-malformed', () => order({ signedManifest: Buffer.from('{}') })],
  ['manifest-expired', () => order({ signedManifest: sign(makeManifest({ expires: START })) })],
  ['bulk-path-not-allowed', () => order({ policy: { bulkPathKind: 'sftp' } })],
  [
    'bulk-path-not-allowed',
    () => order({ policy: { bulkPathKind: 'ftp' } }, deviceInformation('mfp-1', { bulkPathKind: 'sftp' })),
  ],
])('an order is refused with %s', (code, work) => {
  expect(codeOf(work)).toBe(code);
});

/** @spec A1 A2 A3 */
test.each([
  ['mutual', 'device-authenticated'],
  ['mutual', 'intermediary-authenticated'],
  ['device-authenticated', 'mutual'],
] as const)(
  '%s here and %s at the device: no update is begun, and both settings are named',
  (tls, secureLink) => {
    const linkOf = () => deviceLink({ scheme: { tls }, devices: {} }, 'mfp-1');
    const device = deviceInformation('mfp-1', { secureLink });
    expect(() => order({}, device, { linkOf })).toThrow(
      expect.objectContaining({
        code: 'link-mismatch',
        message: `devices.mfp-1.tls is ${tls} at the intermediary, secureLink of the device is ${secureLink}`,
      }),
    );
    expect(order({}, deviceInformation('mfp-1', { secureLink: tls }), { linkOf }).jobId).toBe('job-1');
  },
);

/** @spec P1 */
test('a device with a password list has no secure link that could differ', () => {
  const linkOf = () => deviceLink({ scheme: { credential: 'password-list' }, devices: {} }, 'mfp-1');
  const plainPath = { host: '127.0.0.1', port: 80 };
  const device = deviceInformation('mfp-1', { secureLink: 'device-authenticated', plainPath });
  expect(order({}, device, { linkOf }).scheme.credential).toBe('password-list');
});

test('an order carries its own policy where it has one', () => {
  const job = order({ policy: { transferTries: 9, restartTimeoutSeconds: 7, eraser: 'target' } });
  expect(job.policy).toMatchObject({
    transferTries: 9,
    restartTimeout: 7_000,
    eraseTries: DEFAULT_POLICY.eraseTries,
  });
  expect(job.deadline).toBe(START + 60_000);
  expect(job.scheme).toEqual({ ...DEFAULT_SCHEME, eraser: 'target' });
  expect(job).not.toHaveProperty('keyRotations');
});

/** @spec P1 */
test('a device with a password list is updated only if it can be told that a password is used', () => {
  const listed = {
    linkOf: () => deviceLink({ scheme: { credential: 'password-list' }, devices: {} }, 'mfp-1'),
  };
  const plainPath = { host: '192.0.2.1', port: 80 };
  expect(codeOf(() => order({}, undefined, listed))).toBe('device-unreachable');
  const job = order({}, deviceInformation('mfp-1', { plainPath }), listed);
  expect(job.scheme).toEqual({ credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' });
});

test('what a device is told along with the manifest is kept with the job', () => {
  const record = [Buffer.from('rotation')];
  const job = order({ keyRotations: { record }, signedTime: Buffer.from('time') });
  expect([job.keyRotations, job.signedTime]).toEqual([record, Buffer.from('time')]);
});

/** @spec U9 */
test.each([
  [true, true, 'full'],
  [true, false, 'partial'],
  [false, true, 'partial'],
  [false, false, 'patent'],
])(
  'manifest checked %s and reports authenticated %s: assurance %s',
  (manifestChecked, authenticatedReports, assurance) => {
    const state: UpdaterState = {
      ...initialState,
      phase: 'reporting',
      shared: 'yes',
      target: { ...target, manifestChecked, authenticatedReports },
      outcome: { state: 'verified' },
    };
    const job = order();
    const gaps = {
      gap: [
        ...(manifestChecked ? [] : ['manifest-unchecked']),
        ...(authenticatedReports ? [] : ['reports-unauthenticated']),
      ],
    };
    expect(updateResult(job, { ...state, erased: true }, [])).toMatchObject({
      assurance,
      gaps,
      credential: 'erased',
      software: 'mfp-9-release',
      orderedBy: 'server',
    });
    // Whether a password is known here says nothing about the device's copy.
    expect(updateResult(job, state, [])).toMatchObject({ credential: 'owed' });
    expect(updateResult(job, { ...state, shared: 'no' }, [])).toMatchObject({ credential: 'none' });
  },
);

test('the oldest update whose device is free begins, within the concurrency', () => {
  const update = (jobId: string, deviceId: string, schedule: 'waiting' | 'active' | 'closing') => ({
    job: { ...order(), jobId, deviceId },
    schedule,
  });
  const updates = [
    update('a1', 'a', 'active'),
    update('a2', 'a', 'waiting'),
    update('c0', 'c', 'closing'),
    update('b1', 'b', 'waiting'),
    update('c1', 'c', 'waiting'),
  ];
  expect(nextToBegin(updates, 2)?.job.jobId).toBe('b1');
  expect(nextToBegin(updates, 1)).toBeUndefined();
});

test('a start stays in the mailbox until it is taken or forgotten', async () => {
  const mailbox = new JobMailbox();
  const never = new AbortController().signal;
  mailbox.deliverStart('firmware');
  expect(await mailbox.nextStart(never)).toBe('firmware');
  const waiting = mailbox.nextStart(never);
  mailbox.deliverStart('updater-program');
  expect(await waiting).toBe('updater-program');
  mailbox.deliverStart('firmware');
  mailbox.forgetStarts();
  expect(await mailbox.nextStart(AbortSignal.abort())).toBeUndefined();
  await expect(mailbox.acknowledged(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  mailbox.acknowledge();
  await expect(mailbox.acknowledged(never)).resolves.toBeUndefined();
});

test('what goes onto the wire fits the contract and tells no internals', () => {
  expect(wireText(`a\u0000b\ud800${'x'.repeat(2_000)}`)).toHaveLength(1_024);
  expect(wireText('a\u0000\ud800b')).toBe('a\ufffd\ufffdb');
  const refused = new PosternError('wrong-model', 'No', { hint: 'Do.' });
  expect(wireFailure(refused)).toEqual({ code: 'wrong-model', message: 'No', hint: 'Do.' });
  const internal = Object.assign(new Error('/secret/path'), { code: 'ENOENT' });
  expect(JSON.stringify(wireFailure(internal))).not.toContain('secret');
});

test('a device that listens everywhere is found where it registered from', () => {
  const device = { address: '192.0.2.9' };
  expect(endpointOf({ host: '0.0.0.0', port: 21 }, device)).toEqual({ host: '192.0.2.9', port: 21 });
  expect(endpointOf({ host: '192.0.2.1', port: 21 }, device)).toEqual({ host: '192.0.2.1', port: 21 });
  expect(endpointOf(undefined, device)).toBeUndefined();
});
