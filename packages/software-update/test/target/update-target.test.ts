import { beforeEach, describe, expect, test } from '@jest/globals';
import { after, Minutes, Seconds } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import {
  type BulkServiceSession,
  type IncomingCredential,
  readVersionReport,
  startNotificationMac,
  type UpdateTarget,
} from '@postern/software-update';
import { InMemoryDevice } from '../support/in-memory-device.ts';
import { KillPlan } from '../support/life.ts';
import { FACTORY, makeImage, makeManifest, START, sign } from '../support/software.ts';

const RELEASE = [makeImage('firmware', '2.0', 11), makeImage('network', '3.2', 5, 1_500)];
const [FIRMWARE, NETWORK] = RELEASE.map(({ bytes }) => bytes) as [Uint8Array, Uint8Array];
const NONCE = 'ab'.repeat(16);
const REPORT_KEY = '5a'.repeat(32);

const incoming: IncomingCredential = {
  userName: 'site-1',
  oneTimePassword: 'right',
  expiresAt: after(START, Minutes(30)),
  jobId: 'job-1',
  signedManifest: sign(makeManifest(RELEASE)),
  reportKey: REPORT_KEY,
  nonce: NONCE,
};

/** Tells of every durable write as it is about to be made. */
class WatchedWrites extends KillPlan {
  onWrite: (label: string) => void = () => {};

  override pass(label: string): boolean {
    this.onWrite(label);
    return super.pass(label);
  }
}

let clock: VirtualClock;
let writes: WatchedWrites;
let device: InMemoryDevice;
let target: UpdateTarget;

const running = (): UpdateTarget => {
  if (device.running === undefined) throw new TypeError('The device is dark');
  return device.running.target;
};

const enter = async (password = 'right'): Promise<BulkServiceSession> => {
  const session = await target.login('site-1', password, 'test');
  if (session === undefined) throw new TypeError('The login was refused');
  return session;
};

/** Uploads `bytes` in two chunks and ends the transfer in good order. */
const upload = async (
  session: BulkServiceSession,
  name: string,
  bytes: Uint8Array,
  offset = 0,
): Promise<string> => {
  const receiver = await session.receive(name, offset);
  const middle = Math.floor(bytes.length / 2);
  await receiver.write(bytes.subarray(0, middle));
  await receiver.write(bytes.subarray(middle));
  return receiver.finish();
};

const code = (expected: string) => expect.objectContaining({ code: expected });

beforeEach(async () => {
  clock = new VirtualClock(START);
  writes = new WatchedWrites();
  device = new InMemoryDevice({
    clock,
    logger: memoryLogger(),
    deviceId: 'mfp-1',
    factory: FACTORY,
    kills: writes,
    crashing: new Set(),
    notify: async () => {},
  });
  await device.powerOn();
  target = running();
});

/** @spec X1 X3 */
test('an upload that began under the job before is not received under the one that replaced it', async () => {
  await target.storeCredential(incoming);
  const session = await enter();
  const newer = [makeImage('firmware', '3.0', 12)];
  const replaced = target.storeCredential({
    ...incoming,
    oneTimePassword: 'newer',
    jobId: 'job-2',
    signedManifest: sign(makeManifest(newer)),
  });
  // Asked for while the other job's was still expected; its turn comes when that is so no longer.
  await expect(session.receive('image.firmware', 0)).rejects.toEqual(code('component-unknown'));
  await replaced;
  expect(await (await enter('newer')).size('image.firmware')).toBe(0);
});

describe('a session sees', () => {
  test('nothing at all before a credential was stored', async () => {
    expect(await target.login('site-1', '', 'test')).toBeUndefined();
  });

  /** @spec U2 U4 */
  test('the version report and the images that are expected, and nothing else', async () => {
    await target.storeCredential(incoming);
    const session = await enter();
    expect(await session.list()).toEqual([
      { name: 'version-report', size: expect.any(Number), access: 'r' },
      { name: 'image.firmware', size: 0, access: 'w' },
      { name: 'image.network', size: 0, access: 'w' },
    ]);
    expect(await session.read('image.firmware')).toBeUndefined();
    expect(await session.read('../version-report')).toBeUndefined();
    expect(await session.size('image.scanner')).toBeUndefined();
    await expect(session.receive('image.scanner', 0)).rejects.toEqual(code('component-unknown'));
    await expect(session.receive('version-report', 0)).rejects.toEqual(code('transfer-refused'));
  });

  /** @spec U2 X2 */
  test('an authenticated report under the name that carries the nonce', async () => {
    await target.storeCredential(incoming);
    const nonce = 'cd'.repeat(16);
    const bytes = await (await enter()).read(`version-report.${nonce}`);
    const binding = { deviceId: 'mfp-1', jobId: 'job-1', nonce, reportKey: REPORT_KEY };
    expect(readVersionReport(bytes ?? new Uint8Array(), binding)).toEqual({
      versions: { firmware: '1.0', network: '3.1' },
      activity: 'receiving',
    });
  });
});

