import { beforeEach, describe, expect, test } from '@jest/globals';
import { after, Days, type Instant, Minutes } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import {
  generateVendorKey,
  type IncomingCredential,
  pinTimeKeys,
  signManifest,
  signRotation,
  signTime,
  vendorSignerFromPem,
} from '@postern/software-update';
import { makeImage, makeManifest, RELEASE, START, sign, VENDOR_SIGNER } from '../support/software.ts';
import { BareDevice, upload } from './bare-device.ts';

const heir = generateVendorKey();
const HEIR = vendorSignerFromPem(heir.privateKeyPem);
const rotation = signRotation({ sequence: 1, threshold: 1, keys: [heir.publicKeyPem] }, [
  VENDOR_SIGNER,
  HEIR,
]);
const code = (expected: string) => expect.objectContaining({ code: expected });

const manifest = makeManifest(RELEASE);
const byHeir = signManifest(manifest, HEIR);
const incoming: IncomingCredential = {
  userName: 'site-1',
  oneTimePassword: 'right',
  expiresAt: after(START, Minutes(30)),
  jobId: 'job-1',
};

let clock: VirtualClock;
let device: BareDevice;

beforeEach(async () => {
  clock = new VirtualClock(START);
  device = new BareDevice(clock);
  await device.start();
});

/** @spec X1 */
describe('a device that is told of new vendor keys', () => {
  test('believes them, and not the old ones, from then on and after its next start', async () => {
    await device.target.storeCredential({ ...incoming, keyRotations: [rotation], signedManifest: byHeir });
    await device.start();
    const again = { ...incoming, jobId: 'job-2' };
    await expect(device.target.storeCredential({ ...again, signedManifest: sign(manifest) })).rejects.toEqual(
      code('manifest-signature-invalid'),
    );
    await device.target.storeCredential({ ...again, signedManifest: byHeir, keyRotations: [rotation] });
    expect(device.target.activity).toBe('receiving');
  });

  test('has written them down before it judges the manifest behind them', async () => {
    const refused = { ...incoming, keyRotations: [rotation], signedManifest: sign(manifest) };
    await expect(device.target.storeCredential(refused)).rejects.toEqual(code('manifest-signature-invalid'));
    expect(device.record).toMatchObject({ trust: { sequence: 1 }, credential: { kind: 'none' } });
  });

  test('does not follow a rotation that its keys did not sign, and stores nothing with it', async () => {
    const seized = signRotation({ sequence: 1, threshold: 1, keys: [heir.publicKeyPem] }, [HEIR]);
    const refused = { ...incoming, keyRotations: [seized], signedManifest: byHeir };
    const before = device.record;
    await expect(device.target.storeCredential(refused)).rejects.toEqual(code('key-rotation-invalid'));
    expect(device.record).toEqual(before);
  });

  test('calls off what waits for its jobs when the key that let it in is revoked', async () => {
    let idle = (): void => {};
    device.jobs = new Promise((resolve) => {
      idle = resolve;
    });
    await device.target.storeCredential({ ...incoming, signedManifest: sign(manifest) });
    const session = await device.enter('site-1', 'right');
    await upload(session, 'image.firmware', RELEASE[0]?.bytes ?? new Uint8Array());
    expect(device.target.activity).toBe('waiting-for-jobs');
    const refused = { ...incoming, jobId: 'job-2', keyRotations: [rotation], signedManifest: sign(manifest) };
    await expect(device.target.storeCredential(refused)).rejects.toEqual(code('manifest-signature-invalid'));
    expect(device.target.activity).toBe('idle');
    idle();
    await clock.advance(Minutes(1));
    expect(device.restartsAsked).toBe(0);
    expect(device.record).toMatchObject({ installation: { kind: 'none' }, boot: { active: 'A' } });
  });

  test('keeps receiving what the new keys have signed, too', async () => {
    const both = signManifest(manifest, [VENDOR_SIGNER, HEIR]);
    await device.target.storeCredential({ ...incoming, signedManifest: both });
    const refused = { ...incoming, jobId: 'job-2', keyRotations: [rotation], signedManifest: sign(manifest) };
    await expect(device.target.storeCredential(refused)).rejects.toEqual(code('manifest-signature-invalid'));
    expect(device.target.activity).toBe('receiving');
  });

  test('receives nothing in its updater program that a revoked key has signed', async () => {
    await device.target.storeCredential({ ...incoming, signedManifest: sign(manifest) });
    await device.target
      .storeCredential({
        ...incoming,
        jobId: 'job-2',
        keyRotations: [rotation],
        signedManifest: sign(manifest),
      })
      .catch(() => {});
    device.slots.rot('A');
    expect(await device.start()).toMatchObject({ program: 'updater-program' });
    expect(device.target.activity).toBe('idle');
  });
});

