import type { Clock, Logger } from '@postern/core';
import { createFirewall, type Firewall } from '../firewall/index.ts';
import { createTamperingProxy, type TamperingProxy, type TamperingRules } from '../tampering/index.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { DeviceChoices, DevicePort } from './site-config.ts';

/** What stands between the intermediary and one device: every path can be held or cut, the bulk path tampered with. */
export interface DeviceTaps {
  readonly secure: Firewall;
  /** The bulk path's connections; of FTPS only the control connections, for its data connections pass by. */
  readonly bulk: Firewall;
  /** Plain requests, where the device takes them on a port of the system's choice. */
  readonly plain: Firewall;
  /** Of plain FTP; an encrypted bulk path goes past it. */
  readonly proxy: TamperingProxy;
  /** What the device is configured with: ports of the system's choice, and those of the taps as the ones it advertises. */
  readonly addresses: { readonly soap: DevicePort; readonly ftp: DevicePort; readonly plain?: DevicePort };
  /** Where the device itself listens, past the taps. */
  readonly device: { readonly soap: Endpoint; readonly ftp: Endpoint; readonly plain: Endpoint };
  /** The device listens there now. A device without a secure path keeps the port it had. */
  leadTo(ports: {
    readonly soap?: number | undefined;
    readonly ftp?: number | undefined;
    readonly plain?: number | undefined;
  }): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Puts taps in front of a device that is yet to be started. */
export const tapDevice = async (
  clock: Clock,
  logger: Logger,
  { bulkPathKind = 'ftp', plain: takesPlain }: Pick<DeviceChoices, 'bulkPathKind' | 'plain'>,
  rules: TamperingRules | undefined,
): Promise<DeviceTaps> => {
  // The taps are there before the device, whose ports are known only once it listens.
  const soap = { host: HOST, port: 0 };
  const ftp = { host: HOST, port: 0 };
  const plainly = { host: HOST, port: 0 };
  const options = { clock, logger, inside: { host: HOST }, recorded: true };
  const [secure, bulk, plain] = await Promise.all([
    createFirewall(options),
    createFirewall(options),
    createFirewall(options),
  ]);
  const proxy = await createTamperingProxy({
    clock,
    logger,
    target: ftp,
    ...(rules === undefined ? {} : { rules }),
  });
  const advertisedSoap = await secure.openOutbound(soap);
  const advertisedFtp = await bulk.openOutbound(bulkPathKind === 'ftp' ? proxy : ftp);
  const advertisedPlain = await plain.openOutbound(plainly);
  return {
    secure,
    bulk,
    plain,
    proxy,
    addresses: {
      soap: { port: 0, advertisedPort: advertisedSoap.port },
      ftp: { port: 0, advertisedPort: advertisedFtp.port },
      ...(takesPlain === true ? { plain: { port: 0, advertisedPort: advertisedPlain.port } } : {}),
    },
    device: { soap, ftp, plain: plainly },
    leadTo: (ports) => {
      soap.port = ports.soap ?? soap.port;
      ftp.port = ports.ftp ?? ftp.port;
      plainly.port = ports.plain ?? plainly.port;
    },
    close: async () => {
      await Promise.all([secure.close(), bulk.close(), plain.close(), proxy.close()]);
    },
  };
};
