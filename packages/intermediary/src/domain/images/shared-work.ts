import { type CancellationCode, PosternError } from '@postern/core';

interface Shared<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  readonly observers: Set<(value: number) => void>;
  waiters: number;
}

/**
 * Lets everybody who wants the same thing at the same time share one piece of work. It is aborted when the last of
 * them has gone.
 */
export class SharedWork<T> {
  readonly #shared = new Map<string, Shared<T>>();

  /**
   * @param onProgress told what the work tells, also when somebody else began it
   * @throws what `work` throws, or `cancelled` when the own signal aborts
   */
  async join(
    key: string,
    onProgress: (value: number) => void,
    signal: AbortSignal,
    work: (tell: (value: number) => void, signal: AbortSignal) => Promise<T>,
  ): Promise<{ readonly result: T; readonly first: boolean }> {
    const known = this.#shared.get(key);
    const shared = known ?? this.#begin(key, work);
    shared.waiters += 1;
    shared.observers.add(onProgress);
    try {
      return { result: await untilAborted(shared.result, signal), first: known === undefined };
    } finally {
      shared.observers.delete(onProgress);
      shared.waiters -= 1;
      if (shared.waiters === 0) {
        if (this.#shared.get(key) === shared) this.#shared.delete(key);
        shared.abort.abort();
      }
    }
  }

  #begin(key: string, work: (tell: (value: number) => void, signal: AbortSignal) => Promise<T>): Shared<T> {
    const abort = new AbortController();
    const observers = new Set<(value: number) => void>();
    const tell = (value: number): void => {
      for (const observer of observers) observer(value);
    };
    const result = work(tell, abort.signal);
    // Nobody may be there any more to see it fail.
    result.catch(() => {});
    const shared: Shared<T> = { result, abort, observers, waiters: 0 };
    this.#shared.set(key, shared);
    return shared;
  }
}

const untilAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = (): void =>
      reject(new PosternError<CancellationCode>('cancelled', 'The wait was cancelled'));
    if (signal.aborted) {
      leave();
      return;
    }
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
