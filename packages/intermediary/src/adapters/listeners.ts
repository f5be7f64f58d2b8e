import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Clock, NodeIdentity } from '@postern/core';
import {
  type EnrolledNode,
  type GuardedListener,
  guardedListener,
  peerIdentity,
  type RevocationList,
} from '@postern/pki';
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

/** Where an updater finds the device contract of this intermediary (U21). */
const OWN_PATH = '/device';

/** Notices are short; nobody sends a long body here in good faith. */
const LIMITS: Partial<ListenerLimits> = { bodyBytes: 64 * 1_024, requestsPerConnection: 4 };

/** Signed manifests and key rotations come to a device. */
const OWN_LIMITS: Partial<ListenerLimits> = { ...LIMITS, bodyBytes: 256 * 1_024 };

export interface DeviceListenerOptions extends NoticeServiceParts {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
}

/** What the secure listener needs beyond. */
export interface SecureListenerOptions extends DeviceListenerOptions, SecureServiceParts {
  readonly node: EnrolledNode;
  readonly revocations?: RevocationList | undefined;
  /** Some device of the site presents no certificate (A2). */
  readonly admitsUnproved: boolean;
  /** The device contract, where the software of this intermediary is updated by Postern. */
  readonly ownDevice?: SoapService | undefined;
}

/** @spec A1 A2 */
export const secureListener = (options: SecureListenerOptions): Promise<SoapListener> => {
  const { node, revocations, admitsUnproved, ownDevice } = options;
  const own = ownDevice === undefined ? {} : { [OWN_PATH]: ownDevice };
  const clientAuthentication = admitsUnproved ? 'requested' : 'required';
  return listen(
    options,
    { [PATH]: secureService(options), ...own },
    {
      limits: ownDevice === undefined ? LIMITS : OWN_LIMITS,
      ...guardedListener(node, { clientAuthentication }, revocations),
      peerIdentity: identityOf,
    },
  );
};

/** Plain HTTP, for the compact updater program that links no TLS. */
export const noticeListener = (options: DeviceListenerOptions): Promise<SoapListener> =>
  listen(options, { [PATH]: noticeService(options) }, { limits: LIMITS });

const listen = (
  { host, port, clock, logger }: DeviceListenerOptions,
  services: Readonly<Record<string, SoapService>>,
  rest: Partial<GuardedListener> & {
    readonly limits: Partial<ListenerLimits>;
    readonly peerIdentity?: (socket: Socket) => NodeIdentity | undefined;
  },
): Promise<SoapListener> => createSoapListener({ services, ...rest, host, port, clock, logger });

const identityOf = (socket: Socket): NodeIdentity | undefined =>
  socket instanceof TLSSocket ? peerIdentity(socket) : undefined;
