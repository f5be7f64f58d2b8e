import { type Clock, throwIfCancelled } from '@postern/core';
import type { BulkClientLimits } from '../../common/client-limits.ts';
import { guarded } from '../../common/guarded.ts';
import { UploadWatch } from '../../common/upload-watch.ts';
import { fileError } from './sftp-errors.ts';
import type { SftpRequests } from './sftp-requests.ts';
import type { SshConnection } from './ssh-connection.ts';
import { PIECE, WriteWindow } from './write-window.ts';

export interface SftpUploadOptions {
  readonly connection: SshConnection;
  readonly sftp: SftpRequests;
  readonly clock: Clock;
  readonly limits: BulkClientLimits;
  readonly name: string;
  readonly offset: number;
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * One upload. Never holds more of the content than one chunk of the source and the window of writes on their way. The
 * other side decides when the file is closed. Whatever goes wrong, the source is ended.
 */
export class SftpUpload {
  readonly #options: SftpUploadOptions;
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #watch: UploadWatch;
  #taken = 0;

  constructor(content: AsyncIterable<Uint8Array>, options: SftpUploadOptions) {
    const { clock, limits, signal, connection } = options;
    this.#options = options;
    this.#iterator = content[Symbol.asyncIterator]();
    this.#watch = new UploadWatch({ clock, limits, signal, breakOff: () => connection.close() });
  }

  /** @throws PosternError `bulk-file-refused`, `bulk-connection-lost`, `bulk-timeout`, `cancelled`, or what the source threw */
  async run(): Promise<void> {
    const { signal, name, connection } = this.#options;
    try {
      throwIfCancelled(signal);
      await connection.answered(this.#watch.during(() => this.#send()));
    } catch (error) {
      // Also tells a source that gives its next piece only now that nobody waits for it.
      throw this.#watch.fail(fileError(error, `Upload of ${name}`));
    } finally {
      // Not waited for: a source that hangs would hang its own end as well.
      Promise.resolve(this.#iterator.return?.()).catch(() => {});
    }
  }

  async #send(): Promise<void> {
    const { connection, clock, limits, name, offset, sftp, signal } = this.#options;
    const handle = await guarded(connection, clock, limits.replyTime, `Opening ${name}`, signal, () =>
      connection.answered(sftp.openToWrite(name, offset === 0)),
    );
    try {
      await this.#sendAll(handle);
    } catch (error) {
      // The session stays usable after a refusal; behind a broken connection there is nothing to close.
      if (this.#watch.failure === undefined) await this.#closeAfterRefusal(handle);
      throw error;
    }
    await sftp.close(handle);
  }

  async #sendAll(handle: Buffer): Promise<void> {
    const { offset, onProgress, sftp } = this.#options;
    const window = new WriteWindow(sftp, handle, offset, (bytes) => {
      this.#taken += bytes;
      this.#watch.moved(bytes);
      onProgress(this.#taken);
    });
    for (
      let next = await this.#watch.next(this.#iterator);
      !next.done;
      next = await this.#watch.next(this.#iterator)
    ) {
      for (let start = 0; start < next.value.length; start += PIECE) {
        await window.send(next.value.subarray(start, start + PIECE));
      }
    }
    if (this.#watch.failure !== undefined) throw this.#watch.failure;
    this.#watch.awaitConfirmation();
    await window.drained();
  }

  async #closeAfterRefusal(handle: Buffer): Promise<void> {
    const { connection, clock, limits, name, sftp, signal } = this.#options;
    this.#watch.pause();
    await guarded(connection, clock, limits.replyTime, `Closing ${name}`, signal, () =>
      connection.answered(sftp.close(handle)),
    ).catch(() => {});
  }
}
