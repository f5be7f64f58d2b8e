import type { TLSSocket } from 'node:tls';
import type { Clock, Logger } from '@postern/core';
import { type EnrolledNode, guardedListener, peerIdentity, type RevocationList } from '@postern/pki';
import { createSoapListener, IMAGE_PREFIX, type SoapListener } from '@postern/soap-rpc';
import type { IntermediaryDomain } from '../../composition/compose-intermediary.ts';
import type { BelowConfig } from '../../config.ts';
import { belowService } from './below-service.ts';
import { imagesForChildren } from './images-for-children.ts';

export interface BelowListenerOptions {
  readonly config: BelowConfig;
  readonly domain: Pick<IntermediaryDomain, 'cascade' | 'forwarded'>;
  readonly node: EnrolledNode;
  readonly revocations: RevocationList | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where they find the uplink contract, as at the management server. */
const PATH = '/uplink';

/** Of each: held poll, the one beside it, images. */
const CONNECTIONS_EACH = 6;

/**
 * Where intermediaries below call: mutual TLS.
 *
 * @spec T2 A1
 */
export const belowListener = ({
  config,
  domain: { cascade, forwarded },
  node,
  revocations,
  clock,
  logger,
}: BelowListenerOptions): Promise<SoapListener> => {
  const { host, port, mostChildren } = config;
  return createSoapListener({
    services: { [PATH]: belowService({ ...config, cascade, forwarded, logger }) },
    routes: { [IMAGE_PREFIX]: imagesForChildren(cascade, clock, logger) },
    ...guardedListener(node, { clientAuthentication: 'required' }, revocations),
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    limits: { connections: mostChildren * CONNECTIONS_EACH },
    ...{ host, port, clock, logger },
  });
};
