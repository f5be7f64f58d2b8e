import { expect, it } from '@jest/globals';
import { corruptSlot, deviceDirectory } from '@postern/device-emulator';
import { ended, openPrinterSite, order, PRINTER, VERIFIED } from '../support/printer-site.ts';
import { streams } from './places.ts';
import { leaks, rememberingEntropy, siteSecrets } from './secrets.ts';

/** @spec D5 U6 U10 X2 */
it('a device that runs its updater program says in plain HTTP that it has started, and no secret', async () => {
  const entropy = rememberingEntropy();
  const site = await openPrinterSite({ entropy, printer: { faults: { neverReturns: true } } });
  const printer = site.device(PRINTER);
  const update = await order(site);
  await site.operator.until('the printer is dark', () => printer.state === 'off');
  const directory = deviceDirectory(site.files.deviceDataDir, PRINTER);
  await corruptSlot(directory, 'A');
  await corruptSlot(directory, 'B');
  printer.setFaults({});
  expect(site.callTaps.noticeFirewall.capture()).toEqual([]);

  await printer.powerOn();
  expect(await ended(site, update)).toEqual(VERIFIED);

  const calls = site.callTaps.noticeFirewall.capture();
  const [notice] = calls.map(({ up }) => up.toString('utf8'));
  expect(notice).toMatch(/<(\w+:)?program>updater-program</);
  expect(notice).toContain(`jobId>${update.id}</`);
  expect(notice).toMatch(/mac>[0-9a-f]{64}</);
  const secrets = [...entropy.secrets(), ...(await siteSecrets(site.files))];
  expect(leaks(secrets, streams('notice', calls))).toEqual([]);
});
