import type { device, uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { PageRequest } from '../ports.ts';
import type { NoticeState } from './notice-state.ts';

/** What the caller is, or will be, told. */
export interface NoticeAnswer {
  readonly outcome: device.Outcome;
  readonly text: string;
}

/** What came up of a site's own accord: a call, a notice, what the schedule has read. */
export interface NewNotice {
  readonly deliveryId: string;
  readonly intermediary: string;
  readonly deviceId: string;
  readonly kind: uplink.DeliverBody['kind'];
  /** The JSON form of what it carries. */
  readonly content: string;
  /** The intermediaries it came through, the one that took it from the device first. */
  readonly route: readonly string[];
  /** By this server's clock. */
  readonly at: Instant;
  /** By the clock of the site; undefined where it did not say. */
  readonly siteAt: Instant | undefined;
  /** The caller had been told that the call failed before it arrived here. */
  readonly missed: boolean;
  readonly state: NoticeState;
  readonly answer: NoticeAnswer | undefined;
  readonly answeredAt: Instant | undefined;
}

export interface NoticeRecord extends NewNotice {
  /** Rises in the order of arrival. */
  readonly id: string;
}

/** What is absent is not asked for. */
export interface NoticeFilter {
  readonly kind?: NewNotice['kind'] | undefined;
  readonly deviceId?: string | undefined;
  readonly intermediary?: string | undefined;
  /** Calls that wait for an operator. */
  readonly open?: boolean | undefined;
}

export interface NoticeStore {
  find(intermediary: string, deliveryId: string): NoticeRecord | undefined;
  findById(id: string): NoticeRecord | undefined;
  /** Newest first. */
  page(page: PageRequest & NoticeFilter): NoticeRecord[];
  /** Those that came after this one, oldest first. */
  since(id: string, limit: number, filter?: NoticeFilter): NoticeRecord[];
  /** Adds a notice and drops the oldest beyond `keep`, but none that an answer is owed to or for. */
  add(record: NewNotice, keep: number): NoticeRecord;
  /** Writes what may change: missed, state, answer, answeredAt. */
  save(record: NoticeRecord): void;
  /** Those whose answers are to go down to an intermediary, oldest first. */
  findDeferred(intermediary: string, limit: number): NoticeRecord[];
  /** The intermediaries that answers are to go down to. */
  waiting(): string[];
  /** Calls of an intermediary that wait for an operator. */
  countOpen(intermediary: string): number;
  /** Open ones that came before `openBefore`, and deferred ones that were answered before `answeredBefore`. */
  overdue(before: { readonly openBefore: Instant; readonly answeredBefore: Instant }): NoticeRecord[];
}
