import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { Instant } from '@postern/core';
import {
  type DeviceFleetConfigInput,
  deviceConfigSchema,
  deviceDirectory,
  manufactureDevice,
  profileNamed,
  startDevices,
} from '@postern/device-emulator';
import { type IntermediaryConfigInput, parseConfig, startIntermediary } from '@postern/intermediary';
import { generateVendorKey, signManifest, vendorSignerFromPem } from '@postern/software-update';
import { openWorkplace, ports } from './workplace.ts';

/** An intermediary without a server, an emulated device, and a vendor: everything in one directory. */
export const loneSite = async () => {
  const { path, enrol, running, close } = await openWorkplace();
  await enrol('intermediary', 'site-a');
  await enrol('intermediary', 'tool-1');
  await enrol('device', 'printer-1');
  const vendor = generateVendorKey();
  await writeFile(path('vendor.pub'), vendor.publicKeyPem);

  return {
    path,
    close,

    /** Writes a release: `manifest.json` and `image.bin`. */
    release: async (version = '2.0.0', releaseCounter = 2): Promise<void> => {
      const content = Buffer.from(`firmware ${version}`);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const component = { name: 'firmware', version, releaseCounter, length: content.length, sha256 };
      const manifest = {
        format: 1,
        software: 'printer-release',
        model: profileNamed('mfp').model,
        expires: Instant(Date.UTC(2040, 0, 1)),
        components: [component],
      } as const;
      await writeFile(path('image.bin'), content);
      await writeFile(
        path('manifest.json'),
        signManifest(manifest, vendorSignerFromPem(vendor.privateKeyPem)),
      );
    },

    startSite: (changes: Partial<IntermediaryConfigInput> = {}) =>
      running(
        startIntermediary(
          parseConfig({
            dataDir: path('site'),
            identityDir: path('site-a'),
            secure: { host: '127.0.0.1', port: 0 },
            notice: { host: '127.0.0.1', port: 0 },
            vendorKeyFiles: [path('vendor.pub')],
            ...changes,
          }),
          ports,
        ),
      ),

    /** @param site where it registers; nowhere unless given */
    startPrinter: async (
      site: { securePort: number; noticePort: number } = { securePort: 9, noticePort: 9 },
      announce?: DeviceFleetConfigInput['announce'],
    ) => {
      await manufactureDevice({
        directory: deviceDirectory(path('devices'), 'printer-1'),
        profile: profileNamed('mfp'),
        software: [
          { name: 'firmware', version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') },
        ],
      });
      const config = deviceConfigSchema.parse({
        dataDir: path('devices'),
        vendorKeyFiles: [path('vendor.pub')],
        intermediary: {
          name: 'site-a',
          secureUrl: `https://127.0.0.1:${site.securePort}/intermediary`,
          noticeUrl: `http://127.0.0.1:${site.noticePort}/intermediary`,
        },
        announce,
        devices: [
          {
            id: 'printer-1',
            identityDir: path('printer-1'),
            engineStartUp: 0,
            updaters: ['tool-1'],
          },
        ],
      });
      const fleet = await running(startDevices(config, ports));
      const printer = fleet.devices.get('printer-1');
      if (printer === undefined) throw new TypeError('The device did not start');
      return printer;
    },
  };
};
