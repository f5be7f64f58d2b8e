import { type Clock, type Duration, throwIfCancelled } from '@postern/core';
import type { BulkSession } from '@postern/software-update';
import { bulkError } from '../../common/bulk-errors.ts';
import type { BulkClientLimits } from '../../common/client-limits.ts';
import { guarded } from '../../common/guarded.ts';
import { fileError, statusOf } from './sftp-errors.ts';
import type { SftpRequests } from './sftp-requests.ts';
import { SftpUpload } from './sftp-upload.ts';
import type { SshConnection } from './ssh-connection.ts';

/** Bytes asked for at a time. */
const READ_LENGTH = 16 * 1_024;

/**
 * A logged-in SFTP session.
 *
 * @spec B3
 */
export class SftpBulkSession implements BulkSession {
  readonly #connection: SshConnection;
  readonly #sftp: SftpRequests;
  readonly #clock: Clock;
  readonly #limits: BulkClientLimits;

  constructor(connection: SshConnection, sftp: SftpRequests, clock: Clock, limits: BulkClientLimits) {
    this.#connection = connection;
    this.#sftp = sftp;
    this.#clock = clock;
    this.#limits = limits;
  }

  get closed(): Promise<void> {
    return this.#connection.closed;
  }

  async retrieve(name: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    try {
      return await this.#exchange(`Retrieving ${name}`, signal, () => this.#readAll(name, limit));
    } catch (error) {
      // As on every kind: after anything but a refusal the session is over.
      if (statusOf(error) === undefined) this.#connection.close();
      throw fileError(error, `Retrieving ${name}`);
    }
  }

  async size(name: string, signal: AbortSignal): Promise<number> {
    try {
      return await this.#exchange(`Asking for the size of ${name}`, signal, () => this.#sftp.size(name));
    } catch (error) {
      const failure = fileError(error, `Asking for the size of ${name}`);
      // None held, or the other side does not tell.
      if (failure.code === 'bulk-file-refused') return 0;
      throw failure;
    }
  }

  async store(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly offset: number; readonly onProgress?: (sentBytes: number) => void },
    signal: AbortSignal,
  ): Promise<void> {
    throwIfCancelled(signal);
    const upload = new SftpUpload(content, {
      connection: this.#connection,
      sftp: this.#sftp,
      clock: this.#clock,
      limits: this.#limits,
      name,
      offset: options.offset,
      onProgress: options.onProgress ?? (() => {}),
      signal,
    });
    await upload.run();
  }

  async close(limit: Duration): Promise<void> {
    await guarded(this.#connection, this.#clock, limit, 'Saying goodbye', undefined, () =>
      this.#connection.leave(),
    ).catch(() => {
      // The connection ends one way or the other; there is nobody to tell.
    });
    this.#connection.close();
  }

  async #readAll(name: string, limit: number): Promise<Uint8Array> {
    const handle = await this.#sftp.openToRead(name);
    const chunks: Uint8Array[] = [];
    let length = 0;
    for (;;) {
      const chunk = await this.#sftp.read(handle, length, READ_LENGTH);
      if (chunk.length === 0) break;
      length += chunk.length;
      if (length > limit) throw bulkError('bulk-too-long', `The file is longer than ${limit} bytes`);
      chunks.push(chunk);
    }
    await this.#sftp.close(handle);
    return Buffer.concat(chunks, length);
  }

  #exchange<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return guarded(this.#connection, this.#clock, this.#limits.replyTime, what, signal, () =>
      this.#connection.answered(work()),
    );
  }
}
