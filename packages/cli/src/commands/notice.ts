import { errorCode, Seconds, sleep, systemClock } from '@postern/core';
import type { NoticeListFilter, NoticeView, OperatorClient } from '@postern/management-server/client';
import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { noticeLines, noticeTable, noticeText } from '../output/notice-lines.ts';
import { print } from '../output/print.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';

/**
 * `postern notice`: calls and notices of devices, and what schedules have read.
 *
 * @spec R3 R4 R6
 */
export const noticeCommand = (): Command =>
  new Command('notice')
    .description('calls and notices of devices')
    .addCommand(list())
    .addCommand(show())
    .addCommand(answer())
    .addCommand(watch());

const KINDS: readonly NoticeView['kind'][] = [
  'UserCall',
  'NotifySupply',
  'NotifyAbnormality',
  'NotifyStart',
  'Register',
  'GetCountersResponse',
  'CollectLogsResponse',
];

interface ListOptions extends ConnectionOptions {
  readonly kind?: NoticeView['kind'];
  readonly device?: string;
  readonly intermediary?: string;
  readonly open?: boolean;
  readonly limit: number;
}

const list = (): Command =>
  withConnection(
    new Command('list')
      .description('newest first')
      .addOption(new Option('--kind <kind>', 'of this kind only').choices(KINDS))
      .option('--device <id>', 'of this device only')
      .option('--intermediary <name>', 'that came through this intermediary only')
      .option('--open', 'calls that wait for an answer only')
      .option('--limit <n>', 'at most so many', wholeNumber, 100),
  ).action(async (options: ListOptions) => {
    const { kind, device, intermediary, open, limit } = options;
    const filter: NoticeListFilter = {
      ...(kind === undefined ? {} : { kind }),
      ...(device === undefined ? {} : { device }),
      ...(intermediary === undefined ? {} : { intermediary }),
      ...(open === undefined ? {} : { open }),
    };
    const items = await withServer(options, (client) => client.listNotices(filter, limit));
    print(options, items, noticeTable(items));
  });

const show = (): Command =>
  withConnection(
    new Command('show').description('a notice with all of its content').argument('<id>', 'of the notice'),
  ).action(async (id: string, options: ConnectionOptions) => {
    const notice = await withServer(options, (client) => client.notice(id));
    print(options, notice, noticeLines(notice));
  });

const answer = (): Command =>
  withConnection(
    new Command('answer')
      .description('answer a call; the text is shown on the panel it came from')
      .argument('<id>', 'of the call')
      .argument('<text>', 'what the panel shows', panelText)
      .option('--failed', 'say that what was called for cannot be done'),
  ).action(async (id: string, text: string, options: ConnectionOptions & { readonly failed?: boolean }) => {
    const outcome = options.failed ? 'failed' : 'succeeded';
    const notice = await withServer(options, (client) => client.answerNotice(id, { outcome, text }));
    print(options, notice, [`${notice.id} of ${notice.deviceId}: ${notice.state}`]);
  });

/** t:Text of wsdl/types.xsd. */
const panelText = (text: string): string => {
  if (text.length <= 1_024) return text;
  throw new InvalidArgumentError('Expected at most 1,024 characters.');
};

const watch = (): Command =>
  withConnection(
    new Command('watch').description('what comes up from now on, and answers to calls, until interrupted'),
  ).action(async (options: ConnectionOptions) => {
    const interrupted = new AbortController();
    process.once('SIGINT', () => interrupted.abort());
    await withServer(options, (client) => follow(client, options, interrupted.signal));
  });

/** How often in a row the server may be out of reach, and the pause in between. */
const MOST_FAILURES = 60;
const PAUSE = Seconds(1);

/** A stream that breaks, because the server restarts for instance, is taken up where it broke. */
const follow = async (
  client: OperatorClient,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<void> => {
  const [newest] = await client.listNotices({}, 1);
  let last = newest?.id;
  for (let failures = 0; ; ) {
    try {
      for await (const { type, notice } of client.watchNotices(signal, last)) {
        failures = 0;
        if (type === 'added') last = notice.id;
        print(options, { event: type, ...notice }, [noticeText(notice)]);
      }
    } catch (error) {
      if (errorCode(error, '') !== 'unreachable' || failures >= MOST_FAILURES) throw error;
    }
    failures += 1;
    await sleep(systemClock, PAUSE, signal);
  }
};
