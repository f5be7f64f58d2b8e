/**
 * What becomes of something that came up of a site's own accord.
 *
 * | state | |
 * |---|---|
 * | `noted` | it needs no answer |
 * | `open` | a call that waits for an operator's answer; the site has a delay notice |
 * | `answered` | a call that was answered at once |
 * | `deferred` | an operator has answered it; the answer goes down until the site has it (R4) |
 * | `delivered` | the site has the answer |
 * | `expired` | nobody answered it in time |
 * | `undelivered` | the site did not fetch the answer in time |
 */
export const NOTICE_STATES = [
  'noted',
  'open',
  'answered',
  'deferred',
  'delivered',
  'expired',
  'undelivered',
] as const;

export type NoticeState = (typeof NOTICE_STATES)[number];

/** What happens to it; `overdue`: its time is over. */
export type NoticeEvent = 'operator-answered' | 'received' | 'overdue';

const NEXT: Readonly<Record<NoticeState, Partial<Readonly<Record<NoticeEvent, NoticeState>>>>> = {
  noted: {},
  open: { 'operator-answered': 'deferred', overdue: 'expired' },
  answered: {},
  deferred: { received: 'delivered', overdue: 'undelivered' },
  delivered: {},
  expired: {},
  undelivered: {},
};

/**
 * What it becomes; undefined when the event changes nothing.
 *
 * @spec R4
 */
export const nextNoticeState = (state: NoticeState, event: NoticeEvent): NoticeState | undefined =>
  NEXT[state][event];
