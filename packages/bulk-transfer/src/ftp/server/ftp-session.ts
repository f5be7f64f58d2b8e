import type { Socket } from 'node:net';
import { errorCode, PosternError } from '@postern/core';
import type { BulkServiceSession } from '@postern/software-update';
import { plainAddress } from '../../common/addresses.ts';
import { hangUp } from '../../common/hang-up.ts';
import { InactivityTimer } from '../../common/inactivity-timer.ts';
import { REPLY_BACKLOG_BYTES } from '../../common/server-limits.ts';
import { type CommandLine, CommandReader } from './command-reader.ts';
import { judge, type LoginState, type Security } from './command-rules.ts';
import { CLOSES_DATA, COMMANDS, KEEPS_RESTART } from './commands.ts';
import type { PassiveListener } from './passive-listener.ts';
import type { ConnectionProtection } from './protection.ts';
import { formatReply, type Reply, reply } from './reply.ts';
import type { ServerScope, SessionScope } from './session-scope.ts';

/**
 * One control connection: reads commands, carries them out one after the other, ends for whatever reason once.
 *
 * @spec B1
 */
export class FtpSession implements SessionScope {
  readonly server: ServerScope;
  readonly localAddress: string;
  readonly peerAddress: string;
  /** Resolves when the connection has ended and the command that was running has let go. */
  readonly done: Promise<void>;
  login: LoginState = 'connected';
  userName = '';
  wrongLogins = 0;
  extendedPassiveOnly = false;
  security: Security = 'none';
  protection: ConnectionProtection | undefined;
  bufferSizeTold = false;
  dataProtected = false;
  restartAt = 0;
  listener: PassiveListener | undefined;
  view: BulkServiceSession | undefined;

  #socket: Socket;
  /** Nothing can be said during the handshake. */
  #mute = false;
  #reader = new CommandReader();
  readonly #queue: CommandLine[] = [];
  readonly #ending = new AbortController();
  readonly #timer: InactivityTimer;
  #running: Promise<void> | undefined;
  #transfer: AbortController | undefined;
  readonly #onRevoked = (): void => this.drop(reply(421, 'The credential has ended'));

