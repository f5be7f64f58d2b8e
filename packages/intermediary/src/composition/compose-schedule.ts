import type { Closers } from '@postern/core';
import { logReading } from '../domain/local/collect-new-logs.ts';
import { deviceRound } from '../domain/local/device-round.ts';
import { counterReading } from '../domain/local/read-counters.ts';
import { Schedule, type ScheduleOptions } from '../domain/local/schedule.ts';
import type { DeviceRequests } from '../domain/requests/device-requests.ts';
import type { Deliveries } from '../domain/uplink/deliveries.ts';
import type { Outgoing } from '../domain/uplink/outgoing.ts';
import type { IntermediaryParts } from './parts.ts';

export interface ScheduleParts {
  readonly deviceRequests: DeviceRequests;
  readonly deliveries: Deliveries;
  readonly outgoing: Outgoing;
  readonly checkVersions: () => void;
}

/** What the site does by itself. Without a node above nothing is read: nobody would have it. */
export const composeSchedule = (
  { config, stores, outside, clock, entropy, logger }: IntermediaryParts,
  { deviceRequests, deliveries, outgoing, checkVersions }: ScheduleParts,
  ending: Closers,
): Schedule => {
  const { devices, placements, requests } = stores;
  const round = {
    ...{ devices, placements, deliveries, clock, entropy, logger },
    ask: deviceRequests.ask.bind(deviceRequests),
    countWaiting: () => stores.deliveries.count(),
    // Half of the room, and half of the exchanges, are for what does not come by itself.
    mostWaiting: Math.ceil(config.notices.mostWaiting / 2),
    atATime: Math.ceil(config.requests.concurrency / 2),
    transaction: (work: () => void) => requests.transaction(work),
    wake: () => outgoing.wake(),
  };
  const readings: ScheduleOptions['tasks'] = {
    'collect-logs': deviceRound(round, logReading(stores.logMarks)),
    'read-counters': deviceRound(round, counterReading),
  };
  const schedule = new Schedule({
    store: stores.schedule,
    configured: config.schedule,
    timeZone: config.scheduleTimeZone,
    tasks: { 'check-versions': checkVersions, ...(outside.uplink === undefined ? {} : readings) },
    clock,
    logger,
  });
  ending.add(() => schedule.close());
  return schedule;
};
