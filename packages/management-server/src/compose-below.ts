import { Milliseconds, type RateLimit, Seconds } from '@postern/core';
import type { DomainParts } from './compose.ts';
import { Deliveries } from './domain/deliveries.ts';
import type { LiveUpdates } from './domain/live-updates.ts';
import { LiveNotices, NEW_NOTICES } from './domain/notices/live-notices.ts';
import { Notices } from './domain/notices/notices.ts';
import type { NoticeRecord } from './domain/notices/records.ts';
import type { WaitingReads } from './domain/waiting-reads.ts';
import type { WaitingSites } from './domain/waiting-sites.ts';

/** What comes up of the sites' own accord, and the answers to it. */
export interface Below {
  readonly deliveries: Deliveries;
  readonly notices: Notices;
  readonly live: LiveNotices;
  /** Answers have arrived at their sites. */
  readonly delivered: (notices: readonly NoticeRecord[]) => void;
  readonly close: () => void;
}

export const composeBelow = (
  { config, stores, clock, logger, onStep }: DomainParts,
  shared: {
    readonly live: LiveUpdates;
    readonly waiting: WaitingSites;
    readonly reads: Pick<WaitingReads, 'wake'>;
    readonly onLocalUpdate: () => void;
  },
): Below => {
  const { limits, calls } = config;
  const live = new LiveNotices(limits.watchers, logger, () => shared.reads.wake(NEW_NOTICES));
  const notices = new Notices({
    stores,
    live,
    waiting: shared.waiting,
    clock,
    logger,
    openFor: Seconds(calls.openSeconds),
    keepAnswers: Seconds(calls.keepAnswersSeconds),
  });
  const deliveries = new Deliveries({
    stores,
    live: shared.live,
    liveNotices: live,
    clock,
    logger,
    calls,
    rates: {
      perIntermediary: toRate(config.notices.perIntermediary),
      perDevice: toRate(config.notices.perDevice),
    },
    mostNotices: limits.notices,
    auditRecords: limits.auditRecords,
    onLocalUpdate: shared.onLocalUpdate,
    onStep,
  });
  return {
    deliveries,
    notices,
    live,
    delivered: (all) => {
      for (const notice of all) live.publish({ type: 'changed', notice });
    },
    close: () => {
      notices.close();
      deliveries.close();
    },
  };
};

const toRate = ({ burst, perMinute }: { readonly burst: number; readonly perMinute: number }): RateLimit => ({
  burst,
  interval: Milliseconds(60_000 / perMinute),
});
