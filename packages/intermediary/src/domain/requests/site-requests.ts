import type { device, uplink } from '@postern/contracts';
import type { Clock } from '@postern/core';
import type { ConnectionRequests } from '../connections/connection-requests.ts';
import type { Schedule } from '../local/schedule.ts';
import { admitSoftware } from '../shelf/admit-software.ts';
import type { FetchSoftware } from '../shelf/fetch-software.ts';
import type { ShelfStore } from '../shelf/ports.ts';
import type { Shelf } from '../shelf/shelf.ts';
import type { SiteTrust } from '../vendor-trust.ts';
import type { RequestFacts } from './ports.ts';

export interface SiteRequestsOptions {
  readonly shelf: Shelf;
  readonly shelfStore: ShelfStore;
  readonly fetchSoftware: FetchSoftware;
  readonly trust: SiteTrust;
  readonly schedule: Schedule;
  readonly connections: ConnectionRequests;
  readonly clock: Clock;
}

/** What becomes of a request to the intermediary itself: an answer at once, or work that will answer it. */
export type SiteDecision =
  | { readonly answer: uplink.ResponseBody; readonly effect: () => void }
  | { readonly begin: () => void };

/**
 * Requests to the intermediary itself, and about whether a device is one of its own. Called inside the transaction that stores the request; what the decision
 * brings about comes after it.
 *
 * @returns undefined for what an intermediary does not do itself
 * @throws PosternError why the request is refused
 * @spec I1 I2
 */
export const decideSiteRequest = (
  options: SiteRequestsOptions,
  facts: RequestFacts,
  body: uplink.RequestBody,
): SiteDecision | undefined => {
  if (body.kind === 'FetchSoftware') return fetch(options, facts, body.value);
  if (body.kind !== 'SetSchedule') return options.connections.decide(facts, body);
  options.schedule.set(body.value.entry);
  return { answer: { kind: 'SetScheduleResponse', value: {} }, effect: () => options.schedule.start() };
};

const fetch = (
  options: SiteRequestsOptions,
  facts: RequestFacts,
  { signedManifest, keyRotations }: device.FetchSoftware,
): SiteDecision => {
  const manifest = admitSoftware({ signedManifest, keyRotations: keyRotations?.record ?? [] }, options);
  options.shelf.checkRoom(manifest);
  options.shelfStore.addFetch({ requestId: facts.requestId, signedManifest, manifest });
  return { begin: () => options.fetchSoftware.start(facts) };
};
