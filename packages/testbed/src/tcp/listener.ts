import { createServer, type Socket } from 'node:net';
import { testbedError } from '../errors.ts';

/** Where a TCP service is reached. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** A listening TCP port and everything that came in through it. */
export interface TcpListener extends Endpoint {
  /** Takes no more connections; those it has stay. */
  stop(): void;
  /** Stops listening and resets what is still connected. */
  close(): Promise<void>;
}

/** Connections one listener holds at a time; the system refuses the rest. */
const MOST_CONNECTIONS = 4_096;

/**
 * Listens on `port` of `host` (0: given by the system). Sockets are half-open: each side ends for itself.
 *
 * @throws PosternError `listen-failed`
 */
export const listenTcp = (
  { host, port }: Endpoint,
  onConnection: (socket: Socket) => void,
): Promise<TcpListener> =>
  new Promise((resolve, reject) => {
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // Whoever relays the socket sees its end through the stream; a reset must not end the process.
      socket.on('error', () => {});
      onConnection(socket);
    });
    server.maxConnections = MOST_CONNECTIONS;
    server.once('error', (cause) => {
      reject(testbedError('listen-failed', `Cannot listen on ${host}:${port}`, cause));
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve({
        host,
        port: typeof address === 'object' && address !== null ? address.port : port,
        stop: () => {
          server.close();
        },
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of sockets) socket.resetAndDestroy();
          }),
      });
    });
  });
