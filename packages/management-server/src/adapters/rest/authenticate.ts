import type { TLSSocket } from 'node:tls';
import { errorCode } from '@postern/core';
import { peerIdentity } from '@postern/pki';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OperatorAccess } from '../operator-access/operator-access.ts';
import { refusalHeaders } from '../operator-access/refusal-headers.ts';

/** Lets operators' requests pass, before their body is read. */
export const authenticate =
  (access: OperatorAccess): ((request: FastifyRequest, reply: FastifyReply) => Promise<void>) =>
  async (request, reply) => {
    const peer = peerIdentity(request.raw.socket as TLSSocket);
    const { authorization } = request.headers;
    try {
      access.admit({ peer, authorization, address: request.ip }, request.routeOptions.url ?? 'unknown');
    } catch (error) {
      // No Basic: browsers would ask people for it.
      const headers = refusalHeaders(errorCode(error, ''), ['Bearer realm="postern"']);
      for (const [name, values] of Object.entries(headers)) reply.header(name, values);
      throw error;
    }
  };
