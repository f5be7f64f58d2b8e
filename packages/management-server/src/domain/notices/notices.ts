import {
  type Clock,
  type Duration,
  errorMessage,
  Instant,
  type Logger,
  Minutes,
  type Timer,
} from '@postern/core';
import { serverError } from '../../errors.ts';
import type { Stores } from '../ports.ts';
import { type WaitingSites, waitingOf } from '../waiting-sites.ts';
import type { LiveNotices } from './live-notices.ts';
import { type NoticeEvent, nextNoticeState } from './notice-state.ts';
import type { NoticeAnswer, NoticeRecord } from './records.ts';

export interface NoticesParts {
  readonly stores: Stores;
  readonly live: LiveNotices;
  readonly waiting: WaitingSites;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a call waits for an operator. */
  readonly openFor: Duration;
  /** How long an answer waits for its site. */
  readonly keepAnswers: Duration;
}

const EXPIRE_EVERY = Minutes(5);

/** Calls and notices as operators deal with them. */
export class Notices {
  readonly #parts: NoticesParts;
  #timer: Timer | undefined;

  constructor(parts: NoticesParts) {
    this.#parts = parts;
    this.#expireAndArm();
  }

  /** @throws PosternError `notice-unknown` */
  find(id: string): NoticeRecord {
    const notice = this.#parts.stores.notices.findById(id);
    if (notice === undefined) throw serverError('notice-unknown', `There is no notice ${id}`);
    return notice;
  }

  /**
   * Answers a call that waits for an operator: durable when it returns, and on its way if the poll of its intermediary is
   * held. The same answer once more changes nothing.
   *
   * @throws PosternError `notice-unknown`, `call-not-open`
   * @spec R4 R6
   */
  answer(id: string, { outcome, text }: NoticeAnswer): NoticeRecord {
    const { stores, clock, logger } = this.#parts;
    this.expireDue();
    const notice = this.find(id);
    const same = notice.answer?.outcome === outcome && notice.answer.text === text;
    if (same && notice.state !== 'undelivered') return notice;
    const answered = { ...notice, answer: { outcome, text }, answeredAt: clock.now() };
    const changed = stores.transaction(() => this.#change(answered, 'operator-answered'));
    if (changed === undefined) {
      throw serverError('call-not-open', `${id} is no call that waits for an answer: it is ${notice.state}`);
    }
    logger.info('call answered', { notice: id, device: notice.deviceId, outcome });
    this.#tell([changed]);
    return changed;
  }

  /** Ends what is overdue at this moment. */
  expireDue(): void {
    const { stores, clock, openFor, keepAnswers } = this.#parts;
    const now = clock.now();
    const before = { openBefore: Instant(now - openFor), answeredBefore: Instant(now - keepAnswers) };
    const overdue = stores.notices.overdue(before);
    if (overdue.length === 0) return;
    this.#tell(stores.transaction(() => overdue.flatMap((notice) => this.#change(notice, 'overdue') ?? [])));
  }

  close(): void {
    this.#timer?.cancel();
  }

  #change(notice: NoticeRecord, event: NoticeEvent): NoticeRecord | undefined {
    const state = nextNoticeState(notice.state, event);
    if (state === undefined) return undefined;
    const changed = { ...notice, state };
    this.#parts.stores.notices.save(changed);
    return changed;
  }

  #tell(changed: readonly NoticeRecord[]): void {
    const { stores, live, waiting } = this.#parts;
    for (const name of new Set(changed.map(({ intermediary }) => intermediary))) {
      waiting.set(name, waitingOf(stores, name));
    }
    for (const notice of changed) live.publish({ type: 'changed', notice });
  }

  #expireAndArm(): void {
    const { clock, logger } = this.#parts;
    try {
      this.expireDue();
    } catch (error) {
      logger.error('Overdue calls could not be ended', { error: errorMessage(error) });
    }
    this.#timer = clock.schedule(EXPIRE_EVERY, () => this.#expireAndArm(), { background: true });
  }
}
