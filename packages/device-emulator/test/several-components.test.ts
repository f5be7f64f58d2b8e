import { describe, expect, test } from '@jest/globals';
import { profileNamed } from '@postern/device-emulator';
import { manufacture, type Site, startSite, type TestDevice } from './support/site.ts';
import { imageOf, type Release, releaseOf } from './support/software.ts';
import { secureClient, update } from './support/updater.ts';

const FACTORY = profileNamed('mfp-apps').components.map((name) => ({
  name,
  version: '1.0',
  releaseCounter: 1,
  content: imageOf(`${name} 1.0`, 500),
}));

const ORIGINAL = { firmware: '1.0', 'scan-app': '1.0', 'print-app': '1.0' };

const prepared = async (): Promise<{ site: Site; target: TestDevice }> => {
  const site = await startSite();
  const target = await manufacture(site, {
    software: FACTORY,
    settings: { profile: profileNamed('mfp-apps') },
  });
  await target.device.powerOn();
  return { site, target };
};

const PACKAGE = releaseOf([
  { name: 'firmware', version: '2.0', length: 100_000 },
  { name: 'scan-app', version: '2.0', length: 70_000 },
]);

/** The same package, but what crosses the bulk path for its second component is something else. */
const withBadSecond = ({ images, ...rest }: Release): Release => {
  const second = rest.manifest.components[1];
  if (second === undefined) throw new TypeError('There is one component only');
  return { ...rest, images: new Map([...images, [second.sha256, imageOf('evil', second.length)]]) };
};

/** @spec U19 */
describe('a package of firmware and an application', () => {
  test('changes nothing when its second image is bad, and both when it is sent whole', async () => {
    const { site, target } = await prepared();
    const bad = await update(site, target, withBadSecond(PACKAGE), { policy: { transferTries: 2 } });
    expect(bad.state.outcome).toMatchObject({ state: 'failed', failure: { code: 'digest-mismatch' } });
    expect(target.device.versions).toEqual(ORIGINAL);
    expect(target.events.map(({ type }) => type)).not.toContain('restarting');

    await target.device.powerOff();
    await target.device.powerOn();
    expect(target.device.versions).toEqual(ORIGINAL);

    const good = await update(site, target, PACKAGE);
    expect(good.state.outcome).toEqual({ state: 'verified' });
    expect(target.device.versions).toEqual({ ...ORIGINAL, firmware: '2.0', 'scan-app': '2.0' });
  });

  test('is told with all components, before and after', async () => {
    const { site, target } = await prepared();
    const versions = async () => {
      const client = secureClient(site.intermediaryNode, target);
      const { device } = await client.call('GetDeviceInformation', {});
      return Object.fromEntries(device.components.item.map(({ component, version }) => [component, version]));
    };
    expect(await versions()).toEqual(ORIGINAL);
    await update(site, target, PACKAGE);
    expect(await versions()).toEqual({ ...ORIGINAL, firmware: '2.0', 'scan-app': '2.0' });
  });
});

/** @spec U19 */
test('an application is updated alone; what the package does not name stays as it is', async () => {
  const { site, target } = await prepared();
  const software = releaseOf([{ name: 'print-app', version: '3.1', length: 40_000 }]);
  const outcome = await update(site, target, software);
  expect(outcome.state.outcome).toEqual({ state: 'verified' });
  expect(outcome.sentBytes).toBe(40_000);
  expect(target.device.versions).toEqual({ ...ORIGINAL, 'print-app': '3.1' });
});
