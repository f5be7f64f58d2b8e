import type { Logger } from '@postern/core';
import { serverError } from '../../errors.ts';
import type { NoticeRecord } from './records.ts';

/** `added`: it has just come. `changed`: it was answered, say. */
export interface NoticeEvent {
  readonly type: 'added' | 'changed';
  readonly notice: NoticeRecord;
}

/** What those who wait for notices wait for. */
export const NEW_NOTICES = '*notices';

export type NoticeListener = (event: NoticeEvent) => void;

/** Who watches what comes up from the sites. */
export class LiveNotices {
  readonly #listeners = new Set<NoticeListener>();
  readonly #most: number;
  readonly #logger: Logger;
  readonly #onAdded: () => void;

  constructor(most: number, logger: Logger, onAdded: () => void = () => {}) {
    this.#most = most;
    this.#logger = logger;
    this.#onAdded = onAdded;
  }

  /** Call it after the commit: watchers are told nothing that a crash could take back. */
  publish(event: NoticeEvent): void {
    if (event.type === 'added') this.#onAdded();
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.warn('A watcher could not be told', { error, notice: event.notice.id });
      }
    }
  }

  /**
   * Watches until the returned function is called.
   *
   * @throws PosternError `too-many-watchers`
   */
  subscribe(listener: NoticeListener): () => void {
    if (this.#listeners.size >= this.#most) {
      throw serverError('too-many-watchers', `${this.#most} watchers are connected already`);
    }
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
