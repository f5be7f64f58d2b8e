import { type UplinkOperations, uplinkContract } from '@postern/contracts';
import { type Clock, type Duration, Seconds } from '@postern/core';
import { type EnrolledNode, guardedClient, type RevocationList } from '@postern/pki';
import {
  connectorOf,
  createSoapClient,
  isRemoteFault,
  type RemoteFault,
  type SoapClient,
} from '@postern/soap-rpc';
import { Agent } from 'undici';
import type { DownloadImage } from '../domain/images/ports.ts';
import type { DeliverExchange } from '../domain/uplink/deliveries.ts';
import type { PollExchange } from '../domain/uplink/uplink-loop.ts';
import { intermediaryError } from '../errors.ts';
import { imageDownload } from './images/image-download.ts';

/** The node above, and who we are to it. */
export interface UplinkPeer {
  /** Where it serves the uplink contract. */
  readonly url: string;
  /** The name that it has to prove. */
  readonly serverName: string;
  /** What it has to prove to be: the management server, or an intermediary with others below it. */
  readonly role: 'server' | 'intermediary';
  readonly node: EnrolledNode;
  readonly revocations?: RevocationList | undefined;
}

/** The held poll, and the one that carries what waits. */
const POLL_CONNECTIONS = 2;
const IMAGE_CONNECTIONS = 2;
const CONNECT_TIMEOUT = Seconds(10);

/** Of one pool of connections: each knows its own. */
const tlsOf = ({ node, serverName: name, role, revocations }: UplinkPeer) =>
  guardedClient(node, { expect: { role, name } }, revocations);

/**
 * The only way from the site to the server: outgoing connections, kept between polls.
 *
 * @spec T5
 */
export const openUplink = (
  peer: UplinkPeer & {
    readonly clock: Clock;
    /** Longest exchange; the loop gives up earlier. */
    readonly longestExchange: Duration;
  },
): {
  readonly poll: PollExchange;
  readonly deliver: DeliverExchange;
  readonly close: () => Promise<void>;
} => {
  const client = createSoapClient(uplinkContract, {
    url: peer.url,
    clock: peer.clock,
    tls: tlsOf(peer),
    connections: POLL_CONNECTIONS,
    deadline: peer.longestExchange,
  });
  return { ...uplinkExchanges(client), close: () => client.close() };
};

/** What goes up, over a client of the uplink contract. */
export const uplinkExchanges = (
  client: Pick<SoapClient<UplinkOperations>, 'call'>,
): { readonly poll: PollExchange; readonly deliver: DeliverExchange } => ({
  poll: (poll, signal) => client.call('Poll', poll, { signal }),
  deliver: async (delivery, signal) => {
    try {
      return await client.call('Deliver', delivery, { signal });
    } catch (error) {
      throw isRemoteFault(error) && error.kind === 'client' ? refused(error) : error;
    }
  },
});

/** What comes too fast is not wrong: it waits. */
const refused = (fault: RemoteFault) =>
  intermediaryError(
    fault.code === 'too-many-notices' ? 'server-busy' : 'delivery-refused',
    `The server refuses a delivery: ${fault.message} (${fault.code})`,
    fault,
  );

/** Images come from the same place, on connections of their own. undici's timeouts are off: all waits have our clock. */
export const openImageDownload = (
  peer: UplinkPeer,
): { readonly download: DownloadImage; readonly close: () => Promise<void> } => {
  const agent = new Agent({
    connections: IMAGE_CONNECTIONS,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: connectorOf(tlsOf(peer), CONNECT_TIMEOUT),
  } as Agent.Options);
  return { download: imageDownload(agent, new URL(peer.url).origin), close: () => agent.destroy() };
};
