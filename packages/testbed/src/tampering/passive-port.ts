import type { Socket } from 'node:net';
import { type Clock, Seconds, sleep } from '@postern/core';
import { connectTcp } from '../tcp/connect.ts';
import { type Endpoint, listenTcp, type TcpListener } from '../tcp/listener.ts';
import type { TransferCommand } from './data-relay.ts';

/** How long the client may take from the reply to PASV or EPSV until it connects and asks for a transfer. */
const CLAIM_TIME = Seconds(60);

export interface PassivePortOptions {
  readonly clock: Clock;
  /** Where the proxy listens. */
  readonly host: string;
  /** The port that the server opened. */
  readonly target: Endpoint;
  readonly ending: AbortSignal;
}

/** Both sides of a data connection, and what they are to carry. */
export interface ClaimedPort {
  readonly client: Socket;
  readonly server: Socket;
  readonly command: TransferCommand;
}

/** The proxy's stand-in for one passive port of the server. It serves one transfer. */
export class PassivePort {
  readonly #listener: TcpListener;
  readonly #release = new AbortController();
  #assign: (command: TransferCommand) => void = () => {};
  /** Resolves when client and server are connected and the command is known; `undefined` when that never comes. */
  readonly claimed: Promise<ClaimedPort | undefined>;

  private constructor(listener: TcpListener, arrival: Promise<Socket>, options: PassivePortOptions) {
    this.#listener = listener;
    const command = new Promise<TransferCommand>((resolve) => {
      this.#assign = resolve;
    });
    this.claimed = this.#claim(arrival, command, options);
  }

  /** @throws PosternError `listen-failed` */
  static async open(options: PassivePortOptions): Promise<PassivePort> {
    let arrive: (socket: Socket) => void = () => {};
    const arrival = new Promise<Socket>((resolve) => {
      arrive = resolve;
    });
    const listener = await listenTcp({ host: options.host, port: 0 }, (socket) => arrive(socket));
    return new PassivePort(listener, arrival, options);
  }

  get port(): number {
    return this.#listener.port;
  }

  /** Tells which transfer the data connection carries. */
  assign(command: TransferCommand): void {
    this.#assign(command);
  }

  /** Takes no further connection; the one it has is its relay's from now on. */
  stop(): void {
    this.#listener.stop();
  }

  /** Ends the wait, and the data connection with a reset. */
  close(): void {
    this.#release.abort();
    void this.#listener.close();
  }

  async #claim(
    arrival: Promise<Socket>,
    command: Promise<TransferCommand>,
    { clock, target, ending }: PassivePortOptions,
  ): Promise<ClaimedPort | undefined> {
    const signal = AbortSignal.any([ending, this.#release.signal]);
    const connected = arrival.then(async (client) => ({
      client,
      server: await connectTcp(clock, target, signal),
      command: await command,
    }));
    const waited = new AbortController();
    const overdue = sleep(clock, CLAIM_TIME, AbortSignal.any([signal, waited.signal])).then(() => undefined);
    try {
      return await Promise.race([connected, overdue]);
    } catch {
      return undefined;
    } finally {
      waited.abort();
      overdue.catch(() => {});
      connected.catch(() => {});
    }
  }
}
