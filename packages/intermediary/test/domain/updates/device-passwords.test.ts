import { join } from 'node:path';
import { beforeEach, expect, test } from '@jest/globals';
import type { intermediary } from '@postern/contracts';
import { errorCode, Minutes, type NodeIdentity, Seconds } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { DEFAULT_POLICY, initialState, type UpdaterState } from '@postern/software-update';
import { type DatabaseStores, openDatabaseStores } from '../../../src/adapters/database/stores.ts';
import { requireActive } from '../../../src/domain/connections/standing.ts';
import { deviceLink, type LinkConfig } from '../../../src/domain/schemes/device-links.ts';
import { assuranceMemory } from '../../../src/domain/updates/assurance-memory.ts';
import { DevicePasswords } from '../../../src/domain/updates/device-passwords.ts';
import { deviceRooms } from '../../../src/domain/updates/device-rooms.ts';
import {
  localOrders,
  type OrderLocally,
  type ShelfSoftware,
} from '../../../src/domain/updates/local-order.ts';
import type { StoredUpdate } from '../../../src/domain/updates/ports.ts';
import { afterThisTest, temporaryDirectory } from '../../support/directory.ts';
import { job as makeJob, UPDATER } from '../../support/process.ts';
import { deviceInformation, makeManifest, START, sign, VENDOR_KEYS } from '../../support/software.ts';

const MFP: NodeIdentity = { role: 'device', name: 'mfp-1' };
const OTHER: NodeIdentity = { role: 'device', name: 'mfp-2' };
const PASSWORD = 'a'.repeat(43);
const ROTATION = Buffer.from('rotation');

const clock = new VirtualClock(START);
const logger = memoryLogger();
let database: DatabaseStores;
let shelf: ShelfSoftware | undefined;
let links: LinkConfig;
let scheduled: StoredUpdate[];

beforeEach(async () => {
  shelf = { signedManifest: sign(makeManifest()), keyRotations: [ROTATION] };
  links = { scheme: {}, devices: {} };
  scheduled = [];
  database = await openDatabaseStores(join(await temporaryDirectory(), 'intermediary.db'), { clock, logger });
  afterThisTest(() => database.close());
  for (const name of ['mfp-1', 'mfp-2']) register(name);
});

const register = (name: string, plain?: true): void =>
  database.stores.devices.register(
    deviceInformation(name, plain && { plainPath: { host: '127.0.0.1', port: 80 } }),
    '192.0.2.1',
    START,
  );

const site = (panelLimit = { burst: 10, interval: Seconds(60) }) => {
  const { devices, updates } = database.stores;
  const entropy = seededEntropy('site');
  const rooms = deviceRooms(entropy);
  const orderLocally: OrderLocally = localOrders({
    devices,
    updates,
    shelf: { newestFor: () => shelf },
    requireActive: (deviceId) => requireActive(database.stores, deviceId),
    context: () => ({
      updaterId: UPDATER,
      vendorTrust: VENDOR_KEYS,
      policy: DEFAULT_POLICY,
      linkOf: (deviceId) => deviceLink(links, deviceId),
      requirePasswords: () => {},
    }),
    deadline: Minutes(60),
    schedule: (update) => scheduled.push(update),
    clock,
    entropy,
  });
  const linkOf = (deviceId: string) => deviceLink(links, deviceId);
  const admitAssurance = assuranceMemory({ devices, linkOf });
  const ordering = { orderLocally, admitAssurance, panelLimit };
  const options = { devices, updates, ...rooms, ...ordering, clock, entropy, logger };
  return { ...rooms, orderLocally, passwords: new DevicePasswords(options), updates };
};

const brought = (
  jobId: string,
  changes: Partial<intermediary.StoreOneTimePassword> = {},
): intermediary.StoreOneTimePassword => ({
  jobId,
  oneTimePassword: PASSWORD,
  lifetimeSeconds: 600,
  reportKey: Buffer.alloc(32, 7),
  ...changes,
});

const fail = (): never => {
  throw new TypeError('Nothing was scheduled');
};

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return errorCode(error, 'none');
  }
  return 'nothing thrown';
};

