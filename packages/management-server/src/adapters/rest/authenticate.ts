import type { Clock, Logger } from '@postern/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serverError } from '../../errors.ts';
import type { OperatorToken } from '../operator-token.ts';
import { FailedTries } from './failed-tries.ts';

/** Lets requests pass that bear the operator token (RFC 6750 §2.1), before their body is read. */
export const authenticate = (
  token: OperatorToken,
  clock: Clock,
  logger: Logger,
): ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) => {
  const tries = new FailedTries(clock);
  return async (request, reply) => {
    const [, presented] =
      /^Bearer ([A-Za-z0-9._~+/=-]{1,200})$/i.exec(request.headers.authorization ?? '') ?? [];
    if (presented !== undefined && token.matches(presented)) return;
    reply.header('www-authenticate', 'Bearer realm="postern"');
    if (tries.note(request.ip)) {
      reply.header('retry-after', '60');
      throw serverError('too-many-failed-tries', 'Too many requests without the right token');
    }
    logger.warn('A request without the right token was refused', { address: request.ip });
    throw serverError('token-required', 'The request bears no valid operator token');
  };
};
