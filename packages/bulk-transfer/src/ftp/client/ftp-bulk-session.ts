import { type Clock, type Duration, throwIfCancelled } from '@postern/core';
import type { BulkSession } from '@postern/software-update';
import type { Client } from 'basic-ftp';
import type { BulkClientLimits } from '../../common/client-limits.ts';
import { guarded } from '../../common/guarded.ts';
import { BoundedSink } from './bounded-sink.ts';
import type { DataConnections } from './data-connection.ts';
import { fileError, refusalCode } from './ftp-errors.ts';
import { Upload } from './upload.ts';

/**
 * A logged-in FTP session.
 *
 * @spec B1
 */
export class FtpBulkSession implements BulkSession {
  readonly closed: Promise<void>;
  readonly #client: Client;
  readonly #connections: DataConnections;
  readonly #clock: Clock;
  readonly #limits: BulkClientLimits;

  constructor(
    client: Client,
    connections: DataConnections,
    closed: Promise<void>,
    clock: Clock,
    limits: BulkClientLimits,
  ) {
    this.#client = client;
    this.closed = closed;
    this.#clock = clock;
    this.#limits = limits;
    this.#connections = connections;
  }

  async retrieve(name: string, limit: number, signal: AbortSignal): Promise<Uint8Array> {
    const sink = new BoundedSink(limit);
    try {
      await this.#exchange(`Retrieving ${name}`, signal, () => this.#client.downloadTo(sink, name));
      return sink.content();
    } catch (error) {
      // Broken off by us, or broken: a late reply of this transfer must not answer the next command.
      if (refusalCode(error) === undefined) this.#client.close();
      throw fileError(error, `Retrieving ${name}`);
    } finally {
      sink.destroy();
    }
  }

  async size(name: string, signal: AbortSignal): Promise<number> {
    try {
      const answer = await this.#exchange(`Asking for the size of ${name}`, signal, () =>
        this.#client.send(`SIZE ${name}`),
      );
      return Number(/^213 (\d{1,15})(?!\d)/.exec(answer.message)?.[1] ?? 0);
    } catch (error) {
      // 550: none held; 5xx in general: the other side does not tell.
      if ((refusalCode(error) ?? 0) >= 500) return 0;
      throw fileError(error, `Asking for the size of ${name}`);
    }
  }

  async store(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: { readonly offset: number; readonly onProgress?: (sentBytes: number) => void },
    signal: AbortSignal,
  ): Promise<void> {
    throwIfCancelled(signal);
    const upload = new Upload(content, {
      client: this.#client,
      connections: this.#connections,
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
    if (!this.#client.closed) {
      try {
        await guarded(this.#client, this.#clock, limit, 'Saying goodbye', undefined, () =>
          this.#client.send('QUIT'),
        );
      } catch {
        // The connection ends one way or the other; there is nobody to tell.
      }
    }
    this.#client.close();
  }

  #exchange<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return guarded(this.#client, this.#clock, this.#limits.replyTime, what, signal, work);
  }
}