/** @spec U16 */
test('an order at the panel begins an update of the newest software of the shelf, once', () => {
  const { passwords } = site();
  const first = passwords.request({ orderId: 'panel-1' }, MFP);
  expect(first).toEqual({ accepted: true, jobId: expect.stringMatching(/^ordered-[0-9a-f]{40}$/) });
  // The answer was lost.
  expect(passwords.request({ orderId: 'panel-1' }, MFP)).toEqual(first);
  expect(scheduled).toHaveLength(1);
  expect(scheduled[0]).toMatchObject({
    job: {
      jobId: first.jobId,
      deviceId: 'mfp-1',
      deadline: START + 3_600_000,
      keyRotations: [ROTATION],
      scheme: { orderedBy: 'panel', passwordGenerator: 'updater' },
    },
    state: initialState,
  });
  expect(database.stores.updates.journal(first.jobId ?? '').map(({ step }) => step)).toEqual([
    'S411',
    'S412',
  ]);
  // The same identifier of another device is another order.
  expect(passwords.request({ orderId: 'panel-1' }, OTHER).jobId).not.toBe(first.jobId);
});

/** @spec U17 X3 */
test('a password that outlives the deadline of its order is owed for as long as it lives', () => {
  const { passwords } = site();
  passwords.store(brought('panel-7', { lifetimeSeconds: 7_200 }), MFP, '192.0.2.7');
  const { deadline, policy } = scheduled[0]?.job ?? fail();
  expect(deadline).toBe(START + 3_600_000);
  expect(deadline + policy.credentialMargin).toBe(START + 7_200_000 + DEFAULT_POLICY.credentialMargin);
});

/** @spec U16 */
test('an order at the panel is refused for a reason that the panel can show', () => {
  const { passwords, orderLocally } = site();
  const refused = (peer = MFP, component?: string) => {
    const order = { orderId: 'o', ...(component === undefined ? {} : { component }) };
    const { accepted, failure } = passwords.request(order, peer);
    return [accepted, failure?.code];
  };
  expect(refused({ role: 'device', name: 'mfp-9' })).toEqual([false, 'device-unknown']);
  expect(refused(MFP, 'scan-app')).toEqual([false, 'no-software']);
  shelf = undefined;
  expect(refused()).toEqual([false, 'no-software']);
  shelf = { signedManifest: sign(makeManifest({ model: 'Fridge' })), keyRotations: [] };
  expect(refused()).toEqual([false, 'wrong-model']);
  const current = makeManifest();
  const [firmware] = current.components;
  if (firmware === undefined) throw new TypeError('The manifest has firmware');
  shelf = {
    signedManifest: sign(makeManifest({ components: [{ ...firmware, version: '1.0' }] })),
    keyRotations: [],
  };
  expect(refused()).toEqual([false, 'no-software']);
  shelf = { signedManifest: sign(current), keyRotations: [] };
  orderLocally('operation-port', 'mfp-1');
  expect(refused()).toEqual([false, 'update-already-open']);
  links = { scheme: {}, devices: { 'mfp-2': { tls: 'intermediary-authenticated' } } };
  expect(refused(OTHER)).toEqual([false, 'scheme-not-allowed']);
});

/** @spec U16 U17 */
test('a panel cannot order without end, and only a device that proves its name orders', () => {
  const { passwords } = site({ burst: 1, interval: Seconds(60) });
  shelf = undefined;
  expect(passwords.request({ orderId: 'a' }, MFP).failure?.code).toBe('no-software');
  expect(passwords.request({ orderId: 'b' }, MFP).failure?.code).toBe('too-many-orders');
  expect(codeOf(() => passwords.store(brought('c'), MFP, '192.0.2.1'))).toBe('too-many-orders');
  for (const peer of [undefined, { role: 'intermediary', name: 'mfp-1' } as const]) {
    expect(codeOf(() => passwords.request({ orderId: 'a' }, peer))).toBe('not-authorised');
    expect(codeOf(() => passwords.store(brought('c'), peer, '192.0.2.1'))).toBe('not-authorised');
    expect(codeOf(() => passwords.erased({ jobId: 'c' }, peer))).toBe('not-authorised');
  }
  expect(scheduled).toEqual([]);
});

