import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, errorMessage, type Logger, PosternError } from '@postern/core';
import type { BulkService } from '@postern/software-update';
import { FtpSession } from './ftp-session.ts';
import { DEFAULT_FTP_LIMITS, type FtpLimits } from './limits.ts';
import { formatReply, reply } from './reply.ts';
import type { ServerScope } from './session-scope.ts';

export interface FtpServerOptions {
  readonly service: BulkService;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Address to listen on. */
  readonly host: string;
  /** 0: given by the system. */
  readonly port: number;
  readonly limits?: Partial<FtpLimits>;
  /** Text of the greeting. Say nothing here that helps an attacker. */
  readonly banner?: string;
}

/** A running FTP server. An idle one costs a listening socket and nothing else. */
export interface FtpServer {
  readonly port: number;
  /** Control connections that are open now. */
  readonly sessions: number;
  /** Stops listening, drops all connections, resolves when all sessions have ended. */
  close(): Promise<void>;
}

/** Codes of errors thrown by {@link createFtpServer}. */
export type FtpServerCode =
  | 'ftp-listen-failed'
  // Why a transfer ended early; they decide the reply and go no further.
  | 'data-not-connected'
  | 'receiver-refused'
  | 'receiver-stalled'
  | 'transfer-aborted'
  | 'transfer-too-slow';

/**
 * Serves the bulk path over FTP: RFC 959 in passive mode, RFC 2428 (EPSV), RFC 3659 (SIZE, REST STREAM, MLST).
 * It never connects out (no FTP bounce) and takes data connections only from the control connection's peer.
 *
 * @throws PosternError `ftp-listen-failed`
 * @spec B1
 */
export const createFtpServer = async (options: FtpServerOptions): Promise<FtpServer> => {
  const scope: ServerScope = {
    service: options.service,
    clock: options.clock,
    logger: options.logger,
    limits: { ...DEFAULT_FTP_LIMITS, ...options.limits },
    banner: options.banner ?? 'Ready',
  };
  const sessions = new Set<FtpSession>();
  const server = createServer({ noDelay: true }, (socket) => admit(socket, scope, sessions));
  const port = await listen(server, options);
  server.on('error', (error) => {
    scope.logger.error('The FTP server failed', { reason: errorMessage(error) });
  });
  return {
    port,
    get sessions() {
      return sessions.size;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      const ended = [...sessions].map((session) => session.done);
      for (const session of sessions) session.destroy();
      await Promise.all([closed, ...ended]);
    },
  };
};

const admit = (socket: Socket, scope: ServerScope, sessions: Set<FtpSession>): void => {
  if (socket.remoteAddress === undefined) {
    // Gone before it was accepted.
    socket.destroy();
    return;
  }
  if (sessions.size >= scope.limits.sessions) {
    scope.logger.warn('Connection refused: too many sessions', { peer: socket.remoteAddress });
    socket.on('error', () => {});
    socket.write(formatReply(reply(421, 'Too many sessions')));
    socket.destroySoon();
    return;
  }
  const session = new FtpSession(socket, scope);
  sessions.add(session);
  void session.done.then(() => sessions.delete(session));
};

const listen = (server: Server, { host, port }: FtpServerOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new PosternError('ftp-listen-failed', `Cannot listen on ${host}:${port}`, { cause }));
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
