import type { SoapEndpoint } from '@postern/soap-rpc';
import type { FastifyInstance } from 'fastify';
import { OPERATOR_PATH } from './operator-endpoint.ts';

/** Hands what comes to the contract's path over, with a body that nobody has read. */
export const operatorRoutes =
  ({ handle }: Pick<SoapEndpoint, 'handle'>) =>
  async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.all(OPERATOR_PATH, (request, reply) => {
      reply.hijack();
      handle(request.raw, reply.raw, { expectsContinue: false });
    });
  };
