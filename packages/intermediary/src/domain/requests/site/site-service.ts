import type { uplink } from '@postern/contracts';
import type { Clock, Instant, LogRing } from '@postern/core';
import type { ConnectionRequests } from '../../connections/connection-requests.ts';
import type { DeviceStore } from '../../devices.ts';
import type { Schedule } from '../../local/schedule.ts';
import type { SiteSettings } from '../../settings/site-settings.ts';
import type { FetchSoftware } from '../../shelf/fetch-software.ts';
import type { ShelfStore } from '../../shelf/ports.ts';
import type { Shelf } from '../../shelf/shelf.ts';
import type { SiteTrust } from '../../vendor-trust.ts';
import type { RequestFacts } from '../ports.ts';

export interface SiteRequestsOptions {
  readonly shelf: Shelf;
  readonly shelfStore: ShelfStore;
  readonly fetchSoftware: FetchSoftware;
  readonly trust: SiteTrust;
  readonly schedule: Schedule;
  readonly connections: ConnectionRequests;
  readonly devices: Pick<DeviceStore, 'get'>;
  /** This intermediary's name. */
  readonly name: string;
  readonly startedAt: Instant;
  readonly settings: SiteSettings;
  /** Some setting has changed. */
  readonly onSettings: () => void;
  readonly counters: () => Readonly<Record<string, number>>;
  readonly log: LogRing;
  readonly clock: Clock;
}

/** What becomes of a request to the intermediary itself: an answer at once, or work that will answer it. */
export type SiteDecision =
  | { readonly answer: uplink.ResponseBody; readonly effect: () => void }
  | { readonly begin: () => void };

/** What requests say, by their kinds. */
export type RequestContents = { readonly [B in uplink.RequestBody as B['kind']]: B['value'] };

/**
 * Decides one kind of request to the intermediary itself. Called inside the transaction that stores the request; what
 * the decision brings about comes after it.
 *
 * @returns undefined for what it leaves to its device function (U21)
 * @throws PosternError why the request is refused
 */
export type SiteService<K extends keyof RequestContents> = (
  options: SiteRequestsOptions,
  facts: RequestFacts,
  value: RequestContents[K],
) => SiteDecision | undefined;
