import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type Clock, errorCode, type Logger } from '@postern/core';
import type { Recorder } from '../capture/index.ts';
import { connectTcp } from '../tcp/connect.ts';
import type { Endpoint } from '../tcp/listener.ts';
import type { AlterationPlan } from './alteration-plan.ts';
import { relayData, transferCommand } from './data-relay.ts';
import { lineRelay } from './line-relay.ts';
import { type ClaimedPort, PassivePort } from './passive-port.ts';
import { passivePort, withPassivePort } from './passive-reply.ts';

/** Sees a line of a control connection before it goes on. */
export type OnControlLine = (from: 'client' | 'server', line: string) => void | Promise<void>;

export interface ControlSessionOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** The proxy's own address. */
  readonly host: string;
  readonly target: Endpoint;
  readonly plan: AlterationPlan;
  readonly recorder: Recorder;
  readonly onControlLine: OnControlLine | undefined;
}

/** One FTP session through the proxy: the control connection and the data connections it asks for. */
export class ControlSession {
  readonly #options: ControlSessionOptions;
  readonly #client: Socket;
  readonly #ending = new AbortController();
  #server: Socket | undefined;
  #port: PassivePort | undefined;
  /** Resolves when the control connection has ended. Never rejects. */
  readonly done: Promise<void>;

  constructor(client: Socket, options: ControlSessionOptions) {
    this.#client = client;
    this.#options = options;
    client.on('error', () => this.end());
    this.done = this.#run();
  }

  /** Ends everything at once: data connections with a reset, the client's control connection as a dying server does. */
  end(): void {
    this.#ending.abort();
    this.#port?.close();
    this.#client.destroy();
    this.#server?.resetAndDestroy();
  }

  async #run(): Promise<void> {
    const { clock, logger, target } = this.#options;
    try {
      const server = await connectTcp(clock, target, this.#ending.signal);
      this.#server = server;
      server.on('error', () => this.end());
      await Promise.all([
        pipeline(
          this.#client,
          lineRelay((line) => this.#command(line)),
          server,
        ),
        pipeline(
          server,
          lineRelay((line) => this.#reply(line)),
          this.#client,
        ),
      ]);
      this.#ending.abort();
      this.#port?.close();
    } catch (error) {
      logger.debug('An FTP session through the tampering proxy broke', { code: errorCode(error, 'unknown') });
      this.end();
    }
  }

  async #command(line: string): Promise<string> {
    this.#options.recorder.controlLine('client', line);
    await this.#options.onControlLine?.('client', line);
    const command = transferCommand(line);
    if (command !== undefined) this.#port?.assign(command);
    return line;
  }

  /** Replies to PASV and EPSV get a port of the proxy in the place of the server's. */
  async #reply(line: string): Promise<string> {
    const { clock, host, recorder, target, onControlLine } = this.#options;
    recorder.controlLine('server', line);
    await onControlLine?.('server', line);
    const port = passivePort(line);
    if (port === undefined) return line;
    this.#port?.close();
    const opened = await PassivePort.open({
      clock,
      host,
      target: { host: target.host, port },
      ending: this.#ending.signal,
    });
    this.#port = opened;
    if (this.#ending.signal.aborted) opened.close();
    void this.#transfer(opened);
    return withPassivePort(line, { host, port: opened.port });
  }

  async #transfer(port: PassivePort): Promise<void> {
    const claimed = await port.claimed;
    if (this.#port === port) this.#port = undefined;
    if (claimed === undefined) {
      port.close();
      return;
    }
    port.stop();
    await this.#relay(claimed);
  }

  async #relay({ client, server, command }: ClaimedPort): Promise<void> {
    const reset = (): void => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    };
    client.on('error', reset);
    server.on('error', reset);
    const { plan, recorder, logger } = this.#options;
    const ending = this.#ending.signal;
    ending.addEventListener('abort', reset, { once: true });
    try {
      await relayData({ client, server, command, plan, recorder, ending });
    } catch (error) {
      reset();
      const code = errorCode(error, 'unknown');
      logger.debug('A data connection through the tampering proxy broke', { code, verb: command.verb });
      if (code === 'connection-cut') this.end();
    } finally {
      ending.removeEventListener('abort', reset);
    }
  }
}
