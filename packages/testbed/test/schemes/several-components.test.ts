import { expect, test } from '@jest/globals';
import type { Release, Site, TamperingRules } from '@postern/testbed';

import {
  afterPowerCycle,
  ended,
  imageOf,
  openPrinterSite,
  order,
  PRINTER,
  VERIFIED,
} from '../support/printer-site.ts';

const MODEL = 'Postern MFP-200';

const app = (name: string) => ({
  name,
  version: '1.0.0',
  releaseCounter: 1,
  content: Buffer.from(`factory ${name}\n`),
});

/** Two of the three components: the firmware and one application. */
const PACKAGE: Release = {
  model: MODEL,
  version: '2.0.0',
  releaseCounter: 2,
  content: imageOf('firmware 2', 4_096),
  also: [
    { component: 'scan-app', version: '5.1.0', releaseCounter: 7, content: imageOf('scan-app 5', 4_096) },
  ],
};

const FACTORY = { firmware: '1.0.0', 'scan-app': '1.0.0', 'print-app': '1.0.0' };
const UPDATED = { firmware: '2.0.0', 'scan-app': '5.1.0', 'print-app': '1.0.0' };

const openSite = (transferTries: number, rules?: TamperingRules): Promise<Site> =>
  openPrinterSite({
    policy: { transferTries },
    printer: {
      profile: 'mfp-apps',
      apps: [app('scan-app'), app('print-app')],
      ...(rules === undefined ? {} : { rules }),
    },
  });

const versions = (site: Site) => site.device(PRINTER).versions;

const uploads = (site: Site) =>
  site
    .taps(PRINTER)
    .proxy.capture()
    .data.filter(({ direction }) => direction === 'up')
    .map(({ command }) => command);

/** @spec U19 U4 U7 */
test('a package updates the firmware and one application; the other one stays as it is', async () => {
  const site = await openSite(1);
  const update = await order(site, PACKAGE);
  expect(await ended(site, update)).toEqual(VERIFIED);
  expect(versions(site)).toEqual(UPDATED);
  const { reported } = await site.operator.client.update(update.id);
  expect(Object.fromEntries(reported.map(({ component, version }) => [component, version]))).toEqual(UPDATED);
  expect(uploads(site).sort()).toEqual(['STOR image.firmware', 'STOR image.scan-app']);
});

/** @spec U19 */
test('an application alone is updated like a firmware', async () => {
  const site = await openSite(1);
  const alone: Release = {
    model: MODEL,
    component: 'print-app',
    version: '3.0.0',
    releaseCounter: 2,
    content: imageOf('print-app 3', 4_096),
  };
  expect(await ended(site, await order(site, alone))).toEqual(VERIFIED);
  expect(versions(site)).toEqual({ ...FACTORY, 'print-app': '3.0.0' });
  expect(uploads(site)).toEqual(['STOR image.print-app']);
});

/** @spec U19 X1 */
test('a package whose second image is damaged on the way installs nothing', async () => {
  const site = await openSite(1, { flipByte: { upload: 2, offset: 100 } });
  const update = await order(site, PACKAGE);
  expect(await ended(site, update)).toMatchObject({ state: 'failed', credential: 'erased' });
  expect(uploads(site)).toHaveLength(2);
  expect(versions(site)).toEqual(FACTORY);
  await afterPowerCycle(site);
  expect(versions(site)).toEqual(FACTORY);
});

/** @spec U19 U10 */
test('sent again, the package is installed as a whole', async () => {
  const site = await openSite(2, { flipByte: { upload: 2, offset: 100 } });
  expect(await ended(site, await order(site, PACKAGE))).toEqual(VERIFIED);
  expect(versions(site)).toEqual(UPDATED);
});

/** @spec U19 X1 */
test('a package with a component that the device has not is refused, whole', async () => {
  const site = await openSite(1);
  const foreign: Release = {
    ...PACKAGE,
    also: [{ component: 'fax-app', version: '1.0.0', releaseCounter: 1, content: imageOf('fax', 4_096) }],
  };
  expect(await ended(site, await order(site, foreign))).toMatchObject({ failure: 'component-unknown' });
  expect(versions(site)).toEqual(FACTORY);
  expect(uploads(site)).toEqual([]);
});