/** @spec X1 */
describe('a device without a clock', () => {
  const timePair = generateVendorKey();
  const timeSigner = vendorSignerFromPem(timePair.privateKeyPem);
  const timeKeys = pinTimeKeys([timePair.publicKeyPem]);
  /** The management server's word. */
  const word = (time: Instant, freshnessNonce = nonce): Uint8Array =>
    signTime({ deviceId: 'mfp-1', nonce: freshnessNonce, time }, timeSigner);
  let nonce: string;

  const startWith = async (byte: string): Promise<void> => {
    nonce = byte.repeat(16);
    device.extra = { signedTime: { timeKeys, freshnessNonce: nonce } };
    await device.start();
    expect(device.target.freshnessNonce).toBe(nonce);
  };
  /** One job after the other with this word on the time. */
  let jobs = 0;
  const share = (signedTime: Uint8Array | undefined, expires = after(START, Days(2))): Promise<void> =>
    device.target.storeCredential({
      ...incoming,
      jobId: `job-${++jobs}`,
      signedManifest: sign(makeManifest(RELEASE, { expires })),
      ...(signedTime === undefined ? {} : { signedTime }),
    });

  beforeEach(async () => {
    // Its own clock is an hour after the epoch, whatever the year.
    clock = new VirtualClock(Minutes(60) as number as Instant);
    device = new BareDevice(clock);
    await startWith('a1');
  });

  test('takes a manifest that is in force at the time that was signed', async () => {
    await share(word(START));
    expect(device.target.activity).toBe('receiving');
    expect(device.record.latestTime).toBe(START);
  });

  test.each<[string, () => Uint8Array | undefined, string]>([
    ['without a signed time', () => undefined, 'time-unproved'],
    ['with the answer to a nonce of its last start', () => word(START, '00'.repeat(16)), 'time-unproved'],
    ['with the time past its expiry', () => word(after(START, Days(2))), 'manifest-expired'],
  ])('refuses one %s', async (_, signedTime, expected) => {
    await expect(share(signedTime())).rejects.toEqual(code(expected));
    expect(device.target.activity).toBe('idle');
  });

  test('never believes it to be earlier than it was', async () => {
    await share(word(after(START, Days(3))), after(START, Days(4)));
    await expect(share(word(START))).rejects.toEqual(code('manifest-expired'));
    await startWith('a2');
    await expect(share(word(START))).rejects.toEqual(code('manifest-expired'));
    await share(word(after(START, Days(3))), after(START, Days(4)));
  });

  test('counts on from a time that is shown to it once more', async () => {
    const kept = word(START);
    await share(kept);
    await clock.advance(Days(2));
    await expect(share(kept)).rejects.toEqual(code('manifest-expired'));
  });

  test('has the word on the time written down before it judges the manifest', async () => {
    await share(word(after(START, Days(2)))).catch(() => {});
    expect(device.record.latestTime).toBe(after(START, Days(2)));
  });

  /** @spec X3 */
  test('ends a password after its lifetime, counted anew from a start', async () => {
    const expiresAt = after(clock.now(), Minutes(30));
    await device.target.storeCredential({ ...incoming, expiresAt });
    await clock.advance(Minutes(20));
    // Off for a night, and its clock begins at the beginning.
    const record = device.record;
    clock = new VirtualClock(0 as Instant);
    const later = new BareDevice(clock);
    later.extra = { ...device.extra, memory: { load: async () => record, save: async () => {} } };
    await later.start();
    await clock.advance(Minutes(29));
    expect(await later.target.login('site-1', 'right', 'test')).toBeDefined();
    await clock.advance(Minutes(1));
    expect(await later.target.login('site-1', 'right', 'test')).toBeUndefined();
  });
});

test('a device with a clock needs no signed time, and takes none', async () => {
  const image = makeImage('firmware', '2.0', 11);
  const signedTime = Buffer.from('not even an envelope');
  await device.target.storeCredential({
    ...incoming,
    signedManifest: sign(makeManifest([image])),
    signedTime,
  });
  expect(device.target.activity).toBe('receiving');
  expect(device.record.latestTime).toBeUndefined();
});
