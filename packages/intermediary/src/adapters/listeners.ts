import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock, NodeIdentity } from '@postern/core';
import { type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import {
  createSoapListener,
  type ListenerLimits,
  type SoapListener,
  type SoapService,
} from '@postern/soap-rpc';
import {
  type NoticeServiceParts,
  noticeService,
  type SecureServiceParts,
  secureService,
} from './device-services.ts';

/** Where devices find the intermediary contract, on both listeners. */
const PATH = '/intermediary';

/** Notices are short; nobody sends a long body here in good faith. */
const LIMITS: Partial<ListenerLimits> = { bodyBytes: 64 * 1_024, requestsPerConnection: 4 };

export interface DeviceListenerOptions extends NoticeServiceParts {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
}

/** What the secure listener needs beyond. */
export interface SecureListenerOptions extends DeviceListenerOptions, SecureServiceParts {
  readonly node: EnrolledNode;
  /** Some device of the site presents no certificate (A2). */
  readonly admitsUnproved: boolean;
}

/** @spec A1 A2 */
export const secureListener = (options: SecureListenerOptions): Promise<SoapListener> => {
  const { node, admitsUnproved } = options;
  return listen(options, secureService(options), {
    tls: serverTlsOptions(node, { clientAuthentication: admitsUnproved ? 'requested' : 'required' }),
    peerIdentity: identityOf,
  });
};

/** Plain HTTP, for the compact updater program that links no TLS. */
export const noticeListener = (options: DeviceListenerOptions): Promise<SoapListener> =>
  listen(options, noticeService(options), {});

const listen = (
  { host, port, clock, logger }: DeviceListenerOptions,
  service: SoapService,
  security: {
    readonly tls?: ReturnType<typeof serverTlsOptions>;
    readonly peerIdentity?: (socket: Socket) => NodeIdentity | undefined;
  },
): Promise<SoapListener> => {
  const services = { [PATH]: service };
  return createSoapListener({ services, ...security, host, port, clock, logger, limits: LIMITS });
};

const identityOf = (socket: Socket): NodeIdentity | undefined =>
  socket instanceof TLSSocket ? peerIdentity(socket) : undefined;
