import { describe, expect, it } from '@jest/globals';
import { Hours } from '@postern/core';
import type { Site } from '@postern/testbed';
import {
  afterPowerCycle,
  ended,
  imageOf,
  openPrinterSite,
  order,
  PRINTER,
  RELEASE,
  TRAIL,
  trail,
  VERIFIED,
} from '../support/printer-site.ts';
import { endOfAttempt } from '../support/test-server.ts';

const NEW = { program: 'firmware', version: '2.0.0' };
const WHOLE = [
  ...TRAIL.ordered,
  ...TRAIL.shared,
  ...TRAIL.checked,
  ...TRAIL.transferred,
  ...TRAIL.restarted,
  ...TRAIL.verified,
  ...TRAIL.erased,
  ...TRAIL.reported,
];

const deviceRestarted = (site: Site): Promise<void> =>
  site.operator.until(
    'the printer runs the new version',
    () => site.device(PRINTER).versions['firmware'] === '2.0.0',
  );

describe('a site whose line to the server is cut', () => {
  /** @spec R1 T5 U9 */
  it('before an order, fetches it when the line is back', async () => {
    const site = await openPrinterSite();
    site.firewall.cut();
    const update = await order(site);
    expect(update.state).toBe('ordered');
    site.firewall.restore();
    expect(await ended(site, update)).toEqual(VERIFIED);
    expect(await trail(site, update)).toEqual(WHOLE);
  });

  /** @spec X5 */
  it('while it fetches the image, goes on where it stopped', async () => {
    const content = imageOf('2.0.0', 1_000_000);
    const site = await openPrinterSite({ line: { bytesPerSecond: 1_000_000 } });
    const before = site.firewall.counters.bytesDown;
    const fetched = (): number => site.firewall.counters.bytesDown - before;
    const update = await order(site, { ...RELEASE, content });
    await site.operator.until('a part of the image is fetched', () => fetched() > content.length / 4);
    site.firewall.cut();
    expect(fetched()).toBeLessThan(content.length);
    site.firewall.restore();
    expect(await ended(site, update)).toEqual(VERIFIED);
    expect(fetched()).toBeLessThan(content.length * 1.25);
    expect(await afterPowerCycle(site)).toEqual(NEW);
  });

  /** @spec R2 U9 */
  it('while the device works, updates it all the same and reports later', async () => {
    const site = await openPrinterSite();
    const job = site.device(PRINTER).startJob({ kind: 'copy', duration: Hours(1) });
    const update = await order(site);
    await site.operator.step(update.id, 'S113', 'started');
    expect(await site.operator.client.update(update.id)).toMatchObject({ state: 'running' });
    site.firewall.cut();
    job.end();
    await deviceRestarted(site);
    expect(await site.operator.client.update(update.id)).toMatchObject({
      state: 'running',
      phase: 'restarting',
    });
    site.firewall.restore();
    expect(await ended(site, update)).toEqual(VERIFIED);
    expect(await trail(site, update)).toEqual(WHOLE);
  });

  it('so that packets vanish, notices it and reports over a new connection', async () => {
    const site = await openPrinterSite({
      intermediary: { uplink: { hold: 0.5, exchangeTimeout: 0.5, firstPause: 0.05, longestPause: 0.2 } },
    });
    const job = site.device(PRINTER).startJob({ kind: 'copy', duration: Hours(1) });
    const update = await order(site);
    await site.operator.step(update.id, 'S113', 'started');
    site.firewall.blackhole();
    job.end();
    await deviceRestarted(site);
    site.firewall.restore();
    expect(await ended(site, update)).toEqual(VERIFIED);
  });
});

/** @spec T5 */
describe('the firewall of a site', () => {
  it('lets nobody in, and an update needs nobody to come in', async () => {
    const site = await openPrinterSite();
    expect(await ended(site, await order(site))).toEqual(VERIFIED);
    expect(site.firewall.counters.refused).toBe(0);
    const end = await endOfAttempt({ host: '127.0.0.1', port: site.firewall.wanPort });
    expect(end).toBe('ECONNRESET');
    expect(site.firewall.counters.refused).toBe(1);
  });
});