/** @spec U17 */
test('a password that comes with an unknown job is an order, which begins with it', () => {
  const { passwords } = site();
  const answer = passwords.store(brought('panel-7'), MFP, '192.0.2.99');
  expect(answer).toEqual({
    jobId: 'panel-7',
    userName: UPDATER,
    signedManifest: shelf?.signedManifest,
    nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
    keyRotations: { record: [ROTATION] },
  });
  const [update] = scheduled;
  expect(update?.job).toMatchObject({
    scheme: { orderedBy: 'panel', passwordGenerator: 'target' },
    // The password lives no longer.
    deadline: START + 600_000,
  });
  expect(update?.state).toMatchObject({
    shared: 'yes',
    credential: {
      userName: UPDATER,
      oneTimePassword: PASSWORD,
      reportKey: '07'.repeat(32),
      nonce: answer.nonce,
    },
    target: { endpoint: { host: '127.0.0.1', port: 2_121 }, authenticatedReports: true },
  });
});

/** @spec U17 X6 */
test('a password whose answer was lost is answered again as before, another one is not taken', () => {
  const { passwords, updates } = site();
  const first = passwords.store(brought('panel-7'), MFP, '192.0.2.1');
  const again = passwords.store(brought('panel-7'), MFP, '192.0.2.1');
  expect({ ...again, signedManifest: undefined }).toEqual({ ...first, signedManifest: undefined });
  expect(Buffer.from(again.signedManifest ?? []).equals(Buffer.from(first.signedManifest ?? []))).toBe(true);
  expect(scheduled).toHaveLength(1);
  const store = (id: string, peer = MFP, changes = {}) =>
    codeOf(() => passwords.store(brought(id, changes), peer, '192.0.2.1'));
  expect(store('panel-7', MFP, { oneTimePassword: 'b'.repeat(43) })).toBe('password-not-expected');
  expect(store('panel-7', OTHER)).toBe('password-not-expected');
  const [stored] = scheduled;
  if (stored === undefined) throw new TypeError('An update was scheduled');
  const { credential: _, ...over } = stored.state;
  updates.commit(stored.job, { ...over, phase: 'finished', erased: true }, [], START);
  expect(store('panel-7')).toBe('password-not-expected');
});

/** @spec U15 */
test('a password that nobody waits for is not taken: not for the job of a server, nor by a forged plain request', () => {
  const { passwords, updates } = site();
  const job = makeJob('job-1', 'mfp-1', clock);
  updates.add({ job, state: initialState, cancelled: false, movedTo: undefined }, [], START);
  const store = (id: string, peer = MFP) => codeOf(() => passwords.store(brought(id), peer, '192.0.2.1'));
  expect(store('job-1')).toBe('password-not-expected');
  // Only an identifier that the device itself makes at its panel is an order where plain requests are taken.
  register('mfp-2', true);
  expect(store('forged', OTHER)).toBe('password-not-expected');
  expect(store('panel-forged', OTHER)).toBe('nothing thrown');
  expect(scheduled.map((update) => update.job.jobId)).toEqual(['panel-forged']);
});

