import { Readable } from 'node:stream';
import { type Clock, throwIfCancelled } from '@postern/core';
import type { Client } from 'basic-ftp';
import type { BulkClientLimits } from '../../common/client-limits.ts';
import { guarded } from '../../common/guarded.ts';
import { UploadWatch } from '../../common/upload-watch.ts';
import type { DataConnections } from './data-connection.ts';
import { fileError, refusalCode } from './ftp-errors.ts';

export interface UploadOptions {
  readonly client: Client;
  readonly connections: DataConnections;
  readonly clock: Clock;
  readonly limits: BulkClientLimits;
  readonly name: string;
  readonly offset: number;
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
}

/** Bytes handed to the socket at a time: small enough that progress shows, large enough to be cheap. */
const PIECE = 64 * 1_024;

/** Replies that mean "no such command here" (RFC 959 section 4.2.1). */
const NOT_IMPLEMENTED: readonly number[] = [500, 502, 504];

/**
 * One upload. Never holds more of the content than one chunk of the source and the socket's own buffer.
 * Whatever goes wrong, the source is ended and no reply is left unread on an open connection.
 */
export class Upload {
  readonly #options: UploadOptions;
  readonly #source: Readable;
  readonly #watch: UploadWatch;
  #taken = 0;

  constructor(content: AsyncIterable<Uint8Array>, options: UploadOptions) {
    const { clock, limits, signal, client } = options;
    this.#options = options;
    this.#source = Readable.from(this.#pieces(content), { objectMode: false, highWaterMark: PIECE });
    // Its errors are told by the watch; one that comes after the transfer has failed anyway must not be fatal.
    this.#source.on('error', () => {});
    this.#watch = new UploadWatch({ clock, limits, signal, breakOff: () => client.close() });
  }

  /** @throws PosternError `bulk-file-refused`, `bulk-connection-lost`, `bulk-timeout`, `cancelled`, or what the source threw */
  async run(): Promise<void> {
    const { signal, onProgress, name } = this.#options;
    throwIfCancelled(signal);
    try {
      await this.#watch.during(() => this.#send());
      onProgress(this.#taken);
    } catch (error) {
      throw this.#watch.failure ?? fileError(error, `Upload of ${name}`);
    } finally {
      // basic-ftp leaves the source open when the other side refuses.
      this.#source.destroy();
    }
  }

  async #send(): Promise<void> {
    const { client, connections, name, offset } = this.#options;
    if (offset === 0) return this.#transfer(() => client.uploadFrom(this.#source, name));
    try {
      await this.#transfer(() => client.appendFrom(this.#source, name));
    } catch (error) {
      const code = refusalCode(error);
      if (code === undefined || !NOT_IMPLEMENTED.includes(code) || this.#taken > 0) throw error;
      connections.restartAt(offset);
      await this.#transfer(() => client.uploadFrom(this.#source, name));
    }
  }

  /** A transfer whose data connection broke is explained by the reply that follows, if one does. */
  async #transfer(work: () => Promise<unknown>): Promise<void> {
    const { client, clock, connections, limits, signal } = this.#options;
    try {
      await work();
    } catch (error) {
      const explained = refusalCode(error) !== undefined || this.#watch.failure !== undefined;
      if (explained || client.closed || !connections.ready) throw error;
      try {
        await guarded(client, clock, limits.replyTime, 'The reply to a broken transfer', signal, () =>
          client.ftp.handle(undefined, (answer, task) => {
            if (answer instanceof Error) task.reject(answer);
            else task.resolve(answer);
          }),
        );
      } catch (explanation) {
        throw refusalCode(explanation) === undefined ? error : explanation;
      }
      throw error;
    }
  }

  async *#pieces(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { connections, onProgress } = this.#options;
    const iterator = content[Symbol.asyncIterator]();
    let reported = 0;
    try {
      for (;;) {
        const next = await this.#watch.next(iterator);
        if (next.done) break;
        for (let start = 0; start < next.value.length; start += PIECE) {
          const piece = next.value.subarray(start, start + PIECE);
          this.#taken += piece.length;
          yield piece;
          this.#watch.moved(piece.length);
          const sent = connections.bytesSent;
          if (sent > reported) onProgress(sent);
          reported = Math.max(reported, sent);
        }
      }
      // Ended in the breath in which the TLS handshake is done, a connection would lose its last handshake message.
      if (this.#taken === 0) await new Promise((resolve) => setImmediate(resolve));
      // The source may come to its end after the upload was broken off.
      if (this.#source.destroyed) return;
      this.#watch.awaitConfirmation();
    } finally {
      // Not waited for: a source that hangs would hang its own end as well.
      Promise.resolve(iterator.return?.()).catch(() => {});
    }
  }
}
