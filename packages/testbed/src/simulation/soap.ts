import type { NodeIdentity } from '@postern/core';
import { createServiceTransport, type SoapService, type SoapTransport } from '@postern/soap-rpc';
import type { Life } from './life.ts';
import type { Door } from './network.ts';
import type { World } from './world.ts';

/** Somebody who serves a contract. */
export interface SoapDoor extends Door {
  readonly service: SoapService;
}

export interface SoapWay {
  /** For the story. */
  readonly label: string;
  readonly from: Life;
  readonly to: () => SoapDoor | undefined;
  /** Who TLS proves the caller to be; none in plain HTTP. */
  readonly peer: NodeIdentity | undefined;
  readonly remoteAddress: string;
}

/** Messages to a service over the simulated network: the real codecs and services, no TLS and no HTTP. */
export const soapOver = (
  { network }: Pick<World, 'network'>,
  { label, from, to, peer, remoteAddress }: SoapWay,
): SoapTransport => ({
  send: (request) =>
    network.carry(
      `${label} ${operationOf(request.headers)}`,
      from,
      to,
      ({ service }) => createServiceTransport(service, { peer, remoteAddress }).send(request),
      request.signal,
    ),
  close: async () => {},
});

const operationOf = (headers: Readonly<Record<string, string>>): string =>
  headers['soapaction']?.replace(/^.*:|"$/g, '').replace('"', '') ?? '';
