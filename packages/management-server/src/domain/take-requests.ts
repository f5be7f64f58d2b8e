import type { types, uplink } from '@postern/contracts';
import { between, type Instant, Milliseconds, toSeconds } from '@postern/core';
import { sizeOfRequest } from '@postern/soap-rpc';
import type { RequestStore, Stores } from './ports.ts';
import type { RequestRecord, SoftwareRecord, UpdateRecord } from './records.ts';
import { nextRequestState } from './requests/request-state.ts';
import { nextState } from './update-state.ts';
import { MOST_URGENT } from './waiting-sites.ts';

/** How much one poll answer carries. */
export interface TakeLimits {
  readonly requests: number;
  /** Of requests as they are written, bytes; one request always goes. */
  readonly bytes: number;
}

/** What goes with software, made when the request goes down so that it is not stale. */
export interface Enclosures {
  /** The newest key rotations, oldest first. */
  keyRotations(): readonly Uint8Array[];
  /** The time now for a device that asked for it with `freshnessNonce`. */
  signTime(deviceId: string, freshnessNonce: string): Uint8Array;
}

/** The work on one poll answer. */
export interface Taking {
  readonly stores: Stores;
  readonly intermediary: string;
  readonly enclosures: Enclosures;
  readonly limits: TakeLimits;
  readonly now: Instant;
}

/**
 * The requests that go down now, in the order of {@link RequestStore.open}, marked as sent. Those that were sent before and are not acknowledged
 * go down again: their answer may have been lost. What frees room at the intermediary goes first and beyond its
 * capacity. Runs inside the poll's transaction.
 *
 * @param capacity of the intermediary
 * @spec R1
 */
export const takeRequests = (taking: Taking, capacity: number): uplink.Request[] => {
  const { stores, intermediary, limits } = taking;
  const urgent = stores.requests.openUrgent(intermediary, Math.min(MOST_URGENT, limits.requests));
  const room = Math.min(capacity, limits.requests - urgent.length);
  const ordinary = room > 0 ? stores.requests.open(intermediary, room) : [];
  const known = new Set(urgent.map(({ id }) => id));
  const taken: uplink.Request[] = [];
  let bytesLeft = limits.bytes;
  for (const record of [...urgent, ...ordinary.filter(({ id }) => !known.has(id))]) {
    const request = toRequest(taking, record, bodyOf(taking, record));
    bytesLeft -= sizeOfRequest(request);
    if (bytesLeft < 0 && taken.length > 0) break;
    markSent(stores, record);
    taken.push(request);
  }
  return taken;
};

/**
 * One request as it goes down now, marked as sent: for a way beside the polls.
 *
 * @spec R9
 */
export const takeOne = (taking: Omit<Taking, 'limits'>, record: RequestRecord): uplink.Request => {
  const body = bodyOf(taking, record);
  markSent(taking.stores, record);
  return toRequest(taking, record, body);
};

const markSent = (stores: Stores, record: RequestRecord): void => {
  if (record.sent) return;
  const sent = nextRequestState(record.state, 'went-down') ?? record.state;
  stores.requests.save({ ...record, sent: true, state: sent });
  if (record.kind !== 'UpdateSoftware') return;
  const update = stores.updates.find(record.updateId);
  const state = update && nextState(update.state, 'fetched');
  if (update !== undefined && state !== undefined) stores.updates.save({ ...update, state });
};

const toRequest = (
  { stores, now }: Pick<Taking, 'stores' | 'now'>,
  record: RequestRecord,
  body: uplink.RequestBody,
): uplink.Request => {
  const route = routeTo(stores, record);
  return {
    requestId: record.id,
    target: record.target,
    expiresInSeconds: secondsUntil(record.expiresAt, now),
    body,
    ...(route.length === 0 ? {} : { route: { node: route } }),
  };
};

/** Empty for what is the polling intermediary's own, and for a device that has moved away from below it. */
const routeTo = (stores: Stores, { target, intermediary, at }: RequestRecord): readonly string[] => {
  if (at !== undefined) return routeToPlace(stores, at, intermediary);
  if (target === intermediary) return [];
  const device = stores.devices.find(target);
  if (device !== undefined) return device.intermediary === intermediary ? device.route : [];
  const below = stores.sitesBelow.find(target);
  return below?.via === intermediary ? below.route : [];
};

/** Where the place is below this one no more, its name alone: that is refused, and done nowhere else. */
const routeToPlace = (stores: Stores, at: string, intermediary: string): readonly string[] => {
  if (at === intermediary) return [];
  const below = stores.sitesBelow.find(at);
  return below?.via === intermediary ? below.route : [at];
};

const bodyOf = (taking: Omit<Taking, 'limits'>, record: RequestRecord): uplink.RequestBody => {
  const { stores, enclosures } = taking;
  switch (record.kind) {
    case 'UpdateSoftware':
      return updateSoftware(taking, required(stores.updates.find(record.updateId)));
    case 'CancelUpdate':
      return { kind: 'CancelUpdate', value: { requestId: record.updateId } };
    case 'FetchSoftware': {
      const { signedManifest } = softwareOf(stores, record.softwareId);
      return { kind: 'FetchSoftware', value: { signedManifest, ...rotations(enclosures) } };
    }
    default:
      return required(stores.orders.find(record.orderId)).body;
  }
};

/** S101 */
const updateSoftware = (
  { stores, enclosures, now }: Omit<Taking, 'limits'>,
  { deviceId, softwareId, deadline, policy }: UpdateRecord,
): uplink.RequestBody => {
  const { signedManifest } = softwareOf(stores, required(softwareId));
  const freshnessNonce = stores.devices.find(deviceId)?.information.freshnessNonce;
  const value = {
    signedManifest,
    deadlineSeconds: secondsUntil(deadline, now),
    ...(policy === undefined ? {} : { policy }),
    ...rotations(enclosures),
    ...(freshnessNonce === undefined ? {} : { signedTime: enclosures.signTime(deviceId, freshnessNonce) }),
  };
  return { kind: 'UpdateSoftware', value };
};

const rotations = (enclosures: Enclosures): { readonly keyRotations?: types.SignedRecords } => {
  const record = enclosures.keyRotations();
  return record.length === 0 ? {} : { keyRotations: { record } };
};

/** Durations travel, not instants: the site's clock may differ. 0 when it is over. */
const secondsUntil = (end: Instant, now: Instant): number =>
  toSeconds(Milliseconds(Math.max(0, between(now, end))));

const softwareOf = (stores: Stores, id: string): SoftwareRecord => required(stores.software.find(id));

const required = <T>(value: T | undefined): T => {
  if (value === undefined)
    throw new TypeError('A request refers to an update, an order or software that is gone');
  return value;
};
