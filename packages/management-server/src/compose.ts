import type { RemoteStep } from '@postern/contracts';
import { type Clock, type Entropy, type Logger, Seconds } from '@postern/core';
import type { PlacementTrust } from '@postern/pki';
import type { VendorTrust } from '@postern/software-update';
import type { ImageStore } from '@postern/storage';
import type { TimeKey } from './adapters/time-key.ts';
import { composeBelow } from './compose-below.ts';
import type { ServerConfig } from './config.ts';
import { callIdOf, type Deliveries } from './domain/deliveries.ts';
import { Exchange } from './domain/exchange.ts';
import { findIntermediary } from './domain/known-intermediaries.ts';
import { LastSeen } from './domain/last-seen.ts';
import { LiveUpdates } from './domain/live-updates.ts';
import { MailOutbox, type PostMail } from './domain/mail/mail-outbox.ts';
import type { LiveNotices } from './domain/notices/live-notices.ts';
import type { Notices } from './domain/notices/notices.ts';
import type { Stores } from './domain/ports.ts';
import { Pruning } from './domain/pruning.ts';
import { RefusedCallers } from './domain/refused-callers.ts';
import type { SoftwareParts } from './domain/register-software.ts';
import { EndedRequests } from './domain/requests/ended-requests.ts';
import { RequestExpiry } from './domain/requests/request-expiry.ts';
import { RequestOrders } from './domain/requests/request-orders.ts';
import { SiteRequests } from './domain/site-requests.ts';
import type { Enclosures } from './domain/take-requests.ts';
import { Updates } from './domain/updates.ts';
import { UplinkAdmission } from './domain/uplink-admission.ts';
import { VendorKeys } from './domain/vendor-keys.ts';
import { WaitingReads } from './domain/waiting-reads.ts';
import { WaitingSites } from './domain/waiting-sites.ts';

export interface DomainParts {
  readonly config: ServerConfig;
  readonly stores: Stores;
  readonly images: Pick<ImageStore, 'stat'>;
  /** What the configuration pins. */
  readonly vendorTrust: VendorTrust;
  readonly timeKey: Pick<TimeKey, 'sign'>;
  /** Whose certificates make a device's word on where it is count; absent where none does. */
  readonly placementTrust?: PlacementTrust;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Absent where nothing goes down by mail; goes with `mail` of the configuration. */
  readonly postMail?: PostMail | undefined;
  /** Told of the steps of Fig 10 and Fig 11 that this server takes, with the request or call they belong to. */
  readonly onStep?: ((step: RemoteStep, subject: string) => void) | undefined;
}

/** A part of the composition root: the rules at work, wired to their stores: what both listeners call. */
export interface Domain {
  readonly stores: Stores;
  readonly live: LiveUpdates;
  readonly waiting: WaitingSites;
  readonly lastSeen: LastSeen;
  readonly exchange: Exchange;
  readonly updates: Updates;
  readonly siteRequests: SiteRequests;
  readonly requestOrders: RequestOrders;
  /** Absent where nothing goes down by mail. */
  readonly mailOutbox: MailOutbox | undefined;
  readonly requestExpiry: RequestExpiry;
  /** Who waits for the end of something, or for notices. */
  readonly reads: WaitingReads;
  readonly vendorKeys: VendorKeys;
  readonly software: SoftwareParts;
  readonly deliveries: Deliveries;
  readonly notices: Notices;
  readonly liveNotices: LiveNotices;
  readonly admission: UplinkAdmission;
  /** Who was turned away at the operators' port. */
  readonly refusedOperators: RefusedCallers;
  /** Stops timers and writes what is only in memory. */
  close(): void;
}

/** Of requests in one poll answer: well below what clients accept. */
const REQUEST_BYTES_PER_POLL = 2 * 1024 * 1024;

