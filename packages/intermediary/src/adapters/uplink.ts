import { uplinkContract } from '@postern/contracts';
import type { Clock, Duration } from '@postern/core';
import { clientTlsOptions, type EnrolledNode } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import type { PollExchange } from '../domain/uplink/uplink-loop.ts';

export interface UplinkOptions {
  /** Where the node above serves the uplink contract. */
  readonly url: string;
  /** The name the management server has to prove. */
  readonly serverName: string;
  readonly node: EnrolledNode;
  readonly clock: Clock;
  /** Longest exchange; the loop gives up earlier. */
  readonly longestExchange: Duration;
}

/** The held poll, and the one that carries what waits. */
const CONNECTIONS = 2;

/**
 * The only way from the site to the server: outgoing connections, kept between polls.
 *
 * @spec T5
 */
export const openUplink = (
  options: UplinkOptions,
): { readonly poll: PollExchange; readonly close: () => Promise<void> } => {
  const { url, serverName, node, clock, longestExchange } = options;
  const client = createSoapClient(uplinkContract, {
    url,
    clock,
    tls: clientTlsOptions(node, { expect: { role: 'server', name: serverName } }),
    connections: CONNECTIONS,
    deadline: longestExchange,
  });
  return { poll: (poll, signal) => client.call('Poll', poll, { signal }), close: () => client.close() };
};