/** @spec U15 */
test('a password that is waited for is taken from the device of the job only, and answered with what it is for', async () => {
  const { passwords, arrivals, updates } = site();
  const base = makeJob('job-1', 'mfp-1', clock);
  const job = { ...base, keyRotations: [ROTATION], signedTime: Buffer.from('time') };
  updates.add({ job, state: initialState, cancelled: false, movedTo: undefined }, [], START);
  const { taken } = await arrivals.during(job, async () => {
    const foreign = codeOf(() => passwords.store(brought('job-1'), OTHER, '192.0.2.1'));
    expect(foreign).toBe('password-not-expected');
    const wrongKind = brought('job-1', { bulkPathKind: 'sftp' });
    expect(codeOf(() => passwords.store(wrongKind, MFP, '192.0.2.1'))).toBe('bulk-path-not-allowed');
    const answer = passwords.store(
      brought('job-1', { bulkPath: { host: '0.0.0.0', port: 990 } }),
      MFP,
      '192.0.2.99',
    );
    expect(answer).toMatchObject({
      userName: UPDATER,
      signedTime: job.signedTime,
      keyRotations: { record: [ROTATION] },
    });
    expect(passwords.store(brought('job-1'), MFP, '192.0.2.1').nonce).toBe(answer.nonce);
    passwords.store(brought('job-1', { bulkPath: { host: '0.0.0.0', port: 990 } }), MFP, '192.0.2.99');
  });
  expect(taken).toMatchObject({
    credential: { userName: UPDATER, oneTimePassword: PASSWORD, reportKey: '07'.repeat(32) },
    target: {
      endpoint: { host: '192.0.2.99', port: 990 },
      authenticatedReports: true,
      manifestChecked: false,
    },
  });
  expect(codeOf(() => passwords.store(brought('job-1'), MFP, '192.0.2.1'))).toBe('password-not-expected');
  const late = await arrivals.during(job, async () => {});
  expect(late.taken).toBeUndefined();
});

/** @spec X1 */
test.each([true, false, undefined])(
  'whether the device checks the manifest of the answer is what it says itself: %s',
  async (manifestChecked) => {
    const { passwords, arrivals } = site();
    const said = manifestChecked === undefined ? {} : { manifestChecked };
    const { taken } = await arrivals.during(makeJob('job-1', 'mfp-1', clock), async () => {
      passwords.store(brought('job-1', said), MFP, '192.0.2.1');
    });
    expect(taken?.target.manifestChecked).toBe(manifestChecked === true);
    passwords.store(brought('panel-1', said), MFP, '192.0.2.1');
    expect(scheduled[0]?.state.target?.manifestChecked).toBe(manifestChecked === true);
  },
);

/** @spec X1 X2 U17 */
test('an order from the panel of a device that does less than it once did is refused', () => {
  const { passwords } = site();
  database.stores.devices.noteAssurance('mfp-1', { manifestChecked: true, authenticatedReports: true });
  expect(codeOf(() => passwords.store(brought('panel-1'), MFP, '192.0.2.1'))).toBe('assurance-lowered');
  expect(scheduled).toEqual([]);
  passwords.store(brought('panel-1', { manifestChecked: true }), MFP, '192.0.2.1');
});

/** @spec X2 */
test('a device that brings no report key has reports that prove nothing', async () => {
  const { passwords, arrivals } = site();
  const { reportKey: _, ...bare } = brought('job-1');
  const { taken } = await arrivals.during(makeJob('job-1', 'mfp-1', clock), async () => {
    passwords.store(bare, MFP, '192.0.2.1');
  });
  expect(taken?.target.authenticatedReports).toBe(false);
  // A key that nobody knows: neither empty nor guessable, or start notifications could be forged with it.
  expect(taken?.credential.reportKey).toMatch(/^(?!0+$)[0-9a-f]{64}$/);
});

/** @spec U18 */
test('that a password has ended is believed of a decided job, from its own device', () => {
  const { passwords, erasures, updates } = site();
  const job = makeJob('job-1', 'mfp-1', clock);
  updates.add({ job, state: initialState, cancelled: false, movedTo: undefined }, [], START);
  expect(passwords.erased({ jobId: 'job-1' }, MFP)).toEqual({ jobId: 'job-1' });
  expect(erasures.take('job-1', 'mfp-1')).toBe(false);
  const decided: UpdaterState = { ...initialState, phase: 'erasing', outcome: { state: 'verified' } };
  updates.commit(job, decided, [], START);
  expect(codeOf(() => passwords.erased({ jobId: 'job-1' }, OTHER))).toBe('not-authorised');
  expect(erasures.take('job-1', 'mfp-1')).toBe(false);
  passwords.erased({ jobId: 'job-1' }, MFP);
  expect([
    erasures.take('job-1', 'mfp-2'),
    erasures.take('job-1', 'mfp-1'),
    erasures.take('job-1', 'mfp-1'),
  ]).toEqual([false, true, false]);
});
