import { type IntermediaryOperations, intermediaryContract } from '@postern/contracts';
import type { Logger, NodeIdentity } from '@postern/core';
import {
  createSoapService,
  everyOperation,
  type SoapHandlers,
  type SoapService,
  type SoapServiceOptions,
} from '@postern/soap-rpc';
import { isUpdateErrorCode } from '@postern/software-update';
import type { DeviceWords } from '../domain/below/device-words.ts';
import type { Notices } from '../domain/notices.ts';
import { notSupportedYet } from '../domain/requests/not-supported.ts';
import type { DevicePasswords } from '../domain/updates/device-passwords.ts';
import { intermediaryError } from '../errors.ts';

/** What both services are made of. */
export interface NoticeServiceParts {
  readonly notices: Notices;
  readonly logger: Logger;
}

/** What the service on the secure path needs beyond. */
export interface SecureServiceParts extends NoticeServiceParts {
  readonly passwords: DevicePasswords;
  readonly words: DeviceWords;
}

/**
 * What devices call over TLS. All are asked for a certificate. One without gets in only where some device of the site
 * is configured to have none, and is heard only as far as such a device is.
 *
 * @spec A1 A2 R3 U15 U16 U17 U18
 */
export const secureService = ({ notices, passwords, words, logger }: SecureServiceParts): SoapService =>
  serve(logger, {
    authorize: (peer, operation) => {
      requireDevice(peer, operation);
      if (peer !== undefined && !JUDGED.includes(operation)) notices.requireAdopted(peer.name);
    },
    handlers: {
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
      UserCall: (request, context) => words.call(request, context),
      NotifySupply: async (request, context) => words.supply(request, context),
      NotifyAbnormality: async (request, context) => words.abnormality(request, context),
    },
  });

/** What devices call in plain HTTP: start notifications only, and nothing is trusted. */
export const noticeService = ({ notices, logger }: NoticeServiceParts): SoapService =>
  serve(logger, {
    handlers: {
      ...refuseAll('without TLS'),
      NotifyStart: async (request) => {
        notices.claimedStart(request);
        return {};
      },
    },
  });

const serve = (
  logger: Logger,
  {
    handlers,
    ...options
  }: Pick<SoapServiceOptions, 'authorize'> & { readonly handlers: SoapHandlers<IntermediaryOperations> },
): SoapService =>
  createSoapService(intermediaryContract, handlers, {
    logger,
    clientCodes: (code) =>
      CLIENT_CODES.includes(code) || (isUpdateErrorCode(code) && code !== 'internal-error'),
    ...options,
  });

const CLIENT_CODES: readonly string[] = [
  'not-authorised',
  'device-unknown',
  'device-not-active',
  'device-unreachable',
  'too-many-starts',
  'too-many-devices',
  'too-many-orders',
  'too-many-notices',
  'delivery-reused',
  'password-not-expected',
  'not-supported-yet',
];

const refuseAll = (where: string): SoapHandlers<IntermediaryOperations> =>
  everyOperation(intermediaryContract, async (_, { operation }) => {
    throw notSupportedYet(`${operation} ${where}`);
  });

/** What a device may say that presents no certificate; whether this one may is decided by its name. */
const UNPROVED: readonly string[] = ['Register', 'NotifyStart'];

/** What a device that is not adopted is heard on: whoever answers decides. Everything else is refused here. */
const JUDGED: readonly string[] = [
  'Register',
  'NotifyStart',
  'EraseOneTimePassword',
  'RequestOneTimePassword',
];

const requireDevice = (peer: NodeIdentity | undefined, operation: string): void => {
  if (peer?.role === 'device' || (peer === undefined && UNPROVED.includes(operation))) return;
  throw intermediaryError('not-authorised', `Only devices that prove their names may call ${operation} here`);
};

/** An IPv4 address as such, also on a dual-stack socket (RFC 4291 §2.5.5.2). */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
