import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, errorMessage, type Logger, PosternError } from '@postern/core';
import type { BulkService } from '@postern/software-update';

/** What every server of the bulk path is made with. */
export interface BulkServerOptions {
  readonly service: BulkService;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Address to listen on. */
  readonly host: string;
  /** 0: given by the system. */
  readonly port: number;
}

/** A running server of the bulk path. An idle one costs a listening socket and nothing else. */
export interface BulkServer {
  readonly port: number;
  /** Connections that are open now. */
  readonly sessions: number;
  /**
   * What a client must insist on ({@link BulkEndpoint.hostKey}): SHA-256 of the TLS certificate or SSH host key, as 64
   * hexadecimal digits. An unencrypted server has none.
   */
  readonly fingerprint: string | undefined;
  /** Stops listening, drops all connections, resolves when all sessions have ended. */
  close(): Promise<void>;
}

/** Codes of errors thrown when a server of the bulk path is made. */
export type BulkServerCode =
  | 'bulk-listen-failed'
  // An encrypted server without its key, or with one that cannot be read.
  | 'bulk-identity-unusable';

/** One connection as its server sees it. */
export interface ServedConnection {
  /** Resolves when the connection has ended and whatever was running has let go. */
  readonly done: Promise<void>;
  /** Ends the connection without a word. */
  destroy(): void;
}

export interface ConnectionPlan {
  /** Connections at one time. */
  readonly most: number;
  readonly fingerprint: string | undefined;
  readonly begin: (socket: Socket) => ServedConnection;
  /** Said to one connection too many, in the clear, before it is closed. */
  readonly refusal: string;
}

/**
 * Listens and hands connections on, never more than `most` at one time.
 *
 * @throws PosternError `bulk-listen-failed`
 */
export const serveConnections = async (
  { host, port, logger }: Pick<BulkServerOptions, 'host' | 'port' | 'logger'>,
  plan: ConnectionPlan,
): Promise<BulkServer> => {
  const open = new Set<ServedConnection>();
  const server = createServer({ noDelay: true }, (socket) => {
    // Gone before it was accepted.
    if (socket.remoteAddress === undefined) socket.destroy();
    else if (open.size >= plan.most) refuse(socket, plan.refusal, logger);
    else {
      const connection = plan.begin(socket);
      open.add(connection);
      void connection.done.then(() => open.delete(connection));
    }
  });
  const listening = await listen(server, host, port);
  server.on('error', (error) => {
    logger.error('The bulk server failed', { reason: errorMessage(error) });
  });
  return {
    port: listening,
    fingerprint: plan.fingerprint,
    get sessions() {
      return open.size;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      const ended = [...open].map(({ done }) => done);
      for (const connection of open) connection.destroy();
      await Promise.all([closed, ...ended]);
    },
  };
};

const refuse = (socket: Socket, words: string, logger: Logger): void => {
  logger.warn('Connection refused: too many sessions', { peer: socket.remoteAddress });
  socket.on('error', () => {});
  socket.write(words);
  socket.destroySoon();
};

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(new PosternError('bulk-listen-failed', `Cannot listen on ${host}:${port}`, { cause }));
    });
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
