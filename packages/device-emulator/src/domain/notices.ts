import type { Instant } from '@postern/core';

/** A supply has fallen under a threshold. */
export interface SupplyNotice {
  readonly kind: 'supply';
  readonly noticeId: string;
  readonly at: Instant;
  readonly supply: string;
  /** Whole percent. */
  readonly remainingPercent: number;
}

/** Something is out of order. */
export interface AbnormalityNotice {
  readonly kind: 'abnormality';
  readonly noticeId: string;
  readonly at: Instant;
  readonly code: string;
  /** For people. */
  readonly text: string;
}

/** What a notice is about, before it has an identifier. */
export type NoticeSubject =
  | Omit<SupplyNotice, 'noticeId' | 'at'>
  | Omit<AbnormalityNotice, 'noticeId' | 'at'>;

/** What the device tells by itself, and repeats until the intermediary has answered. */
export type Notice = SupplyNotice | AbnormalityNotice;

/** Notices that wait; beyond it the oldest is forgotten. */
export const MOST_NOTICES = 16;

/** The queue with a further notice. It takes the place of one that waits about the same thing: only the newest matters. */
export const withNotice = (waiting: readonly Notice[], notice: Notice): readonly Notice[] =>
  [...waiting.filter((other) => subjectOf(other) !== subjectOf(notice)), notice].slice(-MOST_NOTICES);

/** The queue without the one that was answered. */
export const withoutNotice = (waiting: readonly Notice[], noticeId: string): readonly Notice[] =>
  waiting.filter((notice) => notice.noticeId !== noticeId);

const subjectOf = (notice: Notice): string =>
  notice.kind === 'supply' ? `supply ${notice.supply}` : `abnormality ${notice.code}`;
