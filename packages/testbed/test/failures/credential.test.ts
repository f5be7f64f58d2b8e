import { describe, expect, it } from '@jest/globals';
import { Days } from '@postern/core';
import { tryLogin } from '../support/ftp-caller.ts';
import {
  afterPowerCycle,
  capturedPassword,
  ended,
  openPrinterSite,
  order,
  PRINTER,
  RELEASE,
  TRAIL,
  targetRecord,
  trail,
  VERIFIED,
} from '../support/printer-site.ts';

/** @spec U14 X3 B1 */
describe('somebody with a wrong password at the device', () => {
  it('is refused, and the tenth try ends the one-time password and with it the update', async () => {
    const site = await openPrinterSite();
    const { bulk, device } = site.taps(PRINTER);
    bulk.cut();
    const update = await order(site);
    await site.operator.step(update.id, 'S106');

    const replies: string[] = [];
    for (let tries = 0; tries < 10; tries += 1) {
      replies.push(await tryLogin(device.ftp.port, site.name, `guess-${tries}`));
    }

    expect(replies).toEqual(Array(10).fill('530 Login incorrect'));
    expect((await targetRecord(site)).credential).toMatchObject({ kind: 'ended', reason: 'too-many-tries' });
    bulk.restore();
    expect(await ended(site, update)).toEqual({
      state: 'failed',
      failure: 'credential-refused',
      credential: 'erased',
    });
    expect((await trail(site, update)).slice(-6)).toEqual([
      'S108 failed: bulk-login-refused',
      ...TRAIL.erased,
      ...TRAIL.reported,
    ]);
    expect(await afterPowerCycle(site)).toEqual({ program: 'firmware', version: '1.0.0' });
  });

  it('does not end the update with nine tries', async () => {
    const site = await openPrinterSite();
    const { bulk, device } = site.taps(PRINTER);
    bulk.cut();
    const update = await order(site);
    await site.operator.step(update.id, 'S106');
    for (let tries = 0; tries < 9; tries += 1) await tryLogin(device.ftp.port, site.name, 'guess');
    bulk.restore();
    expect(await ended(site, update)).toEqual(VERIFIED);
  });
});

/** @spec X3 U14 */
describe('a one-time password that has expired', () => {
  it('opens nothing: the update fails', async () => {
    const site = await openPrinterSite();
    const { bulk } = site.taps(PRINTER);
    bulk.cut();
    const update = await order(site);
    await site.operator.step(update.id, 'S106');
    site.device(PRINTER).setFaults({ clockOffset: Days(1) });
    bulk.restore();
    expect(await ended(site, update)).toEqual({
      state: 'failed',
      failure: 'credential-refused',
      credential: 'erased',
    });
    expect((await targetRecord(site)).credential).toMatchObject({ kind: 'ended', reason: 'expired' });
    expect(await afterPowerCycle(site)).toEqual({ program: 'firmware', version: '1.0.0' });
  });
});

/** @spec U14 */
describe('a device that refuses every login', () => {
  it('fails its update, and forgets the password', async () => {
    const site = await openPrinterSite({ printer: { faults: { refuseLogins: true } } });
    const update = await order(site);
    expect(await ended(site, update)).toEqual({
      state: 'failed',
      failure: 'credential-refused',
      credential: 'erased',
    });
    expect((await targetRecord(site)).credential).toMatchObject({ kind: 'ended', reason: 'erased' });
    expect(await afterPowerCycle(site)).toEqual({ program: 'firmware', version: '1.0.0' });
  });
});

/** @spec U8 U13 */
describe('the one-time password, read on the wire', () => {
  it('opens nothing once the update has ended, nor while the next one runs', async () => {
    const site = await openPrinterSite();
    const { device, bulk } = site.taps(PRINTER);
    const update = await order(site);
    expect(await ended(site, update)).toEqual(VERIFIED);
    const password = capturedPassword(site);
    expect(await tryLogin(device.ftp.port, site.name, password)).toBe('530 Login incorrect');

    bulk.cut();
    const next = await order(site, { ...RELEASE, version: '3.0.0', releaseCounter: 3 });
    await site.operator.step(next.id, 'S106');
    expect(await tryLogin(device.ftp.port, site.name, password)).toBe('530 Login incorrect');
    bulk.restore();
    expect(await ended(site, next)).toEqual(VERIFIED);
    expect(await afterPowerCycle(site)).toEqual({ program: 'firmware', version: '3.0.0' });
  });
});
