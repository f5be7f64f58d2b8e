import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { device } from '@postern/contracts';
import { errorCode, PosternError, Seconds } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  invalidationCode,
  makeCredential,
  type OneTimeScheme,
  type UpdateJob,
} from '@postern/software-update';
import type { DeviceClient } from '../../../src/adapters/device/device-client.ts';
import { fixedErasurePassword } from '../../../src/adapters/device/erase.ts';
import { openErasureSecret } from '../../../src/adapters/device/erasure-secret.ts';
import { soapSecurePath } from '../../../src/adapters/device/secure-path.ts';
import type { DeviceStore, RegisteredDevice } from '../../../src/domain/devices.ts';
import { deviceLink, type LinkEntry } from '../../../src/domain/schemes/device-links.ts';
import { deviceRooms } from '../../../src/domain/updates/device-rooms.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { job as makeJob, UPDATER } from '../../support/process.ts';
import { deviceInformation, START } from '../../support/software.ts';

const clock = new VirtualClock(START);
const never = new AbortController().signal;
const credential = makeCredential(seededEntropy('credential'), UPDATER);
const PASSWORD = 'p'.repeat(43);
const KEY = Buffer.alloc(32, 7);
const HOST_KEY = 'ab'.repeat(32);
const ROTATION = Buffer.from('rotation');
const PLAIN_PATH = { plainPath: { host: '127.0.0.1', port: 80 } };

const job = (scheme: Partial<OneTimeScheme> = {}): UpdateJob => {
  const made = makeJob('job-1', 'mfp-1', clock);
  return {
    ...made,
    scheme: { ...(made.scheme as OneTimeScheme), ...scheme },
    keyRotations: [ROTATION],
    signedTime: Buffer.from('time'),
  };
};

type Answer = (request: Record<string, unknown>) => unknown;

interface Call {
  readonly path: 'tls' | 'plain';
  readonly operation: string;
  readonly request: Record<string, unknown>;
}

let calls: Call[];

beforeEach(() => {
  calls = [];
});

/** A secure path to one device whose answers are scripted: by `plain:` and operation, else by operation. */
const path = (
  answers: Record<string, Answer>,
  { information = {}, link = {} }: { information?: Partial<device.DeviceInformation>; link?: LinkEntry } = {},
) => {
  const call = (kind: Call['path']) => async (_id: string, operation: string, request: object) => {
    const made = { path: kind, operation, request: request as Record<string, unknown> };
    calls.push(made);
    const answer = answers[kind === 'plain' ? `plain:${operation}` : operation];
    if (answer === undefined) throw new PosternError('unreachable', `No ${kind} ${operation}`);
    return answer(made.request);
  };
  const client = { call: call('tls'), callPlain: call('plain') } as unknown as DeviceClient;
  const known: RegisteredDevice = {
    information: deviceInformation('mfp-1', information),
    address: '192.0.2.1',
    lastContact: START,
    revision: 1,
    released: false,
  };
  const rooms = deviceRooms(seededEntropy('rooms'));
  const secure = soapSecurePath({
    client,
    devices: { get: () => known } as unknown as DeviceStore,
    linkOf: (deviceId) => deviceLink({ scheme: {}, devices: { 'mfp-1': link } }, deviceId),
    ...rooms,
    erasureSecret: Buffer.alloc(32, 1),
    clock,
    entropy: seededEntropy('path'),
  });
  return { secure, known, ...rooms };
};

const made = (): string[] => calls.map(({ path: kind, operation }) => `${kind} ${operation}`);

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

/** @spec U1 X1 */
test('our password goes with everything that the device needs to judge the software', async () => {
  const { secure } = path({ StoreOneTimePassword: () => ({ jobId: 'job-1', manifestChecked: true }) });
  const shared = await secure.share(job(), credential, never);
  expect(shared).toEqual({
    target: {
      endpoint: { host: '127.0.0.1', port: 2_121 },
      manifestChecked: true,
      authenticatedReports: false,
    },
  });
  expect(calls[0]?.request).toMatchObject({
    userName: UPDATER,
    oneTimePassword: credential.oneTimePassword,
    lifetimeSeconds: 3_900,
    reportKey: Buffer.from(credential.reportKey, 'hex'),
    nonce: credential.nonce,
    keyRotations: { record: [ROTATION] },
    signedTime: Buffer.from('time'),
  });
});

/** @spec B2 B3 */
test('an encrypted bulk path is pinned to the key that the device names on the secure path', async () => {
  const answer = { jobId: 'job-1', bulkPathKind: 'sftp', bulkHostKey: HOST_KEY };
  const encrypted = job({ bulkPathKind: 'sftp' });
  const { target } = await path({ StoreOneTimePassword: () => answer }).secure.share(
    encrypted,
    credential,
    never,
  );
  expect(target.endpoint).toEqual({ host: '127.0.0.1', port: 2_121, kind: 'sftp', hostKey: HOST_KEY });
  const plain = path({ StoreOneTimePassword: () => ({ jobId: 'job-1', bulkPathKind: 'ftp' }) });
  expect(await codeOf(plain.secure.share(encrypted, credential, never))).toBe('bulk-path-not-allowed');
});

