import { beforeEach, describe, expect, test } from '@jest/globals';
import { after, Minutes } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { type IncomingCredential, invalidationCode, startNotificationMac } from '@postern/software-update';
import { makeManifest, RELEASE, START, sign } from '../support/software.ts';
import { BareDevice } from './bare-device.ts';

const REPORT_KEY = '5a'.repeat(32);
const NONCE = 'ab'.repeat(16);
const FIRMWARE = RELEASE[0]?.bytes ?? new Uint8Array();
const code = (expected: string) => expect.objectContaining({ code: expected });
const incoming: IncomingCredential = {
  userName: 'site-1',
  oneTimePassword: 'right',
  expiresAt: after(START, Minutes(30)),
  jobId: 'job-1',
  signedManifest: sign(makeManifest(RELEASE)),
  reportKey: REPORT_KEY,
  nonce: NONCE,
};
const { reportKey: _, ...withoutKey } = incoming;

let device: BareDevice;
beforeEach(async () => {
  device = new BareDevice(new VirtualClock(START));
  await device.start();
});

/** @spec U12 */
describe('a request to end the password', () => {
  const names = { deviceId: 'mfp-1', userName: 'site-1', jobId: 'job-1' };
  const right = invalidationCode(REPORT_KEY, names);

  test.each<[string, IncomingCredential, string | undefined, 'authenticated' | 'anybody']>([
    ['with its code, from anybody', incoming, right, 'anybody'],
    ['without code, on the secure path', incoming, undefined, 'authenticated'],
    ['without code, of an updater that shares no report key', withoutKey, undefined, 'anybody'],
  ])('%s is obeyed', async (_, credential, given, caller) => {
    await device.target.storeCredential(credential);
    const session = await device.enter('site-1', 'right');
    expect(await device.target.invalidate('site-1', 'job-1', given, caller)).toBe(true);
    expect(session.revoked.aborted).toBe(true);
    expect(device.target.activity).toBe('idle');
    expect(device.record.credential).toEqual({ kind: 'ended', jobId: 'job-1', reason: 'invalidated' });
  });

  test.each<[string, string | undefined]>([
    ['without code', undefined],
    ['with an empty code', ''],
    ['with the code under another key', invalidationCode('00'.repeat(32), names)],
    ['with the code of another job', invalidationCode(REPORT_KEY, { ...names, jobId: 'job-2' })],
    ['with the code of another device', invalidationCode(REPORT_KEY, { ...names, deviceId: 'mfp-2' })],
  ])('%s is refused to anybody', async (_, given) => {
    await device.target.storeCredential(incoming);
    const session = await device.enter('site-1', 'right');
    const request = device.target.invalidate('site-1', 'job-1', given, 'anybody');
    await expect(request).rejects.toEqual(code('request-unproved'));
    expect(session.revoked.aborted).toBe(false);
  });

  test('of another job or updater changes nothing', async () => {
    await device.target.storeCredential(incoming);
    expect(await device.target.invalidate('site-1', 'job-0', right, 'anybody')).toBe(false);
    expect(await device.target.invalidate('site-2', 'job-1', right, 'authenticated')).toBe(false);
    expect(device.record.credential.kind).toBe('live');
  });
});

/** @spec U20 */
test('an updater that is not the intermediary says where the start is to be notified', async () => {
  const notifyStartAt = { host: '192.0.2.9', port: 8099 };
  await device.target.storeCredential({ ...incoming, notifyStartAt });
  const binding = { deviceId: 'mfp-1', jobId: 'job-1', nonce: NONCE, reportKey: REPORT_KEY };
  await device.start();
  expect(device.target.startNotification()).toEqual({
    jobId: 'job-1',
    mac: startNotificationMac(binding),
    notifyStartAt,
  });
});

/** @spec X1 */
describe('two sessions that send one image', () => {
  test('do not write into each other: the newer one goes on from what the older one left', async () => {
    await device.target.storeCredential(incoming);
    const older = await (await device.enter('site-1', 'right')).receive('image.firmware', 0);
    await older.write(FIRMWARE.subarray(0, 1_000));
    const session = await device.enter('site-1', 'right');
    const newer = await session.receive('image.firmware', 1_000);
    await expect(older.write(FIRMWARE.subarray(1_000))).rejects.toEqual(code('transfer-refused'));
    await expect(older.finish()).rejects.toEqual(code('transfer-refused'));
    await older.abort();
    await newer.write(FIRMWARE.subarray(1_000));
    expect(await newer.finish()).toBe('firmware verified; the update follows');
  });

  test('at the same moment leave the way to the last one', async () => {
    await device.target.storeCredential(incoming);
    const session = await device.enter('site-1', 'right');
    const [first, second] = await Promise.all([
      session.receive('image.firmware', 0),
      session.receive('image.firmware', 0),
    ]);
    await expect(first.write(FIRMWARE)).rejects.toEqual(code('transfer-refused'));
    await second.write(FIRMWARE);
    expect(await second.finish()).toBe('firmware verified; the update follows');
  });

  test('a newer one waits until the older one has written what it is writing', async () => {
    await device.target.storeCredential(incoming);
    const order: string[] = [];
    const session = await device.enter('site-1', 'right');
    const older = await session.receive('image.firmware', 0);
    const written = older.write(FIRMWARE.subarray(0, 10)).then(() => order.push('older has written'));
    const opened = session.receive('image.firmware', 0).then((receiver) => {
      order.push('newer is open');
      return receiver;
    });
    await written;
    const newer = await opened;
    expect(order).toEqual(['older has written', 'newer is open']);
    await newer.write(FIRMWARE);
    expect(await newer.finish()).toBe('firmware verified; the update follows');
  });
});
