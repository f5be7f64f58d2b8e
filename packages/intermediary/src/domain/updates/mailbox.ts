import { type CancellationCode, PosternError } from '@postern/core';
import type { UpdateMailbox } from '@postern/software-update';

/** The mailbox of one running update: what start notifications, operators and the server have to say to it. */
export class JobMailbox implements UpdateMailbox {
  readonly #cancellation = new AbortController();
  readonly #acknowledgement = new AbortController();
  #program: string | undefined;
  #onStart: (() => void) | undefined;

  get cancelled(): AbortSignal {
    return this.#cancellation.signal;
  }

  cancel(): void {
    this.#cancellation.abort();
  }

  /** The server has acknowledged the result. */
  acknowledge(): void {
    this.#acknowledgement.abort();
  }

  /** The device has notified its start. */
  deliverStart(program: string): void {
    this.#program = program;
    this.#onStart?.();
  }

  forgetStarts(): void {
    this.#program = undefined;
  }

  nextStart(signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve) => {
      const take = (): void => {
        signal.removeEventListener('abort', take);
        this.#onStart = undefined;
        if (signal.aborted) {
          resolve(undefined);
          return;
        }
        const program = this.#program;
        this.#program = undefined;
        resolve(program);
      };
      if (this.#program !== undefined || signal.aborted) {
        take();
        return;
      }
      this.#onStart = take;
      signal.addEventListener('abort', take, { once: true });
    });
  }

  acknowledged(signal: AbortSignal): Promise<void> {
    const known = this.#acknowledgement.signal;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        known.removeEventListener('abort', settle);
        signal.removeEventListener('abort', settle);
        if (known.aborted) resolve();
        else
          reject(
            new PosternError<CancellationCode>('cancelled', 'The wait for the acknowledgement was cancelled'),
          );
      };
      if (known.aborted || signal.aborted) {
        settle();
        return;
      }
      known.addEventListener('abort', settle, { once: true });
      signal.addEventListener('abort', settle, { once: true });
    });
  }
}
