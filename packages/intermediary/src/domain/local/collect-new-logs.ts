import type { device } from '@postern/contracts';
import { Instant } from '@postern/core';
import { countFitting } from '../uplink/wire-size.ts';
import { answered } from './answered.ts';
import type { DeviceReading } from './device-round.ts';
import type { LogMark, LogMarks } from './ports.ts';

type LogEntry = device.CollectLogsResponse['entries']['item'][number];

/**
 * What is new in the log of every device: what it has written since the last collection that was stored for the node
 * above. A device gives its newest 1,000 entries; what it wrote beyond that in the meantime is not had. What is more than
 * one delivery can hold goes up with the next collection.
 *
 * @spec I2 I3
 */
export const logReading = (marks: LogMarks): DeviceReading => ({
  task: 'collect-logs',
  question: (deviceId) => {
    const mark = marks.find(deviceId);
    return { kind: 'CollectLogs', value: mark === undefined ? {} : { since: mark.at } };
  },
  news: (deviceId, answer) => {
    const { item } = answered('CollectLogsResponse', answer).value.entries;
    const before = marks.find(deviceId);
    const oldestFirst = [...item].sort((left, right) => left.at - right.at);
    const found = newEntries(oldestFirst, before);
    const entries = found.slice(0, countFitting(found));
    if (entries.length === 0) return undefined;
    const mark = markOf(oldestFirst.slice(0, item.length - found.length + entries.length));
    return {
      body: { kind: 'CollectLogsResponse', value: { entries: { item: entries } } },
      keep: () => marks.save(deviceId, mark),
    };
  },
});

/** A device is asked from the very moment of its latest entry: what it wrote within the same millisecond may be new. */
const newEntries = (entries: readonly LogEntry[], mark: LogMark | undefined): readonly LogEntry[] => {
  if (mark === undefined) return entries;
  let known = mark.entries;
  return entries.filter(({ at }) => {
    if (at !== mark.at) return at > mark.at;
    known -= 1;
    return known < 0;
  });
};

const markOf = (entries: readonly LogEntry[]): LogMark => {
  const at = Instant(entries.reduce((latest, entry) => Math.max(latest, entry.at), 0));
  return { at, entries: entries.filter((entry) => entry.at === at).length };
};
