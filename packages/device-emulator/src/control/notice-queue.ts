import { type Clock, type Entropy, errorCode, type Logger, randomId } from '@postern/core';
import type { DeviceMemory, NvRamContent } from '../adapters/flash/nv-ram.ts';
import { type Notice, type NoticeSubject, withNotice, withoutNotice } from '../domain/notices.ts';
import { Waiters } from './waiters.ts';

export interface NoticeContext {
  readonly nvRam: DeviceMemory;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** What waits in NV-RAM until the intermediary has answered. */
export class NoticeQueue {
  readonly #context: NoticeContext;
  readonly #added = new Waiters('a notice');

  constructor(context: NoticeContext) {
    this.#context = context;
  }

  /** The one to send first. */
  get first(): Notice | undefined {
    return this.#context.nvRam.content.notices?.[0];
  }

  /** NV-RAM with further notices, for whoever saves more in the same write, and calls {@link wake} then. */
  with(content: NvRamContent, subjects: readonly NoticeSubject[]): NvRamContent {
    if (subjects.length === 0) return content;
    const { clock, entropy } = this.#context;
    const made = subjects.map(
      (subject): Notice => ({ ...subject, noticeId: randomId(entropy), at: clock.now() }),
    );
    return { ...content, notices: made.reduce(withNotice, content.notices ?? []) };
  }

  /** Raises a notice. One that could not be written is lost; never rejects. */
  async raise(subject: NoticeSubject): Promise<void> {
    const { nvRam, logger } = this.#context;
    try {
      await nvRam.update((content) => this.with(content, [subject]));
      this.wake();
    } catch (error) {
      logger.warn('A notice was not saved', { kind: subject.kind, code: errorCode(error, 'internal-error') });
    }
  }

  /** The notice was answered: it is over. */
  async answered(noticeId: string): Promise<void> {
    await this.#context.nvRam.update((content) => ({
      ...content,
      notices: withoutNotice(content.notices ?? [], noticeId),
    }));
  }

  /** There may be something to send. */
  wake(): void {
    this.#added.wake();
  }

  /** @throws PosternError `cancelled` */
  async waitForOne(signal: AbortSignal): Promise<void> {
    while (this.first === undefined) await this.#added.next(signal);
  }
}
