import { expect, test } from '@jest/globals';
import {
  NOTICE_STATES,
  type NoticeEvent,
  type NoticeState,
  nextNoticeState,
} from '../../../src/domain/notices/notice-state.ts';

const EVENTS: readonly NoticeEvent[] = ['operator-answered', 'received', 'overdue'];

/** Every state under every event, in the order of EVENTS; a dash where nothing changes. */
const TABLE: Readonly<Record<NoticeState, string>> = {
  noted: '- - -',
  open: 'deferred - expired',
  answered: '- - -',
  deferred: '- delivered undelivered',
  delivered: '- - -',
  expired: '- - -',
  undelivered: '- - -',
};

/** @spec R4 */
test.each(NOTICE_STATES)('from %s', (state) => {
  expect(EVENTS.map((event) => nextNoticeState(state, event) ?? '-').join(' ')).toBe(TABLE[state]);
});
