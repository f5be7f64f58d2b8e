import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Endpoint } from '@postern/testbed';

/** A TCP server on loopback that keeps its sockets where a test can see them. */
export class TestServer {
  readonly sockets: Socket[] = [];
  readonly #server = createServer({ allowHalfOpen: true, noDelay: true });

  constructor(onConnection: (socket: Socket) => void) {
    this.#server.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => {});
      onConnection(socket);
    });
  }

  static async start(onConnection: (socket: Socket) => void): Promise<TestServer> {
    const server = new TestServer(onConnection);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get endpoint(): Endpoint {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('Not listening');
    return { host: '127.0.0.1', port: address.port };
  }

  /** Resolves when the next connection has come. */
  async nextConnection(): Promise<Socket> {
    const [socket] = (await once(this.#server, 'connection')) as [Socket];
    return socket;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A connected socket, half-open. */
export const dial = async (endpoint: Endpoint): Promise<Socket> => {
  const socket = dialling(endpoint);
  await once(socket, 'connect');
  return socket;
};

/** How an attempt to connect ends that the other side resets sooner or later. */
export const endOfAttempt = (endpoint: Endpoint): Promise<string> => endOf(dialling(endpoint));

const dialling = (endpoint: Endpoint): Socket => {
  const socket = connect({ ...endpoint, allowHalfOpen: true, noDelay: true });
  // A reset that no test waits for, as at the end of a test.
  socket.on('error', () => {});
  return socket;
};

/** Everything until the other side ends. Rejects with the socket's error when it is reset. */
export const readAll = async (socket: Socket): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

/** Exactly `length` bytes from the front of what comes. */
export const readBytes = async (socket: Socket, length: number): Promise<Buffer> => {
  for (;;) {
    const bytes = socket.read(length) as Buffer | null;
    if (bytes !== null) return bytes;
    await once(socket, 'readable');
  }
};

/** The code with which the other side ended the connection: ECONNRESET, or 'closed' for an end in good order. */
export const endOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.once('close', () => resolve('closed'));
    socket.once('end', () => socket.end());
    socket.resume();
  });
