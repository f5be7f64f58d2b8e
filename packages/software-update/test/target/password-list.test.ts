import { beforeEach, describe, expect, test } from '@jest/globals';
import { Days, Hours, Minutes, Seconds } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  listedEntries,
  makePasswordList,
  type PasswordList,
  type PasswordMark,
  passwordListEntries,
  readVersionReport,
  startNotificationMac,
  usedPasswordCode,
} from '@postern/software-update';
import fc from 'fast-check';
import { makeManifest, RELEASE, START, sign } from '../support/software.ts';
import { BareDevice, upload } from './bare-device.ts';

const FIRMWARE = RELEASE[0]?.bytes ?? new Uint8Array();
const NONCE = 'ab'.repeat(16);
const SIGNED = sign(makeManifest(RELEASE));
const LIST = makePasswordList(seededEntropy('a'), { deviceId: 'mfp-1', userName: 'site-1', count: 40 });
const OTHER = makePasswordList(seededEntropy('b'), { deviceId: 'mfp-1', userName: 'site-1', count: 5 });
const port = (list: PasswordList) => passwordListEntries(list, listedEntries(list));
const PORT = port(LIST);
const code = (expected: string) => expect.objectContaining({ code: expected });

const password = (entry: number, list = LIST): string => list.entries[entry]?.password ?? '';
const reportKey = (entry: number): string => LIST.entries[entry]?.reportKey ?? '';
const name = (entry: number): string => `${LIST.list}.${entry}`;

/** What the updater says over HTTP. */
const mark = (entry: number, more: Partial<PasswordMark> = {}): PasswordMark => {
  const used = { userName: 'site-1', list: LIST.list, entry, ...more };
  return { ...used, code: usedPasswordCode(reportKey(entry), { ...used, deviceId: 'mfp-1' }) };
};
const transfer = (entry: number): PasswordMark => mark(entry, { signedManifest: SIGNED, nonce: NONCE });

let clock: VirtualClock;
let device: BareDevice;
const tries = (text: string): Promise<unknown> => device.target.login('site-1', text, 'test');
const next = (): number =>
  device.record.passwordLists?.positions.find(({ list }) => list === LIST.list)?.next ?? 0;

beforeEach(async () => {
  clock = new VirtualClock(START);
  device = new BareDevice(clock);
  device.extra = { passwordList: PORT };
  await device.start();
});

/** @spec P1 */
describe('an update with passwords from a list', () => {
  test('reads the versions, uses the password up, transfers, restarts, and looks again with the next one', async () => {
    const before = await device.enter('site-1', password(0));
    const binding = { deviceId: 'mfp-1', jobId: name(0), nonce: NONCE, reportKey: reportKey(0) };
    const report = await before.read(`version-report.${NONCE}`);
    expect(readVersionReport(report ?? new Uint8Array(), binding).versions).toMatchObject({
      firmware: '1.0',
    });

    expect(await device.target.markUsed(transfer(0))).toEqual({
      list: LIST.list,
      next: 1,
      remaining: 39,
      manifestChecked: true,
    });
    await upload(await device.enter('site-1', password(0)), 'image.firmware', FIRMWARE);
    await clock.advance(Seconds(1));
    expect(device.restartsAsked).toBe(1);

    await device.start();
    expect(device.target.startNotification()).toEqual({ jobId: name(0), mac: startNotificationMac(binding) });
    expect(await tries(password(0))).toBeUndefined();
    const after = await device.enter('site-1', password(1));
    const second = { ...binding, jobId: name(1), reportKey: reportKey(1) };
    const again = await after.read(`version-report.${NONCE}`);
    expect(readVersionReport(again ?? new Uint8Array(), second).versions).toMatchObject({ firmware: '2.0' });

    expect(await device.target.markUsed(mark(1))).toMatchObject({ next: 2, manifestChecked: false });
    expect(after.revoked.aborted).toBe(true);
    expect(device.target.startNotification()).toEqual({});
    expect(await tries(password(1))).toBeUndefined();
  });

  test('whose software does not start says so under the next password', async () => {
    await device.enter('site-1', password(0));
    await device.target.markUsed(transfer(0));
    await upload(await device.enter('site-1', password(0)), 'image.firmware', FIRMWARE);
    await clock.advance(Seconds(1));
    await device.start({ crashing: true });
    await device.start({ crashing: true });
    await device.start();
    const report = await (await device.enter('site-1', password(1))).read('version-report');
    expect(readVersionReport(report ?? new Uint8Array())).toMatchObject({ error: 'boot-failed' });
    await device.target.markUsed(mark(1));
    const later = await (await device.enter('site-1', password(2))).read('version-report');
    expect(readVersionReport(later ?? new Uint8Array()).error).toBeUndefined();
  });

  /** @spec D5 X6 */
  test('goes on in the updater program, with the password that was used up or with a newer one', async () => {
    await device.enter('site-1', password(0));
    await device.target.markUsed(transfer(0));
    device.slots.rot('A');
    expect(await device.start()).toMatchObject({ program: 'updater-program' });
    expect(await (await device.enter('site-1', password(0))).size('image.firmware')).toBe(0);
    await device.enter('site-1', password(1));
    await device.start();
    expect(await upload(await device.enter('site-1', password(1)), 'image.firmware', FIRMWARE)).toContain(
      'verified',
    );
  });

  test('goes on after a power cut with what has arrived', async () => {
    await device.enter('site-1', password(0));
    await device.target.markUsed(transfer(0));
    const receiver = await (await device.enter('site-1', password(0))).receive('image.firmware', 0);
    await receiver.write(FIRMWARE.subarray(0, 1_000));
    await device.start();
    expect(await (await device.enter('site-1', password(0))).size('image.firmware')).toBe(1_000);
  });
});

