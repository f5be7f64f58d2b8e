import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import {
  pinVendorKeys,
  readPasswordList,
  signManifest,
  vendorSignerFromPem,
  verifyManifest,
} from '@postern/software-update';
import { ended, openPrinterSite, order, PRINTER, RELEASE, VERIFIED } from '../support/printer-site.ts';

/** @spec X1 */
test('a vendor with two keys signs with both; a device without a clock takes the time from the server', async () => {
  const site = await openPrinterSite({ vendorKeys: 2, printer: { clock: 'none' } });
  const { vendorPublicKeyFiles, vendorPrivateKeyFiles } = site.files;
  const keys = await Promise.all(vendorPublicKeyFiles.map((file) => readFile(file, 'utf8')));
  const signed = await site.operator.sign(RELEASE);
  const manifest = verifyManifest(signed, pinVendorKeys(keys, 2));
  const [first = ''] = vendorPrivateKeyFiles;
  const half = signManifest(manifest, vendorSignerFromPem(await readFile(first, 'utf8')));
  await expect(site.operator.client.registerSoftware(half)).rejects.toMatchObject({
    code: 'manifest-signature-invalid',
  });
  expect((await site.operator.client.device(PRINTER)).freshnessNonce).not.toBeNull();
  expect(await ended(site, await order(site))).toEqual(VERIFIED);
  expect(site.device(PRINTER).versions).toEqual({ firmware: RELEASE.version });
});

/** @spec P1 */
test('a password list is made once, for its owner alone, and is the same on both sides', async () => {
  const site = await openPrinterSite({ printer: { passwords: 4, plain: true } });
  const file = site.files.passwordListFile(PRINTER);
  const list = readPasswordList(await readFile(file));
  expect(list).toMatchObject({ deviceId: PRINTER, userName: site.name });
  expect(list.entries).toHaveLength(4);
  await site.fleet.stop();
  await site.startFleet();
  expect(readPasswordList(await readFile(file))).toEqual(list);
});
