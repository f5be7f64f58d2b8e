import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Days, errorCode, Hours, Seconds } from '@postern/core';
import type { UpdateView } from '@postern/management-server/client';
import type { Release, Site } from '@postern/testbed';
import {
  afterPowerCycle,
  ended,
  FACTORY,
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

const OLD = { program: 'firmware', version: '1.0.0' };
const OTHER_MODEL = 'Postern MFP-200';
const FAILED = (failure: string, credential: 'erased' | 'none' | null) => ({
  state: 'failed',
  failure,
  credential,
});

const refusal = (attempt: Promise<UpdateView>): Promise<string> =>
  attempt.then(
    ({ state }) => `accepted: ${state}`,
    (error: unknown) => errorCode(error, 'no code'),
  );

/** The printer says that it is of another model, from its next start on. */
const rebrand = async (site: Site): Promise<void> => {
  await site.fleet.stop();
  await site.startFleet({ [PRINTER]: { model: OTHER_MODEL } });
};

/** @spec X1 */
describe('software for another model', () => {
  it('cannot be ordered', async () => {
    const site = await openPrinterSite();
    expect(await refusal(order(site, { ...RELEASE, model: OTHER_MODEL }))).toBe('wrong-model');
    expect(await site.operator.client.listUpdates()).toEqual([]);
  });

  it('is refused by the intermediary, which knows the device better than the server', async () => {
    const site = await openPrinterSite();
    site.firewall.cut();
    const update = await order(site);
    await rebrand(site);
    site.firewall.restore();
    expect(await ended(site, update)).toEqual(FAILED('wrong-model', null));
    expect(secureConnections(site)).toBe(0);
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });

  it('is refused by the device, whoever has let it pass', async () => {
    const site = await openPrinterSite();
    site.taps(PRINTER).secure.cut();
    const update = await order(site);
    await site.operator.step(update.id, 'S102');
    await rebrand(site);
    site.taps(PRINTER).secure.restore();
    expect(await ended(site, update)).toEqual(FAILED('wrong-model', 'erased'));
    expect((await targetRecord(site)).credential.kind).toBe('none');
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });
});

/** @spec X1 */
describe('software that is older than what was installed', () => {
  it('is refused by the device', async () => {
    const site = await openPrinterSite();
    const newer: Release = { ...RELEASE, version: '3.0.0', releaseCounter: 3 };
    expect(await ended(site, await order(site, newer))).toEqual(VERIFIED);
    const older = await order(site, RELEASE);
    expect(await ended(site, older)).toEqual(FAILED('release-counter-too-low', 'erased'));
    expect(await trail(site, older)).toEqual([
      ...TRAIL.ordered,
      'S104 failed: release-counter-too-low',
      ...TRAIL.erased,
      ...TRAIL.reported,
    ]);
    expect(await afterPowerCycle(site)).toEqual({ program: 'firmware', version: '3.0.0' });
  });
});

/** @spec X1 */
describe('a manifest past its expiry', () => {
  it('cannot be ordered', async () => {
    const site = await openPrinterSite();
    expect(await refusal(order(site, { ...RELEASE, validFor: Seconds(-60) }))).toBe('manifest-expired');
  });

  it('is refused by the device, by its own clock', async () => {
    const site = await openPrinterSite({ printer: { faults: { clockOffset: Days(1) } } });
    const update = await order(site, { ...RELEASE, validFor: Hours(1) });
    expect(await ended(site, update)).toEqual(FAILED('manifest-expired', 'erased'));
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });
});

/** @spec U10 */
describe('no room for the image', () => {
  it('at the device ends the update and leaves the device as it was', async () => {
    const storageBytes = FACTORY.content.length + RELEASE.content.length - 1;
    const site = await openPrinterSite({ printer: { faults: { storageBytes } } });
    const update = await order(site);
    expect(await ended(site, update)).toEqual(FAILED('storage-full', 'erased'));
    expect(await trail(site, update)).toEqual([
      ...TRAIL.ordered,
      ...TRAIL.shared,
      ...TRAIL.checked,
      'S112 failed: storage-full',
      ...TRAIL.erased,
      ...TRAIL.reported,
    ]);
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });

  it('at the intermediary ends the update before the device hears of it', async () => {
    const site = await openPrinterSite({ intermediary: { cacheBytes: RELEASE.content.length - 1 } });
    const update = await order(site);
    expect(await ended(site, update)).toEqual(FAILED('storage-full', 'none'));
    expect(await trail(site, update)).toEqual(['S101', 'IMAGE failed: storage-full', ...TRAIL.reported]);
    expect(secureConnections(site)).toBe(0);
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });
});

/** @spec U9 */
describe('an image that has gone from the server', () => {
  it('ends the update before the device hears of it', async () => {
    const site = await openPrinterSite();
    site.firewall.cut();
    const software = await site.operator.register(RELEASE);
    const update = await site.operator.order(PRINTER, software);
    await rm(join(site.files.serverDataDir, 'images', software.components[0]?.sha256 ?? ''));
    site.firewall.restore();
    expect(await ended(site, update)).toEqual(FAILED('image-missing', 'none'));
    expect(await trail(site, update)).toEqual(['S101', 'IMAGE failed: image-missing', ...TRAIL.reported]);
    expect(secureConnections(site)).toBe(0);
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });
});

/** @spec U9 */
describe('a second order for a device', () => {
  it('is refused while the first is open, and names it', async () => {
    const site = await openPrinterSite();
    site.firewall.cut();
    const first = await order(site);
    const second = order(site, { ...RELEASE, version: '3.0.0', releaseCounter: 3 });
    await expect(second).rejects.toMatchObject({
      code: 'update-already-open',
      message: expect.stringContaining(first.id),
    });
    site.firewall.restore();
    expect(await ended(site, first)).toEqual(VERIFIED);
  });
});

/** @spec U9 U8 */
describe('an order that is called off', () => {
  it('before the site has fetched it, ends at once', async () => {
    const site = await openPrinterSite();
    site.firewall.cut();
    const update = await order(site);
    expect(await site.operator.client.cancel(update.id)).toMatchObject({ state: 'cancelled' });
    site.firewall.restore();
    expect(await ended(site, await order(site))).toEqual(VERIFIED);
  });

  it('while the device waits for its image, is erased there', async () => {
    const site = await openPrinterSite();
    site.taps(PRINTER).bulk.cut();
    const update = await order(site);
    await site.operator.step(update.id, 'S106');
    await site.operator.client.cancel(update.id);
    expect(await ended(site, update)).toEqual({
      state: 'cancelled',
      failure: 'cancelled',
      credential: 'erased',
    });
    expect((await targetRecord(site)).credential).toMatchObject({ kind: 'ended', reason: 'erased' });
    expect(await afterPowerCycle(site)).toEqual(OLD);
  });

  it('after the device has taken the image, is too late', async () => {
    const site = await openPrinterSite();
    const job = site.device(PRINTER).startJob({ kind: 'print', duration: Hours(1) });
    const update = await order(site);
    await site.operator.step(update.id, 'S113', 'started');
    await site.operator.client.cancel(update.id);
    job.end();
    expect(await ended(site, update)).toEqual(VERIFIED);
  });
});
