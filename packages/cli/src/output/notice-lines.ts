import type { NoticeView } from '@postern/management-server/client';
import { table } from './print.ts';
import { answerLines } from './request-lines.ts';

/** Longest content in a table, in characters. */
const LONGEST_CELL = 80;

/** Notices for lists. */
export const noticeTable = (notices: readonly NoticeView[]): readonly string[] =>
  table([
    ['ID', 'AT', 'KIND', 'DEVICE', 'STATE', 'CONTENT'],
    ...notices.map((notice) => [
      notice.id,
      notice.at,
      notice.kind,
      notice.deviceId,
      stateText(notice),
      contentText(notice),
    ]),
  ]);

/** A notice in one line. */
export const noticeText = (notice: NoticeView): string =>
  [notice.id, notice.at, notice.kind, notice.deviceId, stateText(notice), contentText(notice)].join('  ');

/** A notice with all that is known of it. */
export const noticeLines = (notice: NoticeView): readonly string[] => [
  `${notice.id}: ${notice.kind} of ${notice.deviceId}, ${stateText(notice)}`,
  `  at ${notice.at}${notice.siteAt === null ? '' : `, at its site ${notice.siteAt}`}, over ${notice.route.join(', ')}`,
  ...answerLines(notice.content).map((line) => `  ${line}`),
  ...(notice.answer === null ? [] : [`  answer: ${notice.answer.outcome}, ${oneLine(notice.answer.text)}`]),
];

const stateText = ({ state, missed }: NoticeView): string => (missed ? `${state}, missed` : state);

const contentText = ({ content }: NoticeView): string => {
  const text = oneLine(answerLines(content).join(', '));
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL - 1)}…` : text;
};

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');
