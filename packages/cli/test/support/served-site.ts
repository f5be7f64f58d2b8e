import { type uplink, uplinkContract } from '@postern/contracts';
import { systemClock } from '@postern/core';
import { startManagementServer } from '@postern/management-server';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { openWorkplace, ports, type Workplace } from './workplace.ts';

/** A device as the site tells of it. */
export const information = (deviceId: string) => ({
  deviceId,
  model: 'MFP-1',
  components: { item: [{ component: 'system', version: '1.0' }] },
  bulkPathKind: 'ftp' as const,
});

/** A server, and the site `site-a` that calls it by hand, with devices that only it knows. */
export const servedSite = async (
  devices: readonly string[],
  configure: (path: Workplace['path']) => object | Promise<object> = () => ({}),
) => {
  const { path, enrol, running, close } = await openWorkplace();
  await enrol('server', 'server');
  const server = await running(
    startManagementServer(
      {
        ...{ dataDir: path('data'), identityDir: path('server') },
        ...{ uplink: { port: 0 }, rest: { port: 0 } },
        ...(await configure(path)),
      },
      ports,
    ),
  );
  const site = createSoapClient(uplinkContract, {
    url: `https://127.0.0.1:${server.uplinkPort}/uplink`,
    tls: clientTlsOptions(await enrol('intermediary', 'site-a'), { expect: { role: 'server' } }),
    clock: systemClock,
  });
  await running(Promise.resolve(site));
  const poll = (changes: Partial<uplink.Poll> = {}) =>
    site.call('Poll', { sessionId: 'session-1', holdSeconds: 0, capacity: 10, ...changes });
  const device = devices.map((name) => ({ information: information(name) }));
  await poll({ devices: { revision: 1, complete: true, device } });
  return {
    path,
    server,
    site,
    poll,
    close,
    /** What commands are told of the server. */
    connection: [
      ...['--server', `https://127.0.0.1:${server.restPort}`, '--token-file', server.operatorTokenFile],
      ...['--ca-file', path('server/ca.pem')],
    ],
  };
};