/** @spec U15 */
test.each([
  ['with a report key', { reportKey: KEY }, true, '07'.repeat(32)],
  ['without one', { authenticatedReports: true }, false, expect.stringMatching(/^(?!0+$)[0-9a-f]{64}$/)],
])(
  'over TLS the target answers with its password, %s',
  async (_name, flags, authenticatedReports, reportKey) => {
    const { secure } = path({
      GenerateOneTimePassword: () => ({
        jobId: 'job-1',
        delivery: 'in-response',
        oneTimePassword: PASSWORD,
        manifestChecked: true,
        ...flags,
      }),
    });
    const shared = await secure.share(job({ passwordGenerator: 'target' }), undefined, never);
    expect(shared).toMatchObject({
      credential: {
        userName: UPDATER,
        oneTimePassword: PASSWORD,
        reportKey,
        nonce: calls[0]?.request['nonce'],
      },
      target: { manifestChecked: true, authenticatedReports },
    });
    expect(calls[0]?.request).toMatchObject({ signedManifest: job().signedManifest, userName: UPDATER });
  },
);

/** @spec U15 */
test.each<[string, LinkEntry, Partial<device.DeviceInformation>, string]>([
  ['in plain HTTP', { plainRequests: true }, PLAIN_PATH, 'plain GenerateOneTimePassword'],
  ['over TLS where the link says so', {}, PLAIN_PATH, 'tls GenerateOneTimePassword'],
  [
    'over TLS where the device takes no plain requests',
    { plainRequests: true },
    {},
    'tls GenerateOneTimePassword',
  ],
  [
    'over TLS where the device could not bring it',
    { plainRequests: true, tls: 'intermediary-authenticated' },
    PLAIN_PATH,
    'tls GenerateOneTimePassword',
  ],
])('the target is asked %s', async (_name, link, information, expected) => {
  const { secure } = path({}, { link, information });
  await codeOf(secure.share(job({ passwordGenerator: 'target' }), undefined, never));
  expect(made()).toEqual([expected]);
});

/** @spec U17 */
test('for an order from its panel the target is asked over TLS again: in plain HTTP it would not answer', async () => {
  const { secure } = path({}, { link: { plainRequests: true }, information: PLAIN_PATH });
  await codeOf(secure.share(job({ passwordGenerator: 'target', orderedBy: 'panel' }), undefined, never));
  expect(made()).toEqual(['tls GenerateOneTimePassword']);
});

/** @spec U15 X2 */
test('of a plain answer neither place nor key nor password is believed', async () => {
  const forged = {
    jobId: 'job-1',
    delivery: 'in-response',
    oneTimePassword: 'forged-password-forged',
    reportKey: Buffer.alloc(32, 9),
    bulkPath: { host: '203.0.113.66', port: 21 },
    bulkHostKey: 'cd'.repeat(32),
    authenticatedReports: true,
    manifestChecked: true,
  };
  const options = { link: { plainRequests: true }, information: PLAIN_PATH };
  const target = job({ passwordGenerator: 'target' });
  const nothing = path({ 'plain:GenerateOneTimePassword': () => forged }, options);
  expect(await codeOf(nothing.secure.share(target, undefined, never))).toBe('response-invalid');

  const real = path(
    {
      'plain:GenerateOneTimePassword': () => {
        const request = { jobId: 'job-1', oneTimePassword: PASSWORD, lifetimeSeconds: 60 };
        real.arrivals.take(real.known, request);
        return forged;
      },
    },
    options,
  );
  expect(await real.secure.share(target, undefined, never)).toMatchObject({
    credential: { oneTimePassword: PASSWORD },
    target: {
      endpoint: { host: '127.0.0.1', port: 2_121 },
      authenticatedReports: false,
      manifestChecked: false,
    },
  });
  expect(Object.keys(calls.at(-1)?.request ?? {}).sort()).toEqual(['jobId', 'lifetimeSeconds', 'userName']);
});

