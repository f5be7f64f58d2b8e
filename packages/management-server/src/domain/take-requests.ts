import type { uplink } from '@postern/contracts';
import { between, type Instant, Milliseconds, toSeconds } from '@postern/core';
import type { Stores } from './ports.ts';
import type { RequestRecord } from './records.ts';
import { nextState } from './update-state.ts';

/** How much one poll answer carries. */
export interface TakeLimits {
  readonly requests: number;
  /** Of signed manifests, bytes; one request always goes. */
  readonly bytes: number;
}

/**
 * The requests that go down now, oldest first, marked as sent. Those that were sent before and are not acknowledged
 * go down again: their answer may have been lost. Runs inside the poll's transaction.
 *
 * @spec R1
 */
export const takeRequests = (
  stores: Stores,
  intermediary: string,
  limits: TakeLimits,
  now: Instant,
): uplink.Request[] => {
  const taken: uplink.Request[] = [];
  let room = limits.bytes;
  for (const record of stores.requests.open(intermediary, limits.requests)) {
    const { request, bytes } = toRequest(stores, record, now);
    room -= bytes;
    if (room < 0 && taken.length > 0) break;
    markSent(stores, record);
    taken.push(request);
  }
  return taken;
};

const markSent = (stores: Stores, record: RequestRecord): void => {
  if (record.sent) return;
  stores.requests.save({ ...record, sent: true });
  if (record.kind !== 'UpdateSoftware') return;
  const update = stores.updates.find(record.updateId);
  const state = update && nextState(update.state, 'fetched');
  if (update !== undefined && state !== undefined) stores.updates.save({ ...update, state });
};

const toRequest = (
  stores: Stores,
  record: RequestRecord,
  now: Instant,
): { request: uplink.Request; bytes: number } => {
  const update = required(stores.updates.find(record.updateId));
  const route = stores.devices.find(update.deviceId)?.route ?? [];
  const signedManifest = required(stores.software.find(update.softwareId)).signedManifest;
  const body: uplink.RequestBody =
    record.kind === 'UpdateSoftware'
      ? {
          kind: 'UpdateSoftware',
          value: { signedManifest, deadlineSeconds: secondsUntil(update.deadline, now) },
        }
      : { kind: 'CancelUpdate', value: { requestId: update.id } };
  return {
    bytes: record.kind === 'UpdateSoftware' ? signedManifest.length : 0,
    request: {
      requestId: record.id,
      target: update.deviceId,
      expiresInSeconds: secondsUntil(record.expiresAt, now),
      body,
      ...(route.length === 0 ? {} : { route: { node: route } }),
    },
  };
};

/** Durations travel, not instants: the site's clock may differ. 0 when it is over. */
const secondsUntil = (end: Instant, now: Instant): number =>
  toSeconds(Milliseconds(Math.max(0, between(now, end))));

const required = <T>(value: T | undefined): T => {
  if (value === undefined) throw new TypeError('A request refers to an update or software that is gone');
  return value;
};
