import { type Clock, type Timer, throwIfCancelled } from '@postern/core';
import { bulkError } from './bulk-errors.ts';
import type { BulkClientLimits } from './client-limits.ts';
import { TransferWatch } from './transfer-watch.ts';

export interface UploadWatchOptions {
  readonly clock: Clock;
  readonly limits: BulkClientLimits;
  readonly signal: AbortSignal;
  /** Ends the session: what is on its way could not be told from what comes next. */
  readonly breakOff: () => void;
}

/**
 * What may end an upload of a client before its time, on every kind of bulk path: a side that stalls, a confirmation
 * that does not come, the caller's cancellation, a source that fails. The first of them is the upload's failure.
 */
export class UploadWatch {
  readonly #options: UploadWatchOptions;
  readonly #transfer: TransferWatch;
  readonly #stopped: Promise<never>;
  #stop: (error: unknown) => void = () => {};
  #completion: Timer | undefined;
  #failure: unknown;

  constructor(options: UploadWatchOptions) {
    this.#options = options;
    this.#stopped = new Promise((_, reject) => {
      this.#stop = reject;
    });
    this.#stopped.catch(() => {});
    this.#transfer = new TransferWatch({
      clock: options.clock,
      interval: options.limits.stallTime,
      leastBytes: 1,
      localPatience: options.limits.sourceTime,
      onStall: (side) => this.#breakOff(bulkError('bulk-timeout', STALLS[side])),
    });
  }

  /** Why the upload was broken off, if it was. */
  get failure(): unknown {
    return this.#failure;
  }

  /** The upload failed for a reason of its own; one that came before stays. @returns the failure */
  fail(error: unknown): unknown {
    this.#failure ??= error;
    return this.#failure;
  }

  /** Lets the upload run until it ends or is broken off, then lets go of everything. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this.#options;
    const onAbort = (): void => {
      try {
        throwIfCancelled(signal);
      } catch (error) {
        this.#breakOff(error);
      }
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work(), this.#stopped]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#transfer.stop();
      this.#completion?.cancel();
    }
  }

  /** Bytes have gone to the other side. */
  moved(bytes: number): void {
    this.#transfer.moved(bytes);
  }

  /** The next piece of the source; one that fails or hangs breaks the upload off. */
  async next(source: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#transfer.waitLocally(() => source.next());
    } catch (error) {
      this.#breakOff(error);
      throw error;
    }
  }

  /** Nothing moves from now on. */
  pause(): void {
    this.#transfer.stop();
  }

  /** Everything is sent; the other side has so long to confirm it. */
  awaitConfirmation(): void {
    const { clock, limits } = this.#options;
    this.#transfer.stop();
    this.#completion = clock.schedule(limits.completionTime, () =>
      this.#breakOff(bulkError('bulk-timeout', 'The other side did not confirm the upload in time')),
    );
  }

  #breakOff(error: unknown): void {
    this.#failure ??= error;
    this.#stop(error);
    this.#options.breakOff();
  }
}

const STALLS = {
  peer: 'The other side takes no more bytes',
  local: 'The local source gives no more bytes',
} as const;
