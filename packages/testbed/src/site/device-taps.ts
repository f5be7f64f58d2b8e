import type { Clock, Logger } from '@postern/core';
import { createFirewall, type Firewall } from '../firewall/index.ts';
import { createTamperingProxy, type TamperingProxy, type TamperingRules } from '../tampering/index.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { DeviceChoices } from './site-config.ts';

/** What stands between the intermediary and one device: both paths can be held or cut, the bulk path tampered with. */
export interface DeviceTaps {
  readonly secure: Firewall;
  readonly bulk: Firewall;
  readonly proxy: TamperingProxy;
  /** What the device is configured with: ports of the system's choice, and those of the taps as the ones it advertises. */
  readonly addresses: Required<Pick<DeviceChoices, 'soap' | 'ftp'>>;
  /** Where the device itself listens, past the taps. */
  readonly device: { readonly soap: Endpoint; readonly ftp: Endpoint };
  /** The device listens there now. A device without a secure path keeps the port it had. */
  leadTo(ports: { readonly soap?: number | undefined; readonly ftp?: number | undefined }): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Puts taps in front of a device that is yet to be started. */
export const tapDevice = async (
  clock: Clock,
  logger: Logger,
  rules: TamperingRules | undefined,
): Promise<DeviceTaps> => {
  // The taps are there before the device, whose ports are known only once it listens.
  const soap = { host: HOST, port: 0 };
  const ftp = { host: HOST, port: 0 };
  const secure = await createFirewall({ clock, logger, inside: { host: HOST }, recorded: true });
  const bulk = await createFirewall({ clock, logger, inside: { host: HOST }, recorded: true });
  const proxy = await createTamperingProxy({
    clock,
    logger,
    target: ftp,
    ...(rules === undefined ? {} : { rules }),
  });
  const advertisedSoap = await secure.openOutbound(soap);
  const advertisedFtp = await bulk.openOutbound(proxy);
  return {
    secure,
    bulk,
    proxy,
    addresses: {
      soap: { port: 0, advertisedPort: advertisedSoap.port },
      ftp: { port: 0, advertisedPort: advertisedFtp.port },
    },
    device: { soap, ftp },
    leadTo: (ports) => {
      soap.port = ports.soap ?? soap.port;
      ftp.port = ports.ftp ?? ftp.port;
    },
    close: async () => {
      await Promise.all([secure.close(), bulk.close(), proxy.close()]);
    },
  };
};
