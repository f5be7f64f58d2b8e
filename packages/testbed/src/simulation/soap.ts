import type { NodeIdentity } from '@postern/core';
import { createServiceTransport, type SoapService, type SoapTransport } from '@postern/soap-rpc';
import type { Door, Way } from './network.ts';
import type { World } from './world.ts';

/** Somebody who serves a contract. */
export interface SoapDoor extends Door {
  readonly service: SoapService;
}

export interface SoapWay extends Way<SoapDoor> {
  /** Who the caller has proved to be. */
  readonly peer: NodeIdentity | undefined;
  readonly remoteAddress: string;
}

/** Messages to a service over the simulated network: the real codecs and services, no TLS and no HTTP. */
export const soapOver = (
  { network }: Pick<World, 'network'>,
  { peer, remoteAddress, ...way }: SoapWay,
): SoapTransport => ({
  send: (request) =>
    network.carry(
      { ...way, label: `${way.label} ${operationOf(request.headers)}` },
      ({ service }) => createServiceTransport(service, { peer, remoteAddress }).send(request),
      request.signal,
    ),
  close: async () => {},
});

const operationOf = (headers: Readonly<Record<string, string>>): string =>
  headers['soapaction']?.replace(/^.*:|"$/g, '').replace('"', '') ?? '';
