import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Closable, PosternError } from '@postern/core';
import type { Firewall } from '@postern/testbed';
import type { HostAndPort } from '../option-values.ts';

/** Who asks for counters needs few connections. */
const MOST_CONNECTIONS = 16;

/**
 * Tells the firewall's counters to whoever asks by HTTP; nothing can be changed there.
 *
 * @throws PosternError `listen-failed`
 */
export const startFirewallStatus = async (
  firewall: Firewall,
  { host, port }: HostAndPort,
): Promise<Closable & { readonly port: number }> => {
  const server = createServer((request, response) => {
    const known = request.method === 'GET' && request.url === '/';
    response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
    response.end(known ? `${JSON.stringify(firewall.counters)}\n` : '{}\n');
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new PosternError('listen-failed', `Cannot listen on ${host}:${port}`, {
          cause,
          hint: 'Choose another port, or end what uses this one.',
        }),
      );
    });
    server.listen({ host, port }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
