import type { TLSSocket } from 'node:tls';
import { type DeviceOperations, deviceContract } from '@postern/contracts';
import type { Clock, Logger, NodeIdentity } from '@postern/core';
import { type EnrolledNode, peerIdentity, serverTlsOptions } from '@postern/pki';
import {
  createSoapListener,
  createSoapService,
  everyOperation,
  type SoapHandlers,
  type SoapListener,
} from '@postern/soap-rpc';
import { testbedError } from '../errors.ts';
import { bulkEndpoint, type DeviceFacts, information } from './information.ts';
import type { StoredPassword } from './stored-password.ts';

export interface PatentSecurePathOptions {
  readonly facts: DeviceFacts;
  readonly password: StoredPassword;
  readonly intermediary: { readonly name: string };
  readonly node: EnrolledNode;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The patent's part of the device contract over mutual TLS: whatever else a request carries is not looked at.
 *
 * @throws PosternError `listen-failed`
 * @spec A1
 */
export const openSecurePath = (options: PatentSecurePathOptions): Promise<SoapListener> => {
  const { intermediary, node, clock, logger } = options;
  const authorize = (peer: NodeIdentity | undefined): void => {
    if (peer?.role === 'intermediary' && peer.name === intermediary.name) return;
    throw testbedError('not-offered', 'Only the intermediary of this device may call it');
  };
  const service = createSoapService(deviceContract, handlers(options), { logger, authorize });
  return createSoapListener({
    services: { '/device': service },
    tls: serverTlsOptions(node, { clientAuthentication: 'required' }),
    host: '127.0.0.1',
    port: 0,
    clock,
    logger,
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
  });
};

const handlers = ({ facts, password }: PatentSecurePathOptions): SoapHandlers<DeviceOperations> => ({
  ...everyOperation(deviceContract, notOffered),
  StoreOneTimePassword: async ({ userName, oneTimePassword, jobId }) => {
    password.store(userName, oneTimePassword, jobId);
    return { jobId, bulkPath: bulkEndpoint(facts) };
  },
  InvalidateOneTimePassword: async ({ jobId }) => ({ jobId, invalidated: password.invalidate(jobId) }),
  GetDeviceInformation: async () => ({ device: information(facts) }),
});

const notOffered = async (
  _request: unknown,
  { operation }: { readonly operation: string },
): Promise<never> => {
  throw testbedError('not-offered', `This device does not offer ${operation}`);
};
