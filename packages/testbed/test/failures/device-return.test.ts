import { describe, expect, it } from '@jest/globals';
import { Hours, systemClock } from '@postern/core';
import { corruptSlot, deviceDirectory } from '@postern/device-emulator';
import type { Site } from '@postern/testbed';
import { tryLogin } from '../support/ftp-caller.ts';
import {
  afterPowerCycle,
  capturedPassword,
  ended,
  ending,
  openPrinterSite,
  order,
  PRINTER,
  RELEASE,
  secureConnections,
  TRAIL,
  targetRecord,
  trail,
  VERIFIED,
} from '../support/printer-site.ts';

const TO_RESTART = [...TRAIL.ordered, ...TRAIL.shared, ...TRAIL.checked, ...TRAIL.transferred];
const OLD = { program: 'firmware', version: '1.0.0' };
const NEW = { program: 'firmware', version: '2.0.0' };

/** @spec U10 U14 X3 */
describe('a device that never returns', () => {
  it('fails its update; its password is owed, and erased as soon as it is switched on again', async () => {
    const site = await openPrinterSite({
      printer: { faults: { neverReturns: true } },
      policy: { restartTimeout: 0.3, eraseTries: 1 },
    });
    const update = await order(site);
    expect(await ended(site, update)).toEqual({
      state: 'failed',
      failure: 'device-not-returned',
      credential: 'owed',
    });
    const steps = await trail(site, update);
    expect(steps.slice(0, TO_RESTART.length)).toEqual(TO_RESTART);
    expect(steps).not.toContain('S115');
    expect(steps).not.toContain('S122');
    const before = await targetRecord(site);
    expect(before.credential.kind).toBe('live');

    expect(await afterPowerCycle(site)).toEqual(NEW);
    await site.operator.until(
      'the password is erased',
      async () => (await targetRecord(site)).credential.kind === 'ended',
    );
    expect((await targetRecord(site)).credential).toMatchObject({ jobId: update.id, reason: 'erased' });
    const { port } = site.taps(PRINTER).device.ftp;
    expect(before.credential.kind === 'live' && before.credential.expiresAt > systemClock.now()).toBe(true);
    expect(await tryLogin(port, site.name, capturedPassword(site))).toBe('530 Login incorrect');
    expect(ending(await site.operator.client.update(update.id)).state).toBe('failed');
  });
});

/** @spec U6 U7 */
describe('a device whose start notification is lost', () => {
  it('is looked at all the same when its time is over, and verified', async () => {
    const site = await openPrinterSite({
      printer: { faults: { muteStartNotification: true } },
      policy: { restartTimeout: 2 },
    });
    const update = await order(site);
    expect(await ended(site, update)).toEqual(VERIFIED);
    expect(await trail(site, update)).not.toContain('S115');
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });
});

/** @spec U7 U10 */
describe('a device that returns with its old version', () => {
  it('gets the image once more under the password it has, and is verified', async () => {
    const site = await openPrinterSite({ printer: { faults: { ignoreUpdates: 1 } } });
    const update = await order(site);
    expect(await ended(site, update)).toEqual(VERIFIED);
    expect(await trail(site, update)).toEqual([
      ...TO_RESTART,
      ...TRAIL.restarted,
      ...TRAIL.reread,
      'S119 failed: version-unchanged',
      ...TRAIL.transferred,
      ...TRAIL.restarted,
      ...TRAIL.verified,
      ...TRAIL.erased,
      ...TRAIL.reported,
    ]);
    // One to share, one to erase.
    expect(secureConnections(site)).toBe(2);
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });

  it('fails its update after as many transfers as the policy allows', async () => {
    const site = await openPrinterSite({
      printer: { faults: { ignoreUpdates: 99 } },
      policy: { transferTries: 2 },
    });
    const update = await order(site);
    expect(await ended(site, update)).toEqual({
      state: 'failed',
      failure: 'version-unchanged',
      credential: 'erased',
    });
    const steps = await trail(site, update);
    expect(steps.filter((step) => step === 'S112')).toHaveLength(2);
    expect(steps.slice(-6)).toEqual(['S119 failed: version-unchanged', ...TRAIL.erased, ...TRAIL.reported]);
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });
});

/** @spec X4 */
describe('new software that crashes while it starts', () => {
  it('is given up: the device falls back to the software before it and says why', async () => {
    const site = await openPrinterSite({ printer: { faults: { crashAtBootOf: ['2.0.0'] } } });
    const update = await order(site);
    expect(await ended(site, update)).toEqual({
      state: 'failed',
      failure: 'boot-failed',
      credential: 'erased',
    });
    expect(await trail(site, update)).toEqual([
      ...TO_RESTART,
      ...TRAIL.restarted,
      ...TRAIL.reread,
      'S119 failed: boot-failed',
      ...TRAIL.erased,
      ...TRAIL.reported,
    ]);
    expect(await afterPowerCycle(site)).toEqual(OLD);
    // What never started well raises no floor: a mended release with the same counter is welcome.
    expect((await targetRecord(site)).releaseCounters).toEqual({ firmware: 1 });
  });
});

/** @spec D5 U10 */
describe('a device of which both slots are damaged', () => {
  it('is updated by its updater program, with the password it has and without TLS', async () => {
    const site = await openPrinterSite({ printer: { faults: { neverReturns: true } } });
    const printer = site.device(PRINTER);
    const update = await order(site);
    await site.operator.until('the printer is dark', () => printer.state === 'off');
    await damage(site, 'A');
    await damage(site, 'B');
    printer.setFaults({});
    await printer.powerOn();
    expect(printer.program).toBe('updater-program');
    expect(await ended(site, update)).toEqual(VERIFIED);
    const steps = await trail(site, update);
    expect(steps.filter((step) => step === 'S112')).toHaveLength(2);
    // To share and to erase: the update in between needed no further secure path.
    expect(secureConnections(site)).toBe(2);
    const starts = (await site.operator.client.journal(update.id)).filter(({ step }) => step === 'S115');
    expect(starts.map(({ detail }) => detail)).toContain('updater-program');
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });
});

/** @spec U5 */
describe('a device with a running job', () => {
  it('takes the image, and updates when the job is done', async () => {
    const site = await openPrinterSite();
    const job = site.device(PRINTER).startJob({ kind: 'print', duration: Hours(1) });
    const update = await order(site);
    await site.operator.step(update.id, 'S113', 'started');
    expect(site.device(PRINTER).versions).toEqual({ firmware: '1.0.0' });
    expect((await targetRecord(site)).installation.kind).toBe('staged');
    expect((await trail(site, update)).at(-1)).toBe('S112');
    job.end();
    expect(await ended(site, update)).toEqual(VERIFIED);
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });
});

/** @spec U3 */
describe('a device that has the version already', () => {
  it('is told to forget the password, and nothing is sent', async () => {
    const site = await openPrinterSite();
    expect(await ended(site, await order(site))).toEqual(VERIFIED);
    const again = await order(site, { ...RELEASE, releaseCounter: 3 });
    expect(await ended(site, again)).toEqual({
      state: 'not-required',
      failure: null,
      credential: 'erased',
    });
    expect(await trail(site, again)).toEqual([
      ...TRAIL.ordered,
      ...TRAIL.shared,
      ...TRAIL.checked,
      ...TRAIL.erased,
      ...TRAIL.reported,
    ]);
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });
});

const damage = (site: Site, slot: 'A' | 'B'): Promise<void> =>
  corruptSlot(deviceDirectory(site.files.deviceDataDir, PRINTER), slot);
