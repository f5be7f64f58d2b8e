import type { WirePlannedTask } from '@postern/intermediary/operation';
import { Command, Option } from 'commander';
import { print, table } from '../output/print.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';

interface ScheduleOptions extends SiteOptions {
  readonly checkVersions?: readonly string[];
  readonly collectLogs?: readonly string[];
  readonly readCounters?: readonly string[];
  readonly none?: boolean;
}

/**
 * `postern site schedule`: what the intermediary does by itself. What an expression means is for the intermediary to
 * say; one that is wrong changes nothing.
 *
 * @spec I3 I4
 */
export const siteScheduleCommand = (): Command =>
  withSiteOptions(
    new Command('schedule')
      .description(
        'what is done by itself, and when next; with options: all that is to be done from now on. When: `every SECONDS`, ' +
          'a period such as PT6H, or a cron expression such as "0 3 * * 1-5"; options may be repeated',
      )
      .addOption(when('--check-versions <when>', 'order what devices lack'))
      .addOption(when('--collect-logs <when>', 'send the server what is new in the logs of all devices'))
      .addOption(when('--read-counters <when>', 'send the server the counters of all devices'))
      .option('--none', 'nothing'),
  ).action(async (options: ScheduleOptions) => {
    const entries = entriesOf(options);
    const planned = await withSite(options, (client) =>
      options.none || entries.length > 0 ? client.setSchedule(entries) : client.schedule(),
    );
    const rows = planned.map(({ task, expression, due }) => [task, expression, due]);
    print(options, planned, table([['TASK', 'WHEN', 'NEXT'], ...rows]));
  });

const when = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(gathered).conflicts('none');

const gathered = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const entriesOf = ({
  checkVersions = [],
  collectLogs = [],
  readCounters = [],
}: ScheduleOptions): readonly Pick<WirePlannedTask, 'task' | 'expression'>[] => [
  ...checkVersions.map((expression) => ({ task: 'check-versions' as const, expression })),
  ...collectLogs.map((expression) => ({ task: 'collect-logs' as const, expression })),
  ...readCounters.map((expression) => ({ task: 'read-counters' as const, expression })),
];
