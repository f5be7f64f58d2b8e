import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type IntermediaryOperations, intermediaryContract } from '@postern/contracts';
import type { Clock, Logger, NodeIdentity } from '@postern/core';
import { type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import {
  createSoapListener,
  createSoapService,
  type ListenerLimits,
  type SoapHandlers,
  type SoapListener,
} from '@postern/soap-rpc';
import { isUpdateErrorCode } from '@postern/software-update';
import type { Notices } from '../domain/notices.ts';
import { notSupportedYet } from '../domain/requests/not-supported.ts';
import type { DevicePasswords } from '../domain/updates/device-passwords.ts';
import { intermediaryError } from '../errors.ts';

/** Where devices find the intermediary contract, on both listeners. */
const PATH = '/intermediary';

/** Notices are short; nobody sends a long body here in good faith. */
const LIMITS: Partial<ListenerLimits> = { bodyBytes: 64 * 1_024, requestsPerConnection: 4 };

export interface DeviceListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly notices: Notices;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the secure listener needs beyond. */
export interface SecureListenerOptions extends DeviceListenerOptions {
  readonly node: EnrolledNode;
  readonly passwords: DevicePasswords;
  /** Some device of the site presents no certificate (A2). */
  readonly admitsUnproved: boolean;
}

/**
 * What devices call over TLS. All are asked for a certificate. One without gets in only where some device of the site
 * is configured to have none, and is heard only as far as such a device is.
 *
 * @spec A1 A2 U15 U16 U17 U18
 */
export const secureListener = (options: SecureListenerOptions): Promise<SoapListener> => {
  const { notices, passwords, node, admitsUnproved } = options;
  const handlers: SoapHandlers<IntermediaryOperations> = {
    ...refuseAll('over TLS'),
    Register: async (request, { peer, remoteAddress }) =>
      notices.register(request, peer, plainAddress(remoteAddress)),
    NotifyStart: async (request, { peer, remoteAddress }) => {
      notices.secureStart(request, peer, plainAddress(remoteAddress));
      return {};
    },
    RequestOneTimePassword: async (request, { peer }) => passwords.request(request, peer),
    StoreOneTimePassword: async (request, { peer, remoteAddress }) =>
      passwords.store(request, peer, plainAddress(remoteAddress)),
    EraseOneTimePassword: async (request, { peer }) => passwords.erased(request, peer),
  };
  return listen(options, handlers, {
    tls: serverTlsOptions(node, { clientAuthentication: admitsUnproved ? 'requested' : 'required' }),
    peerIdentity: identityOf,
    authorize: requireDevice,
  });
};

/** Plain HTTP, for the compact updater program that links no TLS: start notifications only, and nothing is trusted. */
export const noticeListener = (options: DeviceListenerOptions): Promise<SoapListener> => {
  const { notices } = options;
  const handlers: SoapHandlers<IntermediaryOperations> = {
    ...refuseAll('without TLS'),
    NotifyStart: async (request) => {
      notices.claimedStart(request);
      return {};
    },
  };
  return listen(options, handlers, {});
};

const listen = (
  { host, port, clock, logger }: DeviceListenerOptions,
  handlers: SoapHandlers<IntermediaryOperations>,
  security: {
    readonly tls?: ReturnType<typeof serverTlsOptions>;
    readonly peerIdentity?: (socket: Socket) => NodeIdentity | undefined;
    readonly authorize?: (peer: NodeIdentity | undefined, operation: string) => void;
  },
): Promise<SoapListener> => {
  const { authorize, ...listening } = security;
  const service = createSoapService(intermediaryContract, handlers, {
    logger,
    clientCodes: (code) =>
      CLIENT_CODES.includes(code) || (isUpdateErrorCode(code) && code !== 'internal-error'),
    ...(authorize === undefined ? {} : { authorize }),
  });
  const services = { [PATH]: service };
  return createSoapListener({ services, ...listening, host, port, clock, logger, limits: LIMITS });
};

const CLIENT_CODES: readonly string[] = [
  'not-authorised',
  'device-unknown',
  'device-unreachable',
  'too-many-starts',
  'too-many-devices',
  'too-many-orders',
  'password-not-expected',
  'not-supported-yet',
];

const refuseAll = (where: string): SoapHandlers<IntermediaryOperations> => {
  const refuse = async (_request: unknown, { operation }: { readonly operation: string }): Promise<never> => {
    throw notSupportedYet(`${operation} ${where}`);
  };
  return {
    NotifyStart: refuse,
    Register: refuse,
    UserCall: refuse,
    NotifySupply: refuse,
    NotifyAbnormality: refuse,
    RequestOneTimePassword: refuse,
    StoreOneTimePassword: refuse,
    EraseOneTimePassword: refuse,
  };
};

const identityOf = (socket: Socket): NodeIdentity | undefined =>
  socket instanceof TLSSocket ? peerIdentity(socket) : undefined;

/** What a device may say that presents no certificate; whether this one may is decided by its name. */
const UNPROVED: readonly string[] = ['Register', 'NotifyStart'];

const requireDevice = (peer: NodeIdentity | undefined, operation: string): void => {
  if (peer?.role === 'device' || (peer === undefined && UNPROVED.includes(operation))) return;
  throw intermediaryError('not-authorised', `Only devices that prove their names may call ${operation} here`);
};

/** An IPv4 address as such, also on a dual-stack socket (RFC 4291 §2.5.5.2). */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
