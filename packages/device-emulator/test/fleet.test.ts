import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { deviceDirectory, startDevices } from '@postern/device-emulator';
import { manufactureFleet } from './support/fleet.ts';
import { startSite } from './support/site.ts';
import { afterwards } from './support/temporary.ts';

const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };

describe('a process full of devices', () => {
  test('starts all of them, each with addresses of its own that it keeps', async () => {
    const site = await startSite();
    const config = await manufactureFleet(site, 12);
    const addresses: string[][] = [];
    for (let run = 0; run < 2; run += 1) {
      const fleet = await startDevices(config, ports);
      addresses.push(
        [...fleet.devices.values()].map(
          ({ securePath, bulkPath }) => `${securePath?.port} ${bulkPath?.port}`,
        ),
      );
      await fleet.close();
    }
    expect(new Set(addresses[0]?.flatMap((pair) => pair.split(' '))).size).toBe(24);
    expect(addresses[1]).toEqual(addresses[0]);
  });

  test('is the only one on its data directory', async () => {
    const site = await startSite();
    const config = await manufactureFleet(site, 1);
    const fleet = await startDevices(config, ports);
    afterwards(() => fleet.close());
    await expect(startDevices(config, ports)).rejects.toMatchObject({ code: 'directory-in-use' });
  });

  test('does not start with a device whose NV-RAM is damaged, and says which code', async () => {
    const site = await startSite();
    const config = await manufactureFleet(site, 2);
    await writeFile(join(deviceDirectory(config.dataDir, 'mfp-2'), 'nv-ram.json'), 'rubbish');
    await expect(startDevices(config, ports)).rejects.toMatchObject({ code: 'nv-ram-corrupt' });
    const fleet = await startDevices({ ...config, devices: config.devices.slice(0, 1) }, ports);
    afterwards(() => fleet.close());
    expect(fleet.devices.get('mfp-1')?.state).toBe('running');
  });

  /** @spec A1 */
  test('does not start without the revocation list that it was promised, and gives the directory free', async () => {
    const site = await startSite();
    const revocationListFile = join(site.directory, 'revoked.pem');
    const config = { ...(await manufactureFleet(site, 1)), revocationListFile };
    await expect(startDevices(config, ports)).rejects.toMatchObject({ code: 'revocation-list-unusable' });
    await writeFile(revocationListFile, await site.authority.crlPem());
    const fleet = await startDevices(config, ports);
    await fleet.close();
  });

  test('has no two devices of one name', async () => {
    const site = await startSite();
    const config = await manufactureFleet(site, 1);
    await expect(
      startDevices({ ...config, devices: [...config.devices, ...config.devices] }, ports),
    ).rejects.toMatchObject({ code: 'device-duplicate' });
  });
});
