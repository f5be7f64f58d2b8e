import { z } from 'zod';
import type { LastSeen } from '../domain/last-seen.ts';
import type { Stores } from '../domain/ports.ts';
import type { CounterRecord, DeviceRecord } from '../domain/records.ts';
import { serverError } from '../errors.ts';
import { flag, identifier, modelName, nodeName, pageOf, pageQuery, valid } from './input.ts';
import { type DeviceView, deviceView, type Page } from './views.ts';

export interface DeviceParts {
  readonly stores: Stores;
  readonly lastSeen: LastSeen;
}

/** A page with counters ends where it has so many: about two megabytes. */
const COUNTERS_A_PAGE = 20_000;

const query = pageQuery.extend({
  intermediary: nodeName.optional(),
  model: modelName.optional(),
  profile: identifier.optional(),
  counters: flag.default(false),
});
const name = z.string().max(64);

/** Devices as operators look at them. */
export interface DeviceUseCases {
  /** By name; with `counters` each with those that were read last. */
  list(query: unknown): Page<DeviceView>;
  /** With its counters. @throws PosternError `device-unknown` */
  get(id: unknown): DeviceView;
}

/** @spec R5 */
export const deviceUseCases = ({ stores, lastSeen }: DeviceParts): DeviceUseCases => {
  const view = (record: DeviceRecord, counters?: readonly CounterRecord[]): DeviceView =>
    deviceView(record, lastSeen.get(record.intermediary), counters);
  const key = ({ information }: DeviceRecord): string => information.deviceId;

  const pageWithCounters = (records: readonly DeviceRecord[], limit: number): Page<DeviceView> => {
    const items: DeviceView[] = [];
    let counted = 0;
    for (const record of records) {
      if (counted >= COUNTERS_A_PAGE) return { items, next: items.at(-1)?.id ?? null };
      const counters = stores.counters.find(key(record));
      counted += counters.length;
      items.push(view(record, counters));
    }
    return { items, next: pageOf(records, limit, key, () => null).next };
  };

  return {
    list: (given) => {
      const { counters, ...page } = valid(query, given);
      const records = stores.devices.page(page);
      return counters
        ? pageWithCounters(records, page.limit)
        : pageOf(records, page.limit, key, (record) => view(record));
    },
    get: (id) => {
      const deviceId = valid(name, id, 'id');
      const record = stores.devices.find(deviceId);
      if (record === undefined) throw serverError('device-unknown', `There is no device ${deviceId}`);
      return view(record, stores.counters.find(deviceId));
    },
  };
};
