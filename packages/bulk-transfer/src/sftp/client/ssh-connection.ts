import { Socket } from 'node:net';
import type { BulkEndpoint } from '@postern/software-update';
import type { SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { isExpected } from '../../common/fingerprint.ts';
import { ALGORITHMS } from '../algorithms.ts';
import { OutgoingBatch } from '../outgoing-batch.ts';

/** Why a connection did not come about. */
export type SshFailure = 'host-unproved' | 'login-refused' | 'lost';

/** Who comes, and what he shows for it. */
export type SshLogin =
  | { readonly userName: string; readonly password: string }
  /** In OpenSSH's format, unencrypted. */
  | { readonly userName: string; readonly privateKey: string };

/**
 * One SSH connection of ssh2-sftp-client, over a socket of our own: that library's timers are off, and closing it is
 * ours alone.
 */
export class SshConnection {
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  /** Resolves when the other end has proved its key; the login begins after that. */
  readonly proved: Promise<void>;
  /** The channel that serves files, as soon as the login is done. */
  readonly opened: Promise<SFTPWrapper>;
  /** For what is written many times in a row. */
  readonly writes: OutgoingBatch;
  readonly #socket = new Socket();
  readonly #client = new SftpClient('postern', SILENT);
  readonly #lost: Promise<never>;
  #failure: SshFailure = 'lost';

  constructor({ host, port }: BulkEndpoint, { userName, ...proof }: SshLogin, expected: string) {
    this.writes = new OutgoingBatch(this.#socket);
    this.closed = new Promise((resolve) => this.#socket.once('close', () => resolve()));
    this.#lost = this.closed.then(() => {
      throw new Error('The connection was closed');
    });
    this.#lost.catch(() => {});
    this.proved = new Promise((resolve) => this.#client.on('handshake', () => resolve()));
    this.#client.on('error', (error: { readonly level?: unknown }) => {
      if (error.level === 'client-authentication') this.#failure = 'login-refused';
    });
    // ssh2 bounds one line of what may stand before the version, and not their number.
    const watchGreeting = (): void => {
      if (this.#socket.bytesRead > MOST_BEFORE_PROOF) this.close();
    };
    // With the first listener, which must be ssh2's, the socket would begin to flow.
    this.#socket.once('resume', () => this.#socket.on('data', watchGreeting));
    void this.proved.then(() => this.#socket.off('data', watchGreeting));
    this.#socket.setNoDelay(true).connect({ host, port });
    this.opened = this.#client.connect({
      sock: this.#socket,
      username: userName,
      ...proof,
      authHandler: ['password' in proof ? 'password' : 'publickey'],
      hostVerifier: (key: Buffer) => {
        const proved = isExpected(key, expected);
        if (!proved) this.#failure = 'host-unproved';
        return proved;
      },
      algorithms: ALGORITHMS,
      readyTimeout: 0,
      keepaliveInterval: 0,
    });
    this.opened.catch(() => {});
  }

  /**
   * Waits for an answer, no longer than the connection lasts: a request on a closed channel is never answered.
   *
   * @throws Error that bears no status
   */
  answered<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#lost]);
  }

  /** Why {@link opened} rejected, or the connection ended before. */
  get failure(): SshFailure {
    return this.#failure;
  }

  /** Says goodbye; resolves when the connection has ended. */
  async leave(): Promise<void> {
    await this.#client.end();
    await this.closed;
  }

  /** Ends the connection at once. */
  close(): void {
    this.#socket.destroy();
  }
}

/** Bytes that the other side may send before it has proved its key: greeting, version and key exchange. */
const MOST_BEFORE_PROOF = 64 * 1_024;

/** ssh2-sftp-client writes to the console otherwise. */
const SILENT = { error: () => {}, end: () => {}, close: () => {} };