  constructor(socket: Socket, server: ServerScope) {
    this.#socket = socket;
    this.server = server;
    this.localAddress = plainAddress(socket.localAddress);
    this.peerAddress = plainAddress(socket.remoteAddress);
    this.#timer = new InactivityTimer(server.clock, server.limits.loginTime, () => this.#onSilence());
    this.done = new Promise((resolve) => {
      socket.once('close', () => {
        this.#end();
        resolve(this.#running);
      });
    });
    this.#listenTo(socket);
    if (server.protection !== undefined) this.security = 'wanted';
    if (server.protection?.mode === 'implicit') this.#encrypt(() => this.#greet());
    else this.#greet();
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** PASV or EPSV was carried out and not used yet. */
  get dataOffered(): boolean {
    return this.listener !== undefined;
  }

  enter(view: BulkServiceSession): void {
    if (this.ending.aborted) {
      view.ended();
      return;
    }
    this.view = view;
    this.login = 'logged-in';
    this.#timer.restart(this.server.limits.idleTime);
    if (view.revoked.aborted) this.#onRevoked();
    else view.revoked.addEventListener('abort', this.#onRevoked, { once: true });
  }

  secure(answer: Reply): void {
    // What came in the clear behind AUTH must not be taken for what comes encrypted.
    if (this.#queue.length > 0 || !this.#reader.empty) {
      this.drop(reply(421, 'Nothing may follow AUTH before its reply'));
      return;
    }
    this.send(answer);
    this.#encrypt(() => {});
  }

  send(answer: Reply): void {
    if (this.ending.aborted || this.#mute) return;
    this.#socket.write(formatReply(answer));
    if (this.#socket.writableLength > REPLY_BACKLOG_BYTES) this.destroy();
  }

  drop(answer: Reply): void {
    this.send(answer);
    this.#end();
    // In the handshake there are no words, and no end that could be told.
    if (this.#mute) this.#socket.destroy();
    else hangUp(this.#socket, this.server.clock);
  }

  /** Ends the connection without a word. */
  destroy(): void {
    this.#end();
    this.#socket.destroy();
  }

  #listenTo(socket: Socket): void {
    socket.on('error', (error) => {
      this.server.logger.debug('Control connection broke', { code: errorCode(error, 'internal') });
    });
    socket.on('data', this.#onData);
  }

  #greet(): void {
    this.send(reply(220, this.server.banner));
  }

  /** The handshake is part of the time for logging in. */
  #encrypt(onSecured: () => void): void {
    const plain = this.#socket;
    plain.off('data', this.#onData);
    this.#mute = true;
    this.#reader = new CommandReader();
    const protection = this.server.protection?.begin();
    if (protection === undefined) throw new TypeError('No protection to begin');
    this.#socket = protection.control(plain, () => {
      this.#mute = false;
      this.security = 'secured';
      this.protection = protection;
      onSecured();
    });
    this.#listenTo(this.#socket);
  }

  readonly #onData = (chunk: Buffer): void => {
    for (const line of this.#reader.push(chunk)) {
      if (this.ending.aborted) return;
      if (this.#queue.length >= this.server.limits.queuedCommands) {
        this.drop(reply(421, 'Too many commands at once'));
        return;
      }
      this.#queue.push(line);
      // RFC 959 section 4.1.3: ABOR acts on the command before it, so it overtakes the queue.
      if (line.kind === 'command' && line.verb === 'ABOR') {
        this.#transfer?.abort(new PosternError('transfer-aborted', 'Transfer aborted by the client'));
        if (this.#transfer !== undefined) this.#closeData();
      }
    }
    if (this.#queue.length > 0) this.#running ??= this.#runQueue();
  };

  async #runQueue(): Promise<void> {
    for (let line = this.#queue.shift(); line !== undefined; line = this.#queue.shift()) {
      if (this.ending.aborted) break;
      await this.#carryOut(line);
      if (this.login === 'logged-in') this.#timer.touch();
    }
    this.#running = undefined;
  }

  async #carryOut(line: CommandLine): Promise<void> {
    if (line.kind === 'malformed') return this.send(reply(line.code, line.reason));
    const verdict = judge(this, line.verb, line.argument);
    if (!verdict.allowed) {
      this.restartAt = 0;
      return this.send(verdict.reply);
    }
    const { verb } = verdict;
    this.#transfer = new AbortController();
    try {
      const answer = await COMMANDS[verb](this, line.argument, this.#transfer.signal);
      // The reply first: a client whose data connection breaks before it may never look at it.
      if (answer !== undefined) this.send(answer);
    } catch (error) {
      this.server.logger.error('A command failed', { verb, code: errorCode(error, 'internal') });
      this.send(reply(451, 'Local error in processing'));
    }
    this.#transfer = undefined;
    if (!KEEPS_RESTART.has(verb)) this.restartAt = 0;
    if (CLOSES_DATA.has(verb)) this.#closeData();
  }

  #closeData(): void {
    this.listener?.close();
    this.listener = undefined;
  }

  #onSilence(): void {
    // A command that takes long has its own limits.
    if (this.login === 'logged-in' && this.#running !== undefined) {
      this.#timer.restart(this.server.limits.idleTime);
      return;
    }
    this.drop(reply(421, this.login === 'logged-in' ? 'Idle for too long' : 'Login took too long'));
  }

  /** Lets go of everything, once. */
  #end(): void {
    if (this.ending.aborted) return;
    const reason = new PosternError('cancelled', 'The control connection ended');
    this.#ending.abort(reason);
    this.#transfer?.abort(reason);
    this.#timer.stop();
    this.#queue.length = 0;
    this.#closeData();
    this.view?.revoked.removeEventListener('abort', this.#onRevoked);
    this.view?.ended();
  }
}
