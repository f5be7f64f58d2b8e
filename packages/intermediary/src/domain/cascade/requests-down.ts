import type { uplink } from '@postern/contracts';
import {
  after,
  between,
  Days,
  type Duration,
  type Instant,
  Milliseconds,
  Minutes,
  toSeconds,
} from '@postern/core';
import { sizeOfRequest } from '@postern/soap-rpc';
import type { Passing, PassingStore } from './ports.ts';

/** What one poll answer carries. */
export const MOST_REQUESTS = 64;
/** As they are written: well below what clients accept. One request always goes. */
const MOST_BYTES = 2 * 1_024 * 1_024;
/** What went down may be answered late, because the site was cut off. An update can be under way for long. */
const GRACE = Minutes(15);
const UPDATE_GRACE = Days(7);

/**
 * Takes what goes down to an intermediary below with the answer to its poll, and marks it as sent. Called inside the
 * transaction of a poll.
 *
 * @param capacity how many requests it has room for; those that free room go beyond it
 */
export const takeDown = (
  store: PassingStore,
  now: Instant,
  child: string,
  capacity: number,
): uplink.Request[] => {
  const taken: uplink.Request[] = [];
  let left = MOST_BYTES;
  for (const passing of openFor(store, child, capacity)) {
    const body = store.body(passing.requestId);
    if (body === undefined) continue;
    const request = onTheWire(passing, body, now);
    left -= sizeOfRequest(request);
    if (left < 0 && taken.length > 0) break;
    if (passing.state === 'waiting') store.save({ ...passing, state: 'sent', endsAt: graceOf(passing) });
    taken.push(request);
  }
  return taken;
};

/** The urgent ones first. */
const openFor = (store: PassingStore, child: string, capacity: number): readonly Passing[] => {
  const urgent = store.open(child, MOST_REQUESTS, 'urgent');
  const room = Math.min(capacity, MOST_REQUESTS - urgent.length);
  const ordinary = room > 0 ? store.open(child, room) : [];
  const known = new Set(urgent.map(({ requestId }) => requestId));
  return [...urgent, ...ordinary.filter(({ requestId }) => !known.has(requestId))];
};

const onTheWire = (
  { requestId, target, rest, expiresAt, receivedAt }: Passing,
  body: uplink.RequestBody,
  now: Instant,
): uplink.Request => ({
  requestId,
  target,
  expiresInSeconds: secondsUntil(expiresAt, now),
  body: shortened(body, between(receivedAt, now)),
  ...(rest.length === 0 ? {} : { route: { node: rest } }),
});

const graceOf = ({ kind, expiresAt }: Passing): Instant =>
  after(expiresAt, kind === 'UpdateSoftware' ? UPDATE_GRACE : GRACE);

const secondsUntil = (end: Instant, now: Instant): number =>
  toSeconds(Milliseconds(Math.max(0, between(now, end))));

/** Durations travel, not instants: the time that an order has waited here is taken off. */
const shortened = (body: uplink.RequestBody, waited: Duration): uplink.RequestBody =>
  body.kind === 'UpdateSoftware'
    ? {
        kind: body.kind,
        value: {
          ...body.value,
          deadlineSeconds: Math.max(0, body.value.deadlineSeconds - Math.floor(waited / 1_000)),
        },
      }
    : body;