/** @spec P1 */
describe('a login with a listed password', () => {
  test.each<[string, number, boolean]>([
    ['the next one', 3, true],
    ['16 further on', 19, true],
    ['17 further on', 20, false],
    ['the one before', 2, false],
  ])('%s: entry %d behind three used ones: %s', async (_, entry, enters) => {
    await device.target.markUsed(mark(2));
    expect((await tries(password(entry))) !== undefined).toBe(enters);
    if (enters) expect(next()).toBe(entry);
  });

  test.each([
    ['under another name', 'site-2', password(0)],
    ['of another list', 'site-1', password(0, OTHER)],
    ['without a password', 'site-1', ''],
  ])('%s is refused', async (_, userName, text) => {
    expect(await device.target.login(userName, text, 'test')).toBeUndefined();
  });

  test('ends the credential of an older entry, and what is expected stays', async () => {
    const older = await device.enter('site-1', password(0));
    await device.target.markUsed(transfer(0));
    await device.enter('site-1', password(2));
    expect(older.revoked.aborted).toBe(true);
    expect(await tries(password(0))).toBeUndefined();
    expect(await tries(password(1))).toBeUndefined();
    expect(device.record.credential).toMatchObject({ kind: 'live', jobId: name(2) });
    expect(device.target.activity).toBe('receiving');
  });

  test('lasts for an hour, and then the password is used up', async () => {
    const session = await device.enter('site-1', password(0));
    await clock.advance(Hours(1));
    expect(session.revoked.aborted).toBe(true);
    expect(await tries(password(0))).toBeUndefined();
    expect(await tries(password(1))).toBeDefined();
    expect(device.record.credential).toMatchObject({ wrongTries: 0 });
  });

  test('is refused on a device without a list', async () => {
    device.extra = {};
    await device.start();
    expect(await tries(password(0))).toBeUndefined();
  });

  test('never works again when its list comes back after another one', async () => {
    await device.target.markUsed(mark(4));
    device.extra = { passwordList: port(OTHER) };
    await device.start();
    await device.enter('site-1', password(0, OTHER));
    device.extra = { passwordList: PORT };
    await device.start();
    expect(await tries(password(4))).toBeUndefined();
    expect(await tries(password(5))).toBeDefined();
  });
});

