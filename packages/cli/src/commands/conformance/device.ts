import { Command } from 'commander';
import { type HostAndPort, hostAndPort } from '../../option-values.ts';
import { readBytes } from '../../software-files.ts';
import { type CheckingOptions, checkTarget, withTarget } from './checking.ts';

interface DeviceOptions extends CheckingOptions {
  readonly bulk?: HostAndPort;
  readonly manifest?: string;
}

/** `postern conformance device` */
export const deviceCommand = (): Command =>
  withTarget(
    new Command('device').description('check a device, as its intermediary sees it; nothing is installed'),
    'that of the intermediary which the device obeys',
  )
    .option('--bulk <host:port>', 'its bulk path, unless it says where that is', hostAndPort)
    .option('--manifest <file>', 'a signed manifest that it would accept, if it takes no password without')
    .action(async (options: DeviceOptions) => {
      const { bulk, manifest } = options;
      const { deviceChecks, openDeviceTarget } = await import('@postern/testbed/conformance');
      await checkTarget(deviceChecks, options, async (connection) =>
        openDeviceTarget({
          ...connection,
          ...(bulk === undefined ? {} : { bulk }),
          ...(manifest === undefined ? {} : { signedManifest: await readBytes(manifest) }),
        }),
      );
    });
