import type { TLSSocket } from 'node:tls';
import { Milliseconds, Seconds } from '@postern/core';
import { type EnrolledNode, peerIdentity, type RevocationList } from '@postern/pki';
import { createSoapListener, type SoapListener, type SoapService } from '@postern/soap-rpc';
import { listenAtOwnPort } from '../adapters/keep-address.ts';
import type { Address, DeviceSettings } from '../device-settings.ts';
import type { ProgramContext } from '../program.ts';
import { listenerTls } from './secure-link.ts';

/** Where the device contract is served, on both paths. */
const PATH = '/device';

/** A device has one intermediary, which needs few connections. */
const SECURE_LIMITS = {
  bodyBytes: 256 * 1_024,
  connections: 16,
  // A device that goes down takes its connections with it.
  closeTimeout: Milliseconds(0),
};

/** No identity stands behind the callers of the plain listener: each may hold little, and not for long. */
const PLAIN_LIMITS = {
  ...SECURE_LIMITS,
  connections: 8,
  requestsPerConnection: 2,
  headersTimeout: Seconds(5),
  bodyTimeout: Seconds(10),
  idleTimeout: Seconds(5),
};

interface SecureContext extends ProgramContext {
  readonly node: EnrolledNode;
  readonly revocations?: RevocationList | undefined;
}

/** @spec A1 A2 A3 */
export const openSecurePath = (
  { soap, secureLink }: DeviceSettings,
  context: SecureContext,
  service: SoapService,
): Promise<SoapListener> =>
  listenAtOwnPort('soap', soap, context, ({ host, port }) =>
    createSoapListener({
      services: { [PATH]: service },
      ...listenerTls(context.node, context.revocations, secureLink),
      host,
      port,
      clock: context.clock,
      // Whoever reads that a connection was refused has to know what this end insists on.
      logger: context.logger.child({ secureLink }),
      limits: SECURE_LIMITS,
      peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    }),
  );

/** Plain HTTP, for requests without secrets. */
export const openPlainPath = (
  plain: Address,
  context: ProgramContext,
  service: SoapService,
): Promise<SoapListener> =>
  listenAtOwnPort('plain', plain, context, ({ host, port }) =>
    createSoapListener({
      services: { [PATH]: service },
      host,
      port,
      clock: context.clock,
      logger: context.logger,
      limits: PLAIN_LIMITS,
    }),
  );