/** @spec P1 */
describe('a mark', () => {
  test.each<[string, PasswordMark, string]>([
    ['without code', { ...mark(0), code: '' }, 'request-unproved'],
    ['with the code of another entry', { ...mark(0), entry: 1 }, 'request-unproved'],
    ['with another manifest', { ...transfer(0), signedManifest: FIRMWARE }, 'request-unproved'],
    ['with another lifetime', { ...transfer(0), lifetimeSeconds: 1e6 }, 'request-unproved'],
    [
      'without the manifest that it came with',
      { ...mark(0), code: transfer(0).code ?? '' },
      'request-unproved',
    ],
    ['of another updater', mark(0, { userName: 'site-2' }), 'request-unproved'],
    ['of an entry behind the end', { ...mark(0), entry: 40 }, 'request-unproved'],
    ['of an entry before the first', { ...mark(0), entry: -1 }, 'request-unproved'],
    ['of another list', { ...mark(0), list: OTHER.list }, 'password-list-missing'],
  ])('%s is refused and changes nothing', async (_, given, expected) => {
    await device.enter('site-1', password(0));
    const before = device.record;
    await expect(device.target.markUsed(given)).rejects.toEqual(code(expected));
    expect(device.record).toEqual(before);
  });

  test('once more says and does the same, and lends no longer life', async () => {
    await device.enter('site-1', password(0));
    const request = mark(0, { signedManifest: SIGNED, lifetimeSeconds: 60 });
    const said = await device.target.markUsed(request);
    const { record } = device;
    await clock.advance(Seconds(30));
    expect(await device.target.markUsed(request)).toEqual(said);
    expect(device.record).toEqual(record);
    await clock.advance(Seconds(30));
    expect(await tries(password(0))).toBeUndefined();
  });

  test('with another lifetime holds for the session that is open', async () => {
    const session = await device.enter('site-1', password(0));
    await device.target.markUsed(mark(0, { signedManifest: SIGNED, lifetimeSeconds: 7_200 }));
    await clock.advance(Hours(1));
    expect(session.revoked.aborted).toBe(false);
    await clock.advance(Hours(1));
    expect(session.revoked.aborted).toBe(true);
  });

  test('with a manifest that is refused leaves the password as it was', async () => {
    await device.enter('site-1', password(0));
    const signedManifest = sign(makeManifest(RELEASE, { model: 'FAX 100' }));
    await expect(device.target.markUsed(mark(0, { signedManifest }))).rejects.toEqual(code('wrong-model'));
    expect(next()).toBe(0);
    expect(await device.target.markUsed(mark(0))).toMatchObject({ next: 1 });
  });

  test('with another manifest than the one it was used up for is refused', async () => {
    await device.enter('site-1', password(0));
    await device.target.markUsed(transfer(0));
    const signedManifest = sign(makeManifest(RELEASE, { software: 'other' }));
    await expect(device.target.markUsed(mark(0, { signedManifest }))).rejects.toEqual(
      code('credential-refused'),
    );
  });

  test('with a manifest for a password that opens nothing only uses it up', async () => {
    await expect(device.target.markUsed(transfer(6))).rejects.toEqual(code('credential-refused'));
    expect(next()).toBe(7);
    expect(device.target.activity).toBe('idle');
  });

  test('of a newer entry ends the older one that is live; of an older one it does not', async () => {
    await device.enter('site-1', password(3));
    expect(await device.target.markUsed(mark(1))).toMatchObject({ next: 3 });
    expect(device.record.credential.kind).toBe('live');
    expect(await device.target.markUsed(mark(4))).toMatchObject({ next: 5 });
    expect(device.record.credential).toMatchObject({ kind: 'ended', jobId: name(3), reason: 'used' });
  });

  test('of the last entry leaves none', async () => {
    expect(await device.target.markUsed(mark(39))).toMatchObject({ next: 40, remaining: 0 });
    expect(await tries(password(39))).toBeUndefined();
  });

  test.each([
    ['of its own', 0],
    ['of the one that looked after it', 1],
  ])('%s calls off what waits for the jobs', async (_, entry) => {
    device.jobs = new Promise(() => {});
    await device.enter('site-1', password(0));
    await device.target.markUsed(transfer(0));
    await upload(await device.enter('site-1', password(0)), 'image.firmware', FIRMWARE);
    await device.enter('site-1', password(1));
    expect(device.target.activity).toBe('waiting-for-jobs');
    await device.target.markUsed(mark(entry));
    expect(device.target.activity).toBe('idle');
  });

  test('of an update before, once more, does not touch the one that is under way', async () => {
    await device.target.markUsed(mark(1));
    await device.enter('site-1', password(2));
    await device.target.markUsed(transfer(2));
    const { record } = device;
    await device.target.markUsed(mark(1));
    expect(device.record).toEqual(record);
    expect(device.target.activity).toBe('receiving');
  });

  test('while the device goes on to another start survives a power cut', async () => {
    await device.target.markUsed(mark(7));
    await device.start();
    expect(await tries(password(7))).toBeUndefined();
    expect(await tries(password(8))).toBeDefined();
  });
});

