import type { device } from '@postern/contracts';
import type { LogRing } from '@postern/core';
import { countFitting } from '../../uplink/wire-size.ts';
import { wireText } from '../../wire-text.ts';
import type { SiteService } from './site-service.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
/** Of one answer, as the contract has it. */
const MOST_ENTRIES = 1_000;

/** The intermediary's own log: of what is asked for the newest lines. @spec I1 I2 */
export const collectLogs: SiteService<'CollectLogs'> = ({ log }, _, query) => ({
  answer: { kind: 'CollectLogsResponse', value: { entries: { item: entriesOf(log, query) } } },
  effect: () => {},
});

const entriesOf = (
  log: LogRing,
  { since = undefined, minimumLevel = 'debug', limit = MOST_ENTRIES }: device.CollectLogs,
): device.CollectLogsResponse['entries']['item'] => {
  const wanted = log
    .lines()
    .filter(({ at, level }) => (since === undefined || at >= since) && isAtLeast(level, minimumLevel));
  const most = Math.min(limit, MOST_ENTRIES);
  const newestFirst = wanted
    .slice(Math.max(wanted.length - most, 0))
    .map(({ at, level, message }) => ({ at, level, message: wireText(message) }))
    .reverse();
  return newestFirst.slice(0, countFitting(newestFirst)).reverse();
};

const isAtLeast = (level: (typeof LEVELS)[number], least: (typeof LEVELS)[number]): boolean =>
  LEVELS.indexOf(level) >= LEVELS.indexOf(least);