/** @spec U11 */
test('the erasure password is random each time, or fixed for site and device', async () => {
  const { secure } = path({ StoreOneTimePassword: () => ({ jobId: 'job-1' }) });
  for (const invalidation of [
    'overwrite-random',
    'overwrite-random',
    'overwrite-fixed',
    'overwrite-fixed',
  ] as const) {
    await secure.erase(job({ invalidation }), credential, never);
  }
  const passwords = calls.map(({ request }) => request['oneTimePassword']);
  const secret = Buffer.alloc(32, 1);
  expect(passwords.slice(2)).toEqual([
    fixedErasurePassword(secret, 'mfp-1'),
    fixedErasurePassword(secret, 'mfp-1'),
  ]);
  expect(new Set(passwords).size).toBe(3);
  expect(passwords.every((password) => String(password).length === 43)).toBe(true);
  expect(calls.every(({ request }) => request['purpose'] === 'erasure')).toBe(true);
  expect(fixedErasurePassword(secret, 'mfp-2')).not.toBe(fixedErasurePassword(secret, 'mfp-1'));
});

/** @spec U11 X6 */
test('the secret of a site is made once, for its owner alone', async () => {
  const directory = await temporaryDirectory();
  const first = await openErasureSecret(directory, seededEntropy('a'));
  const again = await openErasureSecret(directory, seededEntropy('b'));
  expect(first).toHaveLength(32);
  expect(Buffer.from(again).equals(Buffer.from(first))).toBe(true);
  expect((await stat(join(directory, 'erasure.key'))).mode & 0o777).toBe(0o600);
});

/** @spec U12 */
test('a request without secrets ends the password in plain HTTP, with a code', async () => {
  const { secure } = path(
    { 'plain:InvalidateOneTimePassword': () => ({ jobId: 'job-1', invalidated: true }) },
    { information: PLAIN_PATH },
  );
  await secure.erase(job({ invalidation: 'request' }), credential, never);
  const mac = invalidationCode(credential.reportKey, {
    deviceId: 'mfp-1',
    userName: UPDATER,
    jobId: 'job-1',
  });
  expect(calls).toEqual([
    {
      path: 'plain',
      operation: 'InvalidateOneTimePassword',
      request: { userName: UPDATER, jobId: 'job-1', mac },
    },
  ]);
});

/** @spec U12 */
test.each<[string, Record<string, Answer>, Partial<device.DeviceInformation>, boolean, string[]]>([
  ['has no place for plain requests', {}, {}, true, ['tls']],
  ['never proves its reports', {}, { ...PLAIN_PATH, authenticatedReports: false }, true, ['tls']],
  ['made a password that never arrived', {}, PLAIN_PATH, false, ['tls']],
  ['does not answer plainly', {}, PLAIN_PATH, true, ['plain', 'tls']],
  [
    'refuses it plainly',
    { 'plain:InvalidateOneTimePassword': () => ({ jobId: 'job-1', invalidated: false }) },
    PLAIN_PATH,
    true,
    ['plain', 'tls'],
  ],
])('it goes over TLS to a device that %s', async (_name, answers, information, known, paths) => {
  const tls = { InvalidateOneTimePassword: () => ({ jobId: 'job-1', invalidated: false }) };
  const { secure } = path({ ...answers, ...tls }, { information });
  await secure.erase(job({ invalidation: 'request' }), known ? credential : undefined, never);
  expect(calls.map((call) => call.path)).toEqual(paths);
});

/** @spec U12 */
test('whoever stalls the plain request does not keep the password alive', async () => {
  const { secure } = path(
    {
      'plain:InvalidateOneTimePassword': () => new Promise(() => {}),
      InvalidateOneTimePassword: () => ({ jobId: 'job-1', invalidated: true }),
    },
    { information: PLAIN_PATH },
  );
  const erased = secure.erase(job({ invalidation: 'request' }), credential, never);
  await clock.advance(Seconds(5));
  await erased;
  expect(made()).toEqual(['plain InvalidateOneTimePassword', 'tls InvalidateOneTimePassword']);
});

/** @spec U18 */
test('that the target has ended its password is believed only when it says so over TLS', async () => {
  const target = job({ eraser: 'target', invalidation: 'overwrite-fixed' });
  const silent = path({ ConcludeUpdate: () => ({ jobId: 'job-1' }) });
  expect(await codeOf(silent.secure.erase(target, credential, never))).toBe('response-invalid');
  expect(calls[0]?.request).toEqual({ userName: UPDATER, jobId: 'job-1', invalidation: 'overwrite-fixed' });

  const honest = path({
    ConcludeUpdate: () => {
      honest.erasures.erased('job-1', 'mfp-1');
      return { jobId: 'job-1' };
    },
  });
  await honest.secure.erase(target, credential, never);
  // Another device's word is none, and a word is good for one erasure.
  silent.erasures.erased('job-1', 'mfp-2');
  expect(await codeOf(silent.secure.erase(target, credential, never))).toBe('response-invalid');
  expect(made()).toHaveLength(3);
  // It had said so while its answer was lost: it is not asked again.
  silent.erasures.erased('job-1', 'mfp-1');
  await silent.secure.erase(target, credential, never);
  expect(made()).toHaveLength(3);
});