export const composeDomain = (parts: DomainParts): Domain => {
  const { config, stores, images, vendorTrust, timeKey, clock, entropy, logger, onStep } = parts;
  const { limits } = config;
  const refusedCallers = () =>
    new RefusedCallers({ stores, clock, logger, auditRecords: limits.auditRecords });
  const reads = new WaitingReads(clock, limits.waitingReads);
  const live = new LiveUpdates(limits.watchers, logger, (updateId) => reads.wake(updateId));
  const waiting = new WaitingSites(stores);
  const lastSeen = new LastSeen({ stores, clock, logger, writeEvery: Seconds(config.lastSeenSeconds) });
  const vendorKeys = new VendorKeys({ stores, pinned: vendorTrust, clock });
  const endedRequests = new EndedRequests(reads);
  const requestExpiry = new RequestExpiry({ stores, waiting, ended: endedRequests, clock, logger });
  const enclosures: Enclosures = {
    keyRotations: () => vendorKeys.enclosed(),
    signTime: (deviceId, nonce) => timeKey.sign({ deviceId, nonce, time: clock.now() }),
  };
  const exchange = new Exchange({
    stores,
    live,
    waiting,
    enclosures,
    clock,
    logger,
    placementTrust: parts.placementTrust,
    limits: {
      take: { requests: limits.requestsPerPoll, bytes: REQUEST_BYTES_PER_POLL },
      devicesPerIntermediary: limits.devicesPerIntermediary,
      auditRecords: limits.auditRecords,
    },
    onEnded: (ended) => endedRequests.tell(ended),
    onSent: ({ requestId }) => onStep?.('S602', requestId),
    onDeferredSent: (notice) => onStep?.('S705', callIdOf(notice)),
    onDelivered: (notices) => below.delivered(notices),
  });
  const inventory = { lengthOf: async (sha256: string) => (await images.stat(sha256))?.length };
  const updates = new Updates({
    stores,
    images: inventory,
    vendorKeys,
    live,
    waiting,
    clock,
    entropy,
    logger,
  });
  const pollsFor = (name: string): string | undefined => {
    const known = findIntermediary({ stores, lastSeen }, name);
    return known && (known.via ?? known.name);
  };
  const siteRequests = new SiteRequests({
    stores,
    images: inventory,
    vendorKeys,
    waiting,
    expiry: requestExpiry,
    clock,
    entropy,
    logger,
    pollsFor,
    mostOpen: limits.openRequestsPerIntermediary,
  });
  const mailOutbox = composeMail(parts, enclosures);
  const requestOrders = new RequestOrders({
    stores,
    waiting,
    mail: mailOutbox,
    expiry: requestExpiry,
    ended: endedRequests,
    clock,
    entropy,
    logger,
    pollsFor,
    mostOpen: limits.openRequestsPerIntermediary,
  });
  const pruning = new Pruning(parts);
  const below = composeBelow(parts, { live, waiting, reads, onLocalUpdate: () => pruning.countOne() });
  return {
    stores,
    live,
    waiting,
    lastSeen,
    exchange,
    updates,
    siteRequests,
    requestOrders,
    mailOutbox,
    requestExpiry,
    reads,
    vendorKeys,
    software: { stores, images: inventory, vendorKeys, clock },
    refusedOperators: refusedCallers(),
    admission: new UplinkAdmission(refusedCallers()),
    deliveries: below.deliveries,
    notices: below.notices,
    liveNotices: below.live,
    close: () => {
      pruning.end();
      below.close();
      updates.close();
      requestExpiry.close();
      reads.close();
      lastSeen.write();
    },
  };
};

const composeMail = (
  { config, stores, postMail, clock, entropy, logger }: DomainParts,
  enclosures: Enclosures,
): MailOutbox | undefined => {
  if (config.mail === undefined || postMail === undefined) return undefined;
  const intermediaries = new Set(Object.keys(config.mail.intermediaries));
  return new MailOutbox({ stores, enclosures, intermediaries, post: postMail, clock, entropy, logger });
};
