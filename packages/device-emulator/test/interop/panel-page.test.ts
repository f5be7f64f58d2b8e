import { existsSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { startDevices } from '@postern/device-emulator';
import { type Browser, chromium } from 'playwright-core';
import { manufactureFleet } from '../support/fleet.ts';
import { type Site, startSite } from '../support/site.ts';
import { afterwards } from '../support/temporary.ts';

const CHROMIUM = '/usr/bin/chromium';
/** A browser takes its time to start. Milliseconds. */
const LIMIT = 90_000;

/** For what the page shows by itself soon after. Milliseconds. */
const SOON = { timeout: 10_000 };

const openBrowser = async (): Promise<Browser> => {
  if (!existsSync(CHROMIUM)) throw new Error('chromium is missing: install the Debian package chromium');
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  afterwards(() => browser.close());
  return browser;
};

const startFleet = async (site: Site) => {
  const config = await manufactureFleet(site, 2);
  const fleet = await startDevices(
    { ...config, panelPage: {} },
    { clock: systemClock, entropy: systemEntropy, logger: silentLogger },
  );
  afterwards(() => fleet.close());
  return fleet;
};

/** @spec D1 D2 R6 */
describe('the panel in a browser', () => {
  test(
    'shows the device live, and its keys work',
    async () => {
      const site = await startSite();
      site.intermediary.answers.UserCall = ({ callId, reason }) => ({
        inReplyTo: callId,
        outcome: 'succeeded',
        text: `We have heard: ${reason}`,
      });
      const fleet = await startFleet(site);
      const device = fleet.devices.get('mfp-1');
      const page = await (await openBrowser()).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', ({ message }) => complaints.push(message));
      await page.goto(fleet.panelUrl ?? '');
      await page.locator('a[href="/devices/mfp-1"]').click();
      await page.locator('#chips').getByText('ready').waitFor(SOON);

      await page.getByLabel('What is wrong').fill('Noise <b>inside</b>');
      await page.getByRole('button', { name: 'Call service' }).click();
      await page.locator('#display').getByText('We have heard: Noise <b>inside</b>').waitFor(SOON);

      await page.getByRole('button', { name: 'Energy saver' }).click();
      await page.locator('#chips').getByText('energy saving').waitFor(SOON);
      expect(device?.view.engine.state).toBe('energy-saving');
      await page.getByRole('img', { name: 'PWRCTL off, ENGRDY high' }).waitFor(SOON);

      // A copy wakes the engine, and the line falls.
      await page.getByRole('button', { name: 'Copy' }).click();
      await page.getByRole('img', { name: 'PWRCTL on, ENGRDY low' }).waitFor(SOON);
      expect(await page.locator('[data-signal]').count()).toBe(2);
      await page.getByRole('button', { name: 'Cancel job 1' }).click();
      await page.locator('#display').getByText('Job 1 (copy) cancelled').waitFor(SOON);

      await page.getByRole('button', { name: 'Switch off' }).click();
      await page.getByRole('button', { name: 'Switch on' }).waitFor(SOON);
      expect(device?.state).toBe('off');
      expect(complaints).toEqual([]);
    },
    LIMIT,
  );

  test(
    'is not pressed by a page of somebody else',
    async () => {
      const fleet = await startFleet(await startSite());
      const page = await (await openBrowser()).newPage();
      await page.goto('data:text/html,<title>Elsewhere</title>');
      const failed = await page.evaluate(
        (url) =>
          fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-postern-panel': '1' },
            body: '{"on":false}',
          }).then(
            () => false,
            () => true,
          ),
        `${fleet.panelUrl}api/devices/mfp-1/keys/power`,
      );
      expect(failed).toBe(true);
      expect(fleet.devices.get('mfp-1')?.state).toBe('running');
    },
    LIMIT,
  );
});
