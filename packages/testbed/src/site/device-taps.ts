import { createServer } from 'node:net';
import type { Clock, Logger } from '@postern/core';
import { createFirewall, type Firewall } from '../firewall/index.ts';
import { createTamperingProxy, type TamperingProxy, type TamperingRules } from '../tampering/index.ts';
import type { DeviceChoices } from './site-config.ts';

/** What stands between the intermediary and one device: both paths can be held or cut, the bulk path tampered with. */
export interface DeviceTaps {
  readonly secure: Firewall;
  readonly bulk: Firewall;
  readonly proxy: TamperingProxy;
  /** The device's own ports, and those of the taps as the ports it advertises. */
  readonly addresses: Required<Pick<DeviceChoices, 'soap' | 'ftp'>>;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Puts taps in front of a device that is yet to be started. */
export const tapDevice = async (
  clock: Clock,
  logger: Logger,
  rules: TamperingRules | undefined,
): Promise<DeviceTaps> => {
  const [soapPort, ftpPort] = await freePorts();
  const secure = await createFirewall({ clock, logger, inside: { host: HOST }, recorded: true });
  const bulk = await createFirewall({ clock, logger, inside: { host: HOST }, recorded: true });
  const proxy = await createTamperingProxy({
    clock,
    logger,
    target: { host: HOST, port: ftpPort },
    ...(rules === undefined ? {} : { rules }),
  });
  const advertisedSoap = await secure.openOutbound({ host: HOST, port: soapPort });
  const advertisedFtp = await bulk.openOutbound(proxy);
  return {
    secure,
    bulk,
    proxy,
    addresses: {
      soap: { port: soapPort, advertisedPort: advertisedSoap.port },
      ftp: { port: ftpPort, advertisedPort: advertisedFtp.port },
    },
    close: async () => {
      await Promise.all([secure.close(), bulk.close(), proxy.close()]);
    },
  };
};

/** Two ports that were free a moment ago; held at the same time, so that they differ. */
const freePorts = async (): Promise<readonly [number, number]> => {
  const servers = [createServer(), createServer()] as const;
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once('error', reject);
          server.listen(0, HOST, () => {
            const address = server.address();
            if (typeof address === 'object' && address !== null) resolve(address.port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  const [first, second] = ports;
  if (first === undefined || second === undefined) throw new TypeError('No port was given');
  return [first, second];
};
