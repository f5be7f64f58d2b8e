import type { uplink } from '@postern/contracts';
import type { NoticeState } from '../domain/notices/notice-state.ts';
import type { NoticeRecord } from '../domain/notices/records.ts';
import { time, timeOrNull } from './views.ts';

/** A call or a notice of a device, or what a site's schedule has read. */
export interface NoticeView {
  readonly id: string;
  readonly kind: uplink.DeliverBody['kind'];
  readonly deviceId: string;
  readonly intermediary: string;
  /** The intermediaries it came through, the one that took it from the device first. */
  readonly route: readonly string[];
  /** When it came, by the clock of the server. */
  readonly at: string;
  /** When it came to the site, by the clock there. */
  readonly siteAt: string | null;
  /** The caller had been told that the call failed before it came here. */
  readonly missed: boolean;
  readonly state: NoticeState;
  readonly answer: { readonly outcome: string; readonly text: string } | null;
  readonly answeredAt: string | null;
  /** What was said, in the JSON form of the contract. Null in lists for log entries: read the notice itself. */
  readonly content: unknown;
}

/** @param inList long content is left out */
export const noticeView = (record: NoticeRecord, inList: boolean): NoticeView => ({
  id: record.id,
  kind: record.kind,
  deviceId: record.deviceId,
  intermediary: record.intermediary,
  route: record.route,
  at: time(record.at),
  siteAt: timeOrNull(record.siteAt),
  missed: record.missed,
  state: record.state,
  answer: record.answer ?? null,
  answeredAt: timeOrNull(record.answeredAt),
  content: inList && record.kind === 'CollectLogsResponse' ? null : JSON.parse(record.content),
});
