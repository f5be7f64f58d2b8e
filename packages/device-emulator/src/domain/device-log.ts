import type { Clock, Instant, LogFields, Logger } from '@postern/core';

/** The levels of a log, the least important first. */
export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type EntryLevel = (typeof LEVELS)[number];

/** A line of the device's own log. */
export interface DeviceLogEntry {
  readonly at: Instant;
  readonly level: EntryLevel;
  readonly message: string;
}

/** Which entries are wanted; the newest where there are more. */
export interface LogQuery {
  readonly since?: Instant | undefined;
  readonly minimumLevel?: EntryLevel | undefined;
  readonly limit?: number | undefined;
}

/** The log that a device keeps of itself, in memory; the oldest entries make room. */
export interface DeviceLog {
  /** Writes into the log what goes to `logger`, too. */
  tee(logger: Logger): Logger;
  /** In the order in which they were written. */
  entries(query: LogQuery): readonly DeviceLogEntry[];
}

/** With thousands of devices in a process, each has to be modest. */
export const MOST_ENTRIES = 256;

/** As `t:Text` carries it. */
const LONGEST_MESSAGE = 1_024;

/** Fields that are for operators; the log leaves the device, so no others do. */
const TOLD_FIELDS = ['code', 'reason', 'version', 'command', 'job', 'name'] as const;

/** @param clock of the device: what time it thinks it is */
export const createDeviceLog = (clock: Pick<Clock, 'now'>): DeviceLog => {
  let entries: DeviceLogEntry[] = [];
  const write = (level: EntryLevel, message: string, fields: LogFields): void => {
    entries.push({ at: clock.now(), level, message: lineOf(message, fields) });
    // Seldom, so that a line does not cost a copy of all.
    if (entries.length > 2 * MOST_ENTRIES) entries = entries.slice(-MOST_ENTRIES);
  };
  const tee = (logger: Logger): Logger => {
    const at =
      (level: EntryLevel) =>
      (message: string, fields: LogFields = {}): void => {
        write(level, message, fields);
        logger[level](message, fields);
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => tee(logger.child(fields)),
    };
  };
  return {
    tee,
    entries: ({ since, minimumLevel = 'debug', limit = MOST_ENTRIES }) => {
      const least = LEVELS.indexOf(minimumLevel);
      const wanted = entries
        .slice(-MOST_ENTRIES)
        .filter(({ at, level }) => (since === undefined || at >= since) && LEVELS.indexOf(level) >= least);
      return wanted.slice(Math.max(0, wanted.length - limit));
    },
  };
};

const lineOf = (message: string, fields: LogFields): string => {
  const told = TOLD_FIELDS.flatMap((name) => {
    const value = fields[name];
    return typeof value === 'string' || typeof value === 'number' ? [`${name}: ${value}`] : [];
  });
  const line = told.length === 0 ? message : `${message} (${told.join(', ')})`;
  // What XML cannot carry would cost the whole answer.
  return line.replace(/\p{C}/gu, ' ').slice(0, LONGEST_MESSAGE);
};
