import type { uplink } from '@postern/contracts';
import type { Stores } from '../ports.ts';
import { nextNoticeState } from './notice-state.ts';
import type { NoticeRecord } from './records.ts';

/** What one poll answer carries. */
const MOST_IN_ONE = 256;

/**
 * The answers of operators that go down now: each until a poll names it as received. Runs in the transaction of the poll.
 *
 * @spec R4
 */
export const takeDeferred = (
  { notices }: Pick<Stores, 'notices'>,
  intermediary: string,
): readonly NoticeRecord[] => notices.findDeferred(intermediary, MOST_IN_ONE);

export const toDeferredResponse = ({
  deliveryId,
  deviceId,
  answer,
}: NoticeRecord): uplink.DeferredResponse => ({
  deliveryId,
  deviceId,
  answer: { inReplyTo: deliveryId, ...(answer ?? { outcome: 'failed', text: '' }) },
});

/**
 * The intermediary has these. Identifiers of requests, and of others' deliveries, change nothing.
 *
 * @returns what has changed
 */
export const acceptDeferredReceipts = (
  { notices }: Pick<Stores, 'notices'>,
  intermediary: string,
  ids: readonly string[],
): readonly NoticeRecord[] =>
  ids.flatMap((id) => {
    const notice = notices.find(intermediary, id);
    const state = notice && nextNoticeState(notice.state, 'received');
    if (notice === undefined || state === undefined) return [];
    const changed = { ...notice, state };
    notices.save(changed);
    return [changed];
  });
