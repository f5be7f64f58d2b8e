import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../../use-cases/caller.ts';

/** Whoever sent a request. Gone when the connection is; an answer behind another one is not told of that. */
export const restCaller = (request: FastifyRequest, reply: FastifyReply): Caller => ({
  get signal() {
    const { socket } = request.raw;
    const gone = new AbortController();
    const onClose = (): void => gone.abort();
    socket.once('close', onClose);
    reply.raw.once('close', () => socket.off('close', onClose));
    return gone.signal;
  },
});
