import { type DeviceOperations, deviceContract } from '@postern/contracts';
import { type Logger, type RateLimit, rateLimiter, Seconds } from '@postern/core';
import {
  type CallContext,
  createSoapService,
  everyOperation,
  type SoapHandlers,
  type SoapService,
} from '@postern/soap-rpc';
import { deviceError } from '../errors.ts';
import { blamesCaller } from './blames-caller.ts';
import { type GenerateService, generateByRequest } from './generate-password.ts';
import { invalidateByCode } from './invalidate.ts';
import { markPasswordUsed } from './mark-password-used.ts';

/** Per address: nobody who calls here has proved a name. */
const LIMIT: RateLimit = { burst: 10, interval: Seconds(1), mostKeys: 64 };

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
  const mayAsk = rateLimiter(service.clock, LIMIT);
  const limited =
    <Q, A>(answer: (request: Q) => Promise<A>) =>
    async (request: Q, { remoteAddress }: CallContext): Promise<A> => {
      if (!mayAsk(remoteAddress)) throw deviceError('too-many-requests', 'Too many requests in plain HTTP');
      return answer(request);
    };
  return {
    ...everyOperation(deviceContract, securePathOnly),
    GenerateOneTimePassword: limited((request) => generateByRequest(service, request)),
    InvalidateOneTimePassword: limited((request) => invalidateByCode(service, request)),
    MarkPasswordUsed: limited((request) => markPasswordUsed(service, request)),
  };
};

const securePathOnly = async (_: unknown, { operation }: CallContext): Promise<never> => {
  throw deviceError('secure-path-only', `${operation} is not taken in plain HTTP`);
};