/** @spec X1 */
describe('an upload', () => {
  let session: BulkServiceSession;
  beforeEach(async () => {
    await target.storeCredential(incoming);
    session = await enter();
  });

  /** @spec U4 */
  test('of every image is verified, installed and started, and nothing older may follow it', async () => {
    expect(await upload(session, 'image.firmware', FIRMWARE)).toBe('firmware verified');
    expect(await upload(session, 'image.network', NETWORK)).toBe('network verified; the update follows');
    await clock.advance(Minutes(1));
    expect(running().versions).toEqual({ firmware: '2.0', network: '3.2' });
    expect(device.record?.releaseCounters).toEqual({ firmware: 11, network: 5 });
  });

  test('without end is refused at the first byte beyond the signed length, and nothing of it is kept', async () => {
    const receiver = await session.receive('image.firmware', 0);
    await receiver.write(FIRMWARE);
    await expect(receiver.write(Uint8Array.of(0))).rejects.toEqual(code('too-long'));
    await expect(receiver.write(Uint8Array.of(0))).rejects.toEqual(code('too-long'));
    expect(await session.size('image.firmware')).toBe(0);
  });

  test('with another digest is refused, and nothing of it is kept', async () => {
    await expect(
      upload(
        session,
        'image.firmware',
        FIRMWARE.map((byte) => byte ^ 1),
      ),
    ).rejects.toEqual(code('digest-mismatch'));
    expect(await session.size('image.firmware')).toBe(0);
  });

  /** @spec X5 */
  test('that ends too early is kept for its resumption', async () => {
    await expect(upload(session, 'image.firmware', FIRMWARE.subarray(0, 1_000))).rejects.toEqual(
      code('truncated'),
    );
    expect(await session.size('image.firmware')).toBe(1_000);
    expect(await upload(session, 'image.firmware', FIRMWARE.subarray(1_000), 1_000)).toBe(
      'firmware verified',
    );
  });

  /** @spec X5 */
  test('cannot begin behind what is held', async () => {
    await expect(session.receive('image.firmware', 1)).rejects.toEqual(code('truncated'));
  });

  test('that replaces a proven image has to prove itself again', async () => {
    await upload(session, 'image.firmware', FIRMWARE);
    const receiver = await session.receive('image.firmware', 0);
    await receiver.abort();
    expect(await upload(session, 'image.network', NETWORK)).toBe('network verified');
    expect(await session.size('image.firmware')).toBe(0);
  });

  test('is refused once everything is there', async () => {
    device.busyUntil = clock.now() + Minutes(5);
    await upload(session, 'image.firmware', FIRMWARE);
    await upload(session, 'image.network', NETWORK);
    await expect(session.receive('image.network', 0)).rejects.toEqual(code('component-unknown'));
  });
});

describe('an open session ends', () => {
  let session: BulkServiceSession;
  beforeEach(async () => {
    await target.storeCredential(incoming);
    session = await enter();
  });

  /** @spec U8 */
  test('with the erasure', async () => {
    expect(await target.endCredential('erase', 'site-1', 'job-1')).toBe(true);
    expect(session.revoked.aborted).toBe(true);
  });

  test('with a newer login', async () => {
    await enter();
    expect(session.revoked.aborted).toBe(true);
  });

  test('with a newer credential', async () => {
    await target.storeCredential({ ...incoming, jobId: 'job-2', oneTimePassword: 'other' });
    expect(session.revoked.aborted).toBe(true);
  });

  /** @spec X3 */
  test('when its password expires', async () => {
    await clock.advance(Minutes(30));
    expect(session.revoked.aborted).toBe(true);
    expect(await target.login('site-1', 'right', 'test')).toBeUndefined();
  });

  /** @spec U14 X3 */
  test('with the tenth wrong try, not with the ninth', async () => {
    for (let tries = 1; tries <= 9; tries++) await target.login('site-1', 'wrong', 'test');
    expect(session.revoked.aborted).toBe(false);
    await target.login('site-1', 'wrong', 'test');
    expect(session.revoked.aborted).toBe(true);
    expect(await target.login('site-1', 'right', 'test')).toBeUndefined();
  });

  test('but not with the erasure of another job', async () => {
    expect(await target.endCredential('erase', 'site-1', 'job-0')).toBe(false);
    expect(session.revoked.aborted).toBe(false);
  });
});

