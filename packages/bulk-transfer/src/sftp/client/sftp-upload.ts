import { type Clock, type PosternError, type Timer, throwIfCancelled } from '@postern/core';
import { bulkError } from '../../common/bulk-errors.ts';
import type { BulkClientLimits } from '../../common/client-limits.ts';
import { guarded } from '../../common/guarded.ts';
import { TransferWatch } from '../../common/transfer-watch.ts';
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
  readonly #watch: TransferWatch;
  readonly #stopped: Promise<never>;
  #stop: (error: unknown) => void = () => {};
  #completion: Timer | undefined;
  #taken = 0;
  #failure: unknown;

  constructor(content: AsyncIterable<Uint8Array>, options: SftpUploadOptions) {
    this.#options = options;
    this.#iterator = content[Symbol.asyncIterator]();
    this.#stopped = new Promise((_, reject) => {
      this.#stop = reject;
    });
    this.#stopped.catch(() => {});
    this.#watch = new TransferWatch({
      clock: options.clock,
      interval: options.limits.stallTime,
      leastBytes: 1,
      localPatience: options.limits.sourceTime,
      onStall: (side) => this.#breakOff(stallError(side)),
    });
  }

  /** @throws PosternError `bulk-file-refused`, `bulk-connection-lost`, `bulk-timeout`, `cancelled`, or what the source threw */
  async run(): Promise<void> {
    const { signal, name } = this.#options;
    const onAbort = (): void => {
      try {
        throwIfCancelled(signal);
      } catch (error) {
        this.#breakOff(error);
      }
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      throwIfCancelled(signal);
      await this.#options.connection.answered(Promise.race([this.#send(), this.#stopped]));
    } catch (error) {
      // Also tells a source that gives its next piece only now that nobody waits for it.
      this.#failure ??= fileError(error, `Upload of ${name}`);
      throw this.#failure;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#watch.stop();
      this.#completion?.cancel();
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
      if (this.#failure === undefined) await this.#closeAfterRefusal(handle);
      throw error;
    }
    await sftp.close(handle);
  }

  async #sendAll(handle: Buffer): Promise<void> {
    const { clock, limits, offset, onProgress, sftp } = this.#options;
    const window = new WriteWindow(sftp, handle, offset, (bytes) => {
      this.#taken += bytes;
      this.#watch.moved(bytes);
      onProgress(this.#taken);
    });
    for (let next = await this.#next(); !next.done; next = await this.#next()) {
      for (let start = 0; start < next.value.length; start += PIECE) {
        await window.send(next.value.subarray(start, start + PIECE));
      }
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.#watch.stop();
    this.#completion = clock.schedule(limits.completionTime, () =>
      this.#breakOff(bulkError('bulk-timeout', 'The other side did not confirm the upload in time')),
    );
    await window.drained();
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#watch.waitLocally(() => this.#iterator.next());
    } catch (error) {
      this.#breakOff(error);
      throw error;
    }
  }

  async #closeAfterRefusal(handle: Buffer): Promise<void> {
    const { connection, clock, limits, name, sftp, signal } = this.#options;
    this.#watch.stop();
    await guarded(connection, clock, limits.replyTime, `Closing ${name}`, signal, () =>
      connection.answered(sftp.close(handle)),
    ).catch(() => {});
  }

  /** Ends the transfer and the session: what is on its way could not be told from what comes next. */
  #breakOff(error: unknown): void {
    this.#failure ??= error;
    this.#stop(error);
    this.#options.connection.close();
  }
}

const stallError = (side: 'peer' | 'local'): PosternError =>
  side === 'peer'
    ? bulkError('bulk-timeout', 'The other side takes no more bytes')
    : bulkError('bulk-timeout', 'The local source gives no more bytes');
