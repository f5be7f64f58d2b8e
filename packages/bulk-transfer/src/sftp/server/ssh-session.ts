import type { Socket } from 'node:net';
import { errorCode, PosternError } from '@postern/core';
import type { BulkServiceSession } from '@postern/software-update';
import ssh2, { type AuthContext, type Connection, type SFTPWrapper } from 'ssh2';
import { plainAddress } from '../../common/addresses.ts';
import type { BulkServerOptions, ServedConnection } from '../../common/bulk-server.ts';
import { hangUp } from '../../common/hang-up.ts';
import { InactivityTimer } from '../../common/inactivity-timer.ts';
import { REPLY_BACKLOG_BYTES } from '../../common/server-limits.ts';
import type { ServiceScope } from '../../common/service-calls.ts';
import { ALGORITHMS } from '../algorithms.ts';
import { OutgoingBatch } from '../outgoing-batch.ts';
import type { SftpLimits } from './limits.ts';
import { RequestQueue } from './request-queue.ts';
import { heldAnswers, serveSftp } from './serve-sftp.ts';
import { SftpFiles } from './sftp-files.ts';
import type { SshDoor } from './ssh-door.ts';
import { SshLogin } from './ssh-login.ts';

/** What every connection of one server shares. */
export interface SftpServerScope extends Pick<BulkServerOptions, 'clock' | 'logger'> {
  readonly door: SshDoor;
  readonly limits: SftpLimits;
  readonly hostKey: string;
}

/** ssh2 knows no "off" for its own keep-alive timer; this is the longest it takes (25 days). */
const NEVER = 2 ** 31 - 1;

/**
 * One SSH connection: a login through the server's door, then one channel with the subsystem `sftp`, and nothing else: ssh2
 * refuses what has no listener here (shell, exec, forwarding, agents).
 *
 * @spec B3
 */
export class SshSession implements ServedConnection {
  readonly done: Promise<void>;
  readonly #socket: Socket;
  readonly #scope: SftpServerScope;
  readonly #queue: RequestQueue;
  readonly #ending = new AbortController();
  readonly #timer: InactivityTimer;
  readonly #answers: OutgoingBatch;
  #client: Connection | undefined;
  #view: BulkServiceSession | undefined;
  #files: SftpFiles | undefined;
  readonly #onRevoked = (): void => this.#drop('the credential has ended');

  constructor(socket: Socket, scope: SftpServerScope) {
    this.#socket = socket;
    this.#scope = scope;
    const { clock, limits, logger, hostKey } = scope;
    this.#queue = new RequestQueue(socket, limits.queuedRequests, limits.queuedBytes);
    this.#answers = new OutgoingBatch(socket);
    this.#timer = new InactivityTimer(clock, limits.loginTime, () => this.#onSilence());
    this.done = new Promise((resolve) => {
      socket.once('close', () => resolve(this.#letGo()));
    });
    socket.on('error', (error) => {
      logger.debug('SSH connection broke', { code: errorCode(error, 'internal') });
    });
    // One for each connection, so that a connection's events are known to be its own.
    const ssh = new ssh2.Server({
      hostKeys: [hostKey],
      algorithms: ALGORITHMS,
      ident: 'Postern',
      keepaliveInterval: NEVER,
    });
    ssh.on('connection', (client) => this.#serve(client)).injectSocket(socket);
    // A client that makes us answer and reads nothing, whatever part of the protocol it uses.
    socket.on('data', () => this.#checkBacklog());
  }

  destroy(): void {
    this.#end();
    this.#socket.destroy();
  }

  #serve(client: Connection): void {
    const { limits, logger, door } = this.#scope;
    this.#client = client;
    client.on('error', (error) => {
      logger.debug('SSH connection failed', { code: errorCode(error, 'internal') });
    });
    const login = new SshLogin({
      ...this.#serviceScope(),
      door,
      limits,
      peer: plainAddress(this.#socket.remoteAddress),
      enter: (view) => this.#enter(view),
      drop: (why) => this.#drop(why),
    });
    client.on('authentication', (context: AuthContext) => void login.decide(context));
    client.on('session', (accept, reject) => {
      if (this.#files !== undefined || this.#view === undefined) {
        reject();
        return;
      }
      const session = accept();
      session.on('sftp', (acceptSftp, rejectSftp) => {
        if (this.#files === undefined) this.#open(acceptSftp());
        else rejectSftp();
      });
    });
  }

  #enter(view: BulkServiceSession): void {
    this.#view = view;
    this.#timer.restart(this.#scope.limits.idleTime);
    if (view.revoked.aborted) this.#onRevoked();
    else view.revoked.addEventListener('abort', this.#onRevoked, { once: true });
  }

  #open(sftp: SFTPWrapper): void {
    const view = this.#view;
    if (view === undefined) return;
    const { limits, logger } = this.#scope;
    const files = new SftpFiles({
      ...this.#serviceScope(),
      limits,
      view,
      onStall: () => this.#drop('the transfer is too slow'),
    });
    this.#files = files;
    sftp.on('error', (error: unknown) => {
      logger.debug('SFTP channel failed', { code: errorCode(error, 'internal') });
    });
    serveSftp(sftp, files, this.#answers, (bytes, work) => {
      if (this.#ending.signal.aborted) return;
      this.#queue.push(bytes, async () => {
        await work();
        this.#timer.touch();
        if (heldAnswers(sftp) > limits.heldAnswers) this.#drop('it takes no answers');
      });
    });
  }

  #serviceScope(): ServiceScope {
    const { clock, limits, logger } = this.#scope;
    return { clock, logger, serviceTime: limits.serviceTime, ending: this.#ending.signal };
  }

  #checkBacklog(): void {
    if (this.#socket.writableLength > REPLY_BACKLOG_BYTES) this.#answers.flush();
    if (this.#socket.writableLength > REPLY_BACKLOG_BYTES) this.#drop('it reads no answers');
  }

  #onSilence(): void {
    // A request that takes long has its own limits.
    if (this.#view !== undefined && this.#queue.running !== undefined) {
      this.#timer.restart(this.#scope.limits.idleTime);
      return;
    }
    this.#drop(this.#view === undefined ? 'login took too long' : 'it was idle for too long');
  }

  #drop(why: string): void {
    if (this.#ending.signal.aborted) return;
    this.#scope.logger.debug('SSH connection dropped', { why });
    this.#end();
    this.#client?.end();
    hangUp(this.#socket, this.#scope.clock);
  }

  #end(): void {
    if (this.#ending.signal.aborted) return;
    this.#ending.abort(new PosternError('cancelled', 'The connection ended'));
    this.#timer.stop();
    this.#queue.clear();
    this.#view?.revoked.removeEventListener('abort', this.#onRevoked);
    this.#view?.ended();
  }

  async #letGo(): Promise<void> {
    this.#end();
    await this.#queue.running;
    await this.#files?.end();
  }
}
