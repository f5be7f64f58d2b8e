import { Socket } from 'node:net';
import { jest } from '@jest/globals';
import { silentLogger, systemClock } from '@postern/core';
import { type CapturedConnection, createFirewall, type Site } from '@postern/testbed';
import { afterwards } from '../support/afterwards.ts';

const HOST = '127.0.0.1';

/**
 * Records the data connections of FTPS, which no tap on the way could know: the reply that tells their port is
 * encrypted. The updater's end is in this process, so they are led astray where they are opened.
 */
export const tapDataConnections = async (
  site: Site,
  deviceId: string,
): Promise<{ capture(): readonly CapturedConnection[] }> => {
  const control = site.taps(deviceId).addresses.ftp.advertisedPort;
  const target = { host: HOST, port: 0 };
  const firewall = await createFirewall({
    clock: systemClock,
    logger: silentLogger,
    inside: { host: HOST },
    recorded: true,
  });
  afterwards(() => firewall.close());
  const { port } = await firewall.openOutbound(target);
  const connect = Socket.prototype.connect;
  const spy = jest.spyOn(Socket.prototype, 'connect').mockImplementation(function (
    this: Socket,
    ...args: unknown[]
  ) {
    const [options] = args;
    if (isFtpConnection(options) && options.port !== control) {
      // One at a time: whoever comes in next is led there.
      target.port = options.port;
      args[0] = { ...options, port };
    }
    return Reflect.apply(connect, this, args) as Socket;
  });
  afterwards(async () => spy.mockRestore());
  return { capture: () => firewall.capture() };
};

/** As basic-ftp opens connections, and nobody else does: it names the family of its addresses. */
const isFtpConnection = (options: unknown): options is { readonly family: unknown; readonly port: number } =>
  typeof options === 'object' && options !== null && 'family' in options && 'port' in options;
