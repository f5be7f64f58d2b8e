import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { corruptSlot } from '@postern/device-emulator';
import { runUpdaterProgram } from '../../src/updater-program/run-updater-program.ts';
import { manufacture, startSite } from '../support/site.ts';
import { vendor } from '../support/software.ts';

const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };

/** @spec D5 */
test('the updater program runs by itself on the disk of a device whose firmware is unusable, and only there', async () => {
  const site = await startSite();
  const { settings } = await manufacture(site);
  const vendorKey = join(site.directory, 'vendor.pem');
  await writeFile(vendorKey, vendor.publicKeyPem);
  const config = { ...settings, vendorKeyFiles: [vendorKey] };
  const stop = new AbortController();
  await expect(runUpdaterProgram(config, ports, stop.signal, () => {})).rejects.toMatchObject({
    code: 'firmware-usable',
  });

  await corruptSlot(settings.directory, 'A');
  const notified = site.intermediary.nextStart();
  let port = 0;
  const run = runUpdaterProgram(config, ports, stop.signal, (listening) => {
    port = listening;
  });
  expect(await notified).toMatchObject({
    path: 'plain',
    notice: { deviceId: 'mfp-1', program: 'updater-program', bulkPath: { host: '127.0.0.1', port } },
  });
  stop.abort();
  await run;
});

test('the updater program ends when it was told to while it was still starting', async () => {
  const site = await startSite();
  const { settings } = await manufacture(site);
  const vendorKey = join(site.directory, 'vendor.pem');
  await writeFile(vendorKey, vendor.publicKeyPem);
  await corruptSlot(settings.directory, 'A');
  const config = { ...settings, vendorKeyFiles: [vendorKey] };
  const stop = new AbortController();
  const run = runUpdaterProgram(config, ports, stop.signal, () => {});
  // The slots are still being read.
  stop.abort();
  await run;
});

test('the updater program by itself is no way around an encrypted bulk path', async () => {
  const site = await startSite();
  const { settings } = await manufacture(site, { settings: { bulkPathKind: 'sftp' } });
  await corruptSlot(settings.directory, 'A');
  const run = runUpdaterProgram(
    { ...settings, vendorKeyFiles: [] },
    ports,
    new AbortController().signal,
    () => {},
  );
  await expect(run).rejects.toMatchObject({ code: 'bulk-path-encrypted' });
});
