import type { uplink } from '@postern/contracts';
import type { Logger } from '@postern/core';
import { serverError } from '../errors.ts';
import type { JournalRecord, UpdateRecord } from './records.ts';

/** What a watcher of an update is told. */
export type LiveEvent =
  | { readonly type: 'step'; readonly updateId: string; readonly step: JournalRecord }
  | { readonly type: 'progress'; readonly updateId: string; readonly progress: uplink.Progress }
  | { readonly type: 'finished'; readonly updateId: string; readonly update: UpdateRecord };

export type LiveListener = (event: LiveEvent) => void;

/** How far updates are at this moment, in memory only: the last progress of each open update, and who watches. */
export class LiveUpdates {
  readonly #progress = new Map<string, uplink.Progress>();
  readonly #listeners = new Map<string, Set<LiveListener>>();
  readonly #mostListeners: number;
  readonly #logger: Logger;
  readonly #onFinished: (updateId: string) => void;
  #listening = 0;

  constructor(mostListeners: number, logger: Logger, onFinished: (updateId: string) => void = () => {}) {
    this.#onFinished = onFinished;
    this.#mostListeners = mostListeners;
    this.#logger = logger;
  }

  progress(updateId: string): uplink.Progress | undefined {
    return this.#progress.get(updateId);
  }

  /** Call it after the commit: watchers are told nothing that a crash could take back. */
  publish(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'progress') this.#progress.set(event.updateId, event.progress);
      if (event.type === 'finished') this.#progress.delete(event.updateId);
      if (event.type === 'finished') this.#onFinished(event.updateId);
      for (const listener of this.#listeners.get(event.updateId) ?? []) this.#tell(listener, event);
    }
  }

  /**
   * Watches one update until the returned function is called.
   *
   * @throws PosternError `too-many-watchers`
   */
  subscribe(updateId: string, listener: LiveListener): () => void {
    if (this.#listening >= this.#mostListeners) {
      throw serverError('too-many-watchers', `${this.#mostListeners} watchers are connected already`);
    }
    const listeners = this.#listeners.get(updateId) ?? new Set();
    this.#listeners.set(updateId, listeners.add(listener));
    this.#listening += 1;
    return () => {
      if (!listeners.delete(listener)) return;
      this.#listening -= 1;
      if (listeners.size === 0) this.#listeners.delete(updateId);
    };
  }

  #tell(listener: LiveListener, event: LiveEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#logger.warn('A watcher could not be told', { error, update: event.updateId });
    }
  }
}
