import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DeviceFleetConfigInput,
  deviceDirectory,
  manufactureDevice,
  profileNamed,
} from '@postern/device-emulator';
import { type Site, UPDATER } from './site.ts';
import { imageOf, vendor } from './software.ts';

/** Manufactures devices with firmware 1.0, and the configuration of a process that hosts them. */
export const manufactureFleet = async (site: Site, count: number): Promise<DeviceFleetConfigInput> => {
  const dataDir = join(site.directory, 'devices');
  const vendorKey = join(site.directory, 'vendor.pem');
  await writeFile(vendorKey, vendor.publicKeyPem);
  const ids = Array.from({ length: count }, (_, index) => `mfp-${index + 1}`);
  for (const id of ids) {
    await site.enrol('device', id);
    await manufactureDevice({
      directory: deviceDirectory(dataDir, id),
      profile: profileNamed('mfp'),
      software: [{ name: 'firmware', version: '1.0', releaseCounter: 1, content: imageOf('1.0', 100) }],
    });
  }
  const { secureUrl, noticeUrl } = site.intermediary;
  return {
    dataDir,
    devices: ids.map((id) => ({ id, engineStartUp: 0, identityDir: join(site.directory, 'pki', id) })),
    intermediary: { name: UPDATER, secureUrl, noticeUrl },
    vendorKeyFiles: [vendorKey],
  };
};