/** @spec P1 X3 U14 */
describe('wrong tries', () => {
  const guess = async (times: number): Promise<void> => {
    for (let at = 0; at < times; at++) await tries(`guess ${at}`);
  };

  test('end the listed password that is live with the tenth, and cost this one entry', async () => {
    const session = await device.enter('site-1', password(0));
    await guess(9);
    expect(session.revoked.aborted).toBe(false);
    await guess(1);
    expect(session.revoked.aborted).toBe(true);
    expect(await tries(password(0))).toBeUndefined();
    expect(await tries(password(1))).toBeDefined();
  });

  test('are not counted while no password is live', async () => {
    const { record } = device;
    await guess(1_000);
    expect(device.record).toEqual(record);
    expect(await tries(password(0))).toBeDefined();
  });

  test('are not counted for used entries', async () => {
    await device.target.markUsed(mark(29));
    await device.enter('site-1', password(30));
    for (let entry = 0; entry < 30; entry++) await tries(password(entry));
    expect(device.record.credential).toMatchObject({ kind: 'live', wrongTries: 0 });
  });

  test('cost no second entry for a minute, then for two, up to an hour', async () => {
    let entry = 0;
    for (const minutes of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await device.enter('site-1', password(entry));
      await guess(10);
      expect(device.record.credential).toMatchObject({ reason: 'too-many-tries' });
      entry += 1;
      await clock.advance(Minutes(minutes - 1));
      const session = await device.enter('site-1', password(entry));
      await guess(50);
      expect(session.revoked.aborted).toBe(false);
      await clock.advance(Minutes(1));
    }
    expect(next()).toBe(entry);
    await clock.advance(Days(1));
    await device.enter('site-1', password(entry + 1));
    await guess(10);
    await clock.advance(Minutes(1));
    await device.enter('site-1', password(entry + 2));
    await guess(10);
    expect(device.record.credential).toMatchObject({ reason: 'too-many-tries' });
  });

  test('end a password that was shared on the secure path as without a list', async () => {
    const expiresAt = (START + Minutes(30)) as typeof START;
    await device.target.storeCredential({
      userName: 'site-1',
      oneTimePassword: 'right',
      expiresAt,
      jobId: 'job-1',
    });
    await guess(10);
    expect(await tries('right')).toBeUndefined();
  });
});

/** @spec P1 X6 */
test('whatever happens, the number never falls, and no entry below it opens the bulk path', async () => {
  const entry = fc.nat(12);
  const event = fc.oneof(
    entry.map((at) => ({ does: 'login', at }) as const),
    entry.map((at) => ({ does: 'mark', at }) as const),
    entry.map((at) => ({ does: 'transfer', at }) as const),
    fc.constantFrom({ does: 'guess', at: 0 } as const, { does: 'send', at: 0 } as const),
    fc.constantFrom({ does: 'start', at: 0 } as const, { does: 'share', at: 0 } as const),
    fc.nat(90).map((at) => ({ does: 'wait', at }) as const),
    entry.map((at) => ({ does: 'erase', at }) as const),
  );
  const play = async ({ does, at }: { does: string; at: number }): Promise<void> => {
    const { target } = device;
    if (does === 'login') {
      const below = at < next();
      const marked = below && device.record.credential.kind === 'live' ? device.record.credential.jobId : '';
      // Only the one that was marked for a transfer, and has not ended, is let in below the number.
      if ((await tries(password(at))) !== undefined && below) expect(marked).toBe(name(at));
    }
    if (does === 'mark') expect((await target.markUsed(mark(at))).next).toBeGreaterThan(at);
    if (does === 'transfer') await target.markUsed(transfer(at)).catch(() => {});
    if (does === 'guess') for (let time = 0; time < 10; time++) await tries('guess');
    if (does === 'start') await device.start();
    if (does === 'wait') await clock.advance(Minutes(at));
    if (does === 'erase') await target.endCredential('erase', 'site-1', name(at));
    if (does === 'send') {
      const { credential } = device.record;
      if (credential.kind !== 'live' || target.activity !== 'receiving') return;
      const live = LIST.entries.findIndex((_, index) => name(index) === credential.jobId);
      const session = live < 0 ? undefined : await target.login('site-1', password(live), 'test');
      if (session !== undefined) await upload(session, 'image.firmware', FIRMWARE);
      await clock.advance(Seconds(1));
    }
    if (does === 'share') {
      const expiresAt = (clock.now() + Minutes(30)) as typeof START;
      const credential = { userName: 'site-1', oneTimePassword: 'right', expiresAt, jobId: 'job-1' };
      await target.storeCredential(credential).catch(() => {});
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
      clock = new VirtualClock(START);
      device = new BareDevice(clock);
      device.extra = { passwordList: PORT };
      await device.start();
      let highest = 0;
      for (const happened of events) {
        await play(happened);
        expect(next()).toBeGreaterThanOrEqual(highest);
        highest = next();
      }
    }),
    { numRuns: 150 },
  );
});
