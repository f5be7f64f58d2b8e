import { type DeviceOperations, type device, deviceContract, type types } from '@postern/contracts';
import type { Clock, Entropy, Instant, Logger, NodeIdentity } from '@postern/core';
import {
  type CallContext,
  createSoapService,
  everyOperation,
  type SoapHandlers,
  type SoapService,
} from '@postern/soap-rpc';
import { isUpdateErrorCode, type UpdateTarget } from '@postern/software-update';
import { intermediaryError } from '../errors.ts';
import { type CredentialOrder, takeCredential } from './take-credential.ts';

/** The intermediary as a target that can be called. */
export interface RunningTarget {
  readonly target: UpdateTarget;
  readonly information: device.DeviceInformation;
  readonly startedAt: Instant;
}

export interface DeviceServiceParts {
  /** Undefined until the program has started well. */
  readonly running: () => RunningTarget | undefined;
  /** Who may call: this intermediary itself, and its parent. */
  readonly callers: readonly string[];
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/**
 * The device contract as far as an intermediary fulfils it, for whoever updates its own software.
 *
 * @spec U21
 */
export const ownDeviceService = (parts: DeviceServiceParts): SoapService =>
  createSoapService(deviceContract, handlersOf(parts), {
    logger: parts.logger,
    authorize: (peer) => authorise(parts.callers, peer),
    clientCodes: (code) => code === 'not-authorised' || code === 'not-supported-yet' || CALLERS_FAULT(code),
  });

const CALLERS_FAULT = (code: string): boolean =>
  isUpdateErrorCode(code) && !['storage-full', 'storage-failed', 'internal-error'].includes(code);

const handlersOf = (parts: DeviceServiceParts): SoapHandlers<DeviceOperations> => ({
  ...everyOperation(deviceContract, refuse),
  StoreOneTimePassword: (request, { peer }) => store(parts, request, peer),
  GenerateOneTimePassword: (request, { peer }) => generate(parts, request, peer),
  InvalidateOneTimePassword: async ({ userName, jobId }, { peer }) => {
    requireOwnName(userName, peer);
    const { target } = running(parts);
    return { jobId, invalidated: await target.endCredential('invalidate', userName, jobId) };
  },
  GetDeviceInformation: async () => ({ device: running(parts).information }),
  ConfirmAlive: async () => {
    const { target, startedAt } = running(parts);
    const updating = target.activity === 'waiting-for-jobs' || target.activity === 'installing';
    return { startedAt, state: updating ? 'updating' : 'ready' };
  },
});

/** @spec U1 U8 U11 */
const store = async (
  parts: DeviceServiceParts,
  request: device.StoreOneTimePassword,
  peer: NodeIdentity | undefined,
): Promise<device.StoreOneTimePasswordResponse> => {
  const { userName, jobId } = request;
  requireOwnName(userName, peer);
  const { target } = running(parts);
  if (request.purpose !== 'erasure') return take(parts, request);
  await target.endCredential('erase', userName, jobId);
  return { jobId };
};

/** @spec U15 */
const generate = async (
  parts: DeviceServiceParts,
  request: device.GenerateOneTimePassword,
  peer: NodeIdentity | undefined,
): Promise<device.GenerateOneTimePasswordResponse> => {
  requireOwnName(request.userName, peer);
  const made = {
    oneTimePassword: Buffer.from(parts.entropy.bytes(32)).toString('base64url'),
    reportKey: parts.entropy.bytes(32),
  };
  return { ...(await take(parts, { ...request, ...made })), ...made, delivery: 'in-response' };
};

const take = async (parts: DeviceServiceParts, order: CredentialOrder): Promise<device.CredentialStored> => {
  const { target, information } = running(parts);
  await takeCredential(target, order, parts.clock);
  const { bulkPath, bulkPathKind } = information;
  return {
    jobId: order.jobId,
    ...(bulkPath === undefined ? {} : { bulkPath }),
    bulkPathKind: bulkPathKind satisfies types.BulkPathKind,
    authenticatedReports: order.reportKey !== undefined,
    manifestChecked: true,
  };
};

/** @throws PosternError `own-software-starting` */
const running = (parts: DeviceServiceParts): RunningTarget => {
  const target = parts.running();
  if (target !== undefined) return target;
  throw intermediaryError('own-software-starting', 'This program has not yet proved that it starts well');
};

const authorise = (callers: readonly string[], peer: NodeIdentity | undefined): void => {
  if (peer?.role === 'intermediary' && callers.includes(peer.name)) return;
  throw intermediaryError('not-authorised', 'Only its parent updates the own software of an intermediary');
};

/** A password is stored under the name of whoever sends it. */
const requireOwnName = (userName: string, peer: NodeIdentity | undefined): void => {
  if (userName !== peer?.name) {
    throw intermediaryError('not-authorised', 'The user name is not that of the caller');
  }
};

const refuse = async (_: unknown, { operation }: CallContext): Promise<never> => {
  throw intermediaryError('not-supported-yet', `${operation} is nothing an intermediary does`);
};
