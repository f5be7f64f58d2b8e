import { type DeviceOperations, deviceContract } from '@postern/contracts';
import type { Logger } from '@postern/core';
import { type CallContext, createSoapService, type SoapHandlers, type SoapService } from '@postern/soap-rpc';
import { createRateLimit } from '../domain/rate-limit.ts';
import { deviceError } from '../errors.ts';
import { blamesCaller } from './blames-caller.ts';
import { type GenerateService, generateByRequest } from './generate-password.ts';
import { invalidateByCode } from './invalidate.ts';
import { markPasswordUsed } from './mark-password-used.ts';

export interface PlainService extends GenerateService {
  readonly logger: Logger;
}

/**
 * The device contract as far as it may come in plain HTTP. Whoever calls has proved nothing: each operation checks a
 * code of its own or sets nothing going but a call to the intermediary.
 *
 * @spec U12 U15 P1
 */
export const createPlainService = (service: PlainService): SoapService =>
  createSoapService(deviceContract, handlersOf(service), {
    logger: service.logger,
    clientCodes: blamesCaller,
  });

const handlersOf = (service: PlainService): SoapHandlers<DeviceOperations> => {
  const mayAsk = createRateLimit(service.clock);
  const limited =
    <Q, A>(answer: (request: Q) => Promise<A>) =>
    async (request: Q, { remoteAddress }: CallContext): Promise<A> => {
      if (!mayAsk(remoteAddress)) throw deviceError('too-many-requests', 'Too many requests in plain HTTP');
      return answer(request);
    };
  return {
    GenerateOneTimePassword: limited((request) => generateByRequest(service, request)),
    InvalidateOneTimePassword: limited((request) => invalidateByCode(service, request)),
    MarkPasswordUsed: limited((request) => markPasswordUsed(service, request)),
    StoreOneTimePassword: securePathOnly,
    ConcludeUpdate: securePathOnly,
    GetDeviceInformation: securePathOnly,
    GetCounters: securePathOnly,
    GetParameters: securePathOnly,
    SetParameters: securePathOnly,
    ExecuteCommand: securePathOnly,
    CollectLogs: securePathOnly,
    ShowResult: securePathOnly,
    ConfirmAlive: securePathOnly,
  };
};

const securePathOnly = async (_: unknown, { operation }: CallContext): Promise<never> => {
  throw deviceError('secure-path-only', `${operation} is not taken in plain HTTP`);
};
