import { createServer, type Server, type Socket } from 'node:net';
import { type Clock, type Duration, errorCode, type Logger, PosternError, type Timer } from '@postern/core';
import { plainAddress } from '../../common/addresses.ts';

export interface PassiveListenerOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where to listen: the address at which the client reached the control connection. */
  readonly localAddress: string;
  /** The only address that may connect. */
  readonly peerAddress: string;
  /** How long the listener stays open. */
  readonly connectTime: Duration;
  /** Encrypts what has connected; a connection with which that fails is not the one that is waited for. */
  readonly secure: ((socket: Socket) => Promise<Socket>) | undefined;
}

/** Connections that may be in their handshake at one time: one is the client's, and others must not keep it out. */
const MOST_HANDSHAKES = 4;

/**
 * A port opened by PASV or EPSV. It takes one connection, only from the control connection's peer (a foreign
 * one that was quicker is reset and the wait goes on), and closes as soon as that has come or the time is over.
 */
export class PassiveListener {
  readonly #server: Server;
  readonly #options: PassiveListenerOptions;
  readonly #arrival: Promise<Socket>;
  #resolve: (socket: Socket) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  readonly #timer: Timer;
  readonly #handshakes = new Set<Socket>();
  #listening = true;
  #socket: Socket | undefined;

  private constructor(server: Server, options: PassiveListenerOptions) {
    this.#server = server;
    this.#options = options;
    this.#arrival = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#arrival.catch(() => {});
    server.on('connection', (socket) => this.#accept(socket));
    server.on('error', (error) => this.#giveUp(error));
    this.#timer = options.clock.schedule(options.connectTime, () => this.#giveUp(), { background: true });
  }

  /** Opens a port given by the system. Rejects with Node's error when it cannot. */
  static open(options: PassiveListenerOptions): Promise<PassiveListener> {
    return new Promise((resolve, reject) => {
      const server = createServer({ noDelay: true });
      server.once('error', reject);
      server.listen({ host: options.localAddress, port: 0 }, () => {
        server.off('error', reject);
        resolve(new PassiveListener(server, options));
      });
    });
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /**
   * The data connection, as soon as it is there. {@link close} destroys it.
   *
   * @throws PosternError `data-not-connected`
   */
  connection(): Promise<Socket> {
    return this.#arrival;
  }

  /** Closes the port and, if it has come, the data connection. */
  close(): void {
    this.#giveUp();
    this.#socket?.destroy();
  }

  #accept(socket: Socket): void {
    // A connection nobody has claimed yet may break; whoever claims it sees that then.
    socket.on('error', () => {});
    if (plainAddress(socket.remoteAddress) !== this.#options.peerAddress) {
      this.#options.logger.warn('Data connection from a foreign address refused', {
        from: socket.remoteAddress,
      });
      socket.resetAndDestroy();
      return;
    }
    if (this.#socket !== undefined || this.#handshakes.size >= MOST_HANDSHAKES) {
      socket.resetAndDestroy();
      return;
    }
    if (this.#options.secure === undefined) this.#take(socket);
    else void this.#secure(socket, this.#options.secure);
  }

  /** A stranger that was quicker than the client fails here, and the wait goes on. */
  async #secure(socket: Socket, secure: (socket: Socket) => Promise<Socket>): Promise<void> {
    this.#handshakes.add(socket);
    try {
      const secured = await secure(socket);
      this.#handshakes.delete(socket);
      if (this.#listening) this.#take(secured);
      else secured.destroy();
    } catch (error) {
      this.#handshakes.delete(socket);
      this.#options.logger.warn('Data connection refused', { code: errorCode(error, 'internal') });
    }
  }

  #take(socket: Socket): void {
    this.#socket = socket;
    this.#stopListening();
    this.#resolve(socket);
  }

  #giveUp(cause?: unknown): void {
    this.#stopListening();
    this.#reject(new PosternError('data-not-connected', 'No data connection came', { cause }));
  }

  #stopListening(): void {
    this.#listening = false;
    this.#timer.cancel();
    this.#server.close();
    for (const socket of this.#handshakes) socket.destroy();
    this.#handshakes.clear();
  }
}