describe('a credential that is stored', () => {
  /** @spec X1 */
  test('with a manifest that is refused changes nothing', async () => {
    await target.storeCredential(incoming);
    const before = device.record;
    const signedManifest = sign(makeManifest(RELEASE, { model: 'FAX 100' }));
    await expect(target.storeCredential({ ...incoming, jobId: 'job-2', signedManifest })).rejects.toEqual(
      code('wrong-model'),
    );
    expect(device.record).toEqual(before);
  });

  test('twice keeps what has already arrived', async () => {
    await target.storeCredential(incoming);
    await upload(await enter(), 'image.firmware', FIRMWARE);
    await target.storeCredential(incoming);
    expect(await (await enter()).size('image.firmware')).toBe(FIRMWARE.length);
  });

  test('for a new job takes the place of one that waits for jobs of the device', async () => {
    device.busyUntil = clock.now() + Minutes(5);
    await target.storeCredential(incoming);
    const session = await enter();
    await upload(session, 'image.firmware', FIRMWARE);
    await upload(session, 'image.network', NETWORK);
    expect(target.activity).toBe('waiting-for-jobs');
    await target.storeCredential({ ...incoming, jobId: 'job-2' });
    expect(target.activity).toBe('receiving');
    await clock.advance(Minutes(10));
    expect(device.restarts).toBe(0);
  });

  /** @spec X3 */
  test('is not kept as it came', async () => {
    await target.storeCredential({ ...incoming, oneTimePassword: 'a password of its own' });
    expect(JSON.stringify(device.record)).not.toContain('a password of its own');
  });

  /** @spec U5 U8 */
  test('and is erased while the device waits for its jobs: the installation is called off', async () => {
    device.busyUntil = clock.now() + Minutes(5);
    await target.storeCredential(incoming);
    const session = await enter();
    await upload(session, 'image.firmware', FIRMWARE);
    await upload(session, 'image.network', NETWORK);
    expect(target.activity).toBe('waiting-for-jobs');
    await target.endCredential('erase', 'site-1', 'job-1');
    expect(target.activity).toBe('idle');
    await clock.advance(Minutes(6));
    expect(running().versions).toEqual({ firmware: '1.0', network: '3.1' });
  });

  test('and is erased cannot be brought back by a late request of the same job', async () => {
    await target.storeCredential(incoming);
    await target.endCredential('erase', 'site-1', 'job-1');
    await expect(target.storeCredential(incoming)).rejects.toMatchObject({ code: 'credential-refused' });
    expect(await target.login('site-1', incoming.oneTimePassword, 'peer')).toBeUndefined();
    await target.storeCredential({ ...incoming, jobId: 'job-2' });
    expect(await target.login('site-1', incoming.oneTimePassword, 'peer')).toBeDefined();
  });
});

/** @spec U6 X2 */
test('a start notification names and authenticates the open job, and no other', async () => {
  expect(target.startNotification()).toEqual({});
  await target.storeCredential(incoming);
  const binding = { deviceId: 'mfp-1', jobId: 'job-1', nonce: NONCE, reportKey: REPORT_KEY };
  expect(target.startNotification()).toEqual({ jobId: 'job-1', mac: startNotificationMac(binding) });
  await target.endCredential('erase', 'site-1', 'job-1');
  expect(target.startNotification()).toEqual({});
});

/** @spec X4 */
test('a device that had to start from its other slot no longer receives into it', async () => {
  await target.storeCredential(incoming);
  await upload(await enter(), 'image.firmware', FIRMWARE);
  await upload(await enter(), 'image.network', NETWORK);
  await clock.advance(Minutes(1));

  const next = [makeImage('firmware', '3.0', 12), makeImage('network', '3.2', 5, 1_500)];
  target = running();
  await target.storeCredential({ ...incoming, jobId: 'job-2', signedManifest: sign(makeManifest(next)) });
  device.slots.rot('B');
  device.cutPower();
  await clock.advance(Seconds(60));
  target = running();
  expect(target.versions).toEqual({ firmware: '1.0', network: '3.1' });
  const session = await enter();
  await expect(session.receive('image.firmware', 0)).rejects.toEqual(code('component-unknown'));
  expect(device.slots.isWhole('A')).toBe(true);
});

test('a device that is installing takes no new credential, and the installation goes on', async () => {
  await target.storeCredential(incoming);
  const session = await enter();
  await upload(session, 'image.firmware', FIRMWARE);
  await upload(session, 'image.network', NETWORK);
  let refused: Promise<unknown> | undefined;
  writes.onWrite = (label) => {
    if (label !== 'before slot B sealed') return;
    expect(target.activity).toBe('installing');
    refused = expect(target.storeCredential({ ...incoming, jobId: 'job-2' })).rejects.toEqual(
      code('update-already-open'),
    );
  };
  await clock.advance(Minutes(1));
  expect(running().versions).toEqual({ firmware: '2.0', network: '3.2' });
  expect(refused).toBeDefined();
  await refused;
});
