import { isRemoteRequestKind, type uplink } from '@postern/contracts';
import type { Clock, Logger } from '@postern/core';
import type { PlacementTrust } from '@postern/pki';
import { DeviceLists, type Downward, type ListPart, type ServedExchange } from '@postern/soap-rpc';
import { type Acceptance, acceptDelayNotice, acceptReceipts, acceptResponse } from './accept-answers.ts';
import { type AcceptedDevices, acceptDevices } from './accept-devices.ts';
import type { LiveEvent, LiveUpdates } from './live-updates.ts';
import { acceptDeferredReceipts, takeDeferred, toDeferredResponse } from './notices/deferred-answers.ts';
import type { NoticeRecord } from './notices/records.ts';
import type { Stores } from './ports.ts';
import type { AuditRecord, RequestRecord } from './records.ts';
import { type Enclosures, type TakeLimits, takeRequests } from './take-requests.ts';
import { type WaitingSites, waitingOf } from './waiting-sites.ts';

export interface ExchangeLimits {
  readonly take: TakeLimits;
  readonly devicesPerIntermediary: number;
  readonly auditRecords: number;
}

export interface ExchangeParts {
  readonly stores: Stores;
  readonly live: LiveUpdates;
  readonly waiting: WaitingSites;
  readonly enclosures: Enclosures;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: ExchangeLimits;
  /** Whose certificates make a device's word on where it is count; absent where none does. */
  readonly placementTrust?: PlacementTrust | undefined;
  /** Told, after the commit, of requests that ended. */
  readonly onEnded: (ended: readonly RequestRecord[]) => void;
  /** Told, after the commit, of every request about no update that goes down (S602). */
  readonly onSent: (request: uplink.Request) => void;
  /** Told, after the commit, of every answer to a call that goes down. */
  readonly onDeferredSent: (notice: NoticeRecord) => void;
  /** Told, after the commit, of answers that have arrived at their site. */
  readonly onDelivered: (notices: readonly NoticeRecord[]) => void;
}

const NO_DEVICES: AcceptedDevices = { refused: [], refusedDevices: [], movedFrom: new Set() };

/**
 * What happens at a poll: everything it brings and everything it takes is one transaction, committed before the
 * answer leaves.
 *
 * @spec R1 R2 R4 T5
 */
export class Exchange implements ServedExchange {
  readonly #parts: ExchangeParts;
  readonly #lists: DeviceLists;
  /** The session of each intermediary without a stored list that was asked for it. */
  readonly #asked = new Map<string, string>();
  /** Responses that came again after they had been stored. */
  #duplicates = 0;

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
    this.#lists = new DeviceLists(
      parts.stores.sites
        .all()
        .flatMap(({ intermediary, devicesRevision }) =>
          devicesRevision === undefined ? [] : [[intermediary, devicesRevision]],
        ),
    );
  }

  /**
   * Which revision of an intermediary's devices is stored here; 0 when none is, which has it send its whole list: this
   * database may be a new one.
   */
  devicesRevision(intermediary: string): number {
    return this.#lists.revision(intermediary);
  }

  /**
   * Whether a poll should be answered at once for the sake of the list of devices: nothing is known of them, and this
   * session was not told so yet.
   */
  asksForDevices(intermediary: string, { sessionId }: uplink.Poll): boolean {
    if (!this.#lists.lacks(intermediary) || this.#asked.get(intermediary) === sessionId) return false;
    this.#asked.set(intermediary, sessionId);
    return true;
  }

  /** Whether something waits that goes down to an intermediary with this capacity; costs no read. */
  isWaiting(intermediary: string, capacity: number): boolean {
    return this.#parts.waiting.has(intermediary, capacity);
  }

  /**
   * Stores what a poll brings and takes what goes down. What is said of requests that were never sent there is noted,
   * and acknowledged: it would only come again, and hold up all the rest.
   */
  exchange(intermediary: string, told: uplink.Poll): Downward {
    const poll = this.#lists.acceptable(intermediary, told);
    const part = poll.devices && this.#lists.part(intermediary, poll.devices);
    const { stores, live, clock } = this.#parts;
    const events: LiveEvent[] = [];
    const ended: RequestRecord[] = [];
    const acceptance = { stores, intermediary, now: clock.now(), events, ended };
    const done = stores.transaction(() => {
      const accepted = this.#accept(acceptance, poll, part);
      const requests = this.#take(intermediary, poll.capacity);
      const deferred = takeDeferred(stores, intermediary);
      return { ...accepted, requests, deferred, waiting: waitingOf(stores, intermediary) };
    });
    this.#countDuplicates(intermediary, done.duplicates);
    if (poll.devices !== undefined && part !== undefined) this.#lists.taken(intermediary, poll.devices, part);
    this.#parts.waiting.set(intermediary, done.waiting);
    for (const site of done.devices.movedFrom) this.#parts.waiting.set(site, waitingOf(stores, site));
    live.publish(events);
    this.#parts.onEnded(ended);
    for (const request of done.requests) {
      if (isRemoteRequestKind(request.body.kind)) this.#parts.onSent(request);
    }
    this.#parts.onDelivered(done.delivered);
    for (const notice of done.deferred) this.#parts.onDeferredSent(notice);
    const { refusedDevices } = done.devices;
    const deferredResponses = done.deferred.map(toDeferredResponse);
    return { acknowledged: done.acknowledged, requests: done.requests, deferredResponses, refusedDevices };
  }

  #accept(
    acceptance: Acceptance,
    poll: uplink.Poll,
    part: ListPart | undefined,
  ): {
    acknowledged: string[];
    duplicates: number;
    devices: AcceptedDevices;
    delivered: readonly NoticeRecord[];
  } {
    const received = poll.received?.id ?? [];
    acceptReceipts(acceptance, received);
    const delivered = acceptDeferredReceipts(acceptance.stores, acceptance.intermediary, received);
    const foreign: string[] = [];
    for (const notice of poll.delayNotices?.delayNotice ?? []) {
      if (acceptDelayNotice(acceptance, notice) === 'foreign') foreign.push(notice.requestId);
    }
    const responses = poll.responses?.response ?? [];
    let duplicates = 0;
    for (const response of responses) {
      const { requestId } = response;
      const outcome = acceptResponse(acceptance, response);
      if (outcome === 'duplicate') duplicates += 1;
      if (outcome === 'refused') this.#auditAnswer(acceptance, 'response-unexpected', requestId);
      if (outcome === 'foreign') foreign.push(requestId);
    }
    // One record a poll: whoever makes them up by the thousand must not push out the others'.
    const [first] = foreign;
    if (first !== undefined) this.#auditAnswer(acceptance, 'request-foreign', first);
    const { devices: changes } = poll;
    const devices =
      changes === undefined || part === undefined
        ? NO_DEVICES
        : this.#acceptDevices(acceptance, changes, part);
    return {
      devices,
      delivered,
      acknowledged: responses.map(({ requestId }) => requestId),
      duplicates,
    };
  }

  #acceptDevices(acceptance: Acceptance, changes: uplink.DeviceChanges, part: ListPart): AcceptedDevices {
    const { limits, placementTrust, logger } = this.#parts;
    const mostDevices = limits.devicesPerIntermediary;
    const accepted = acceptDevices(acceptance, changes, part, { mostDevices, placementTrust, logger });
    this.#audit(accepted.refused);
    return accepted;
  }

  /** Expected now and then, when an answer was lost; many of them point to a network or an intermediary in trouble. */
  #countDuplicates(intermediary: string, count: number): void {
    if (count === 0) return;
    this.#duplicates += count;
    this.#parts.logger.debug('Responses came again', { intermediary, count, total: this.#duplicates });
  }

  #take(intermediary: string, capacity: number): uplink.Request[] {
    const { stores, enclosures, clock, limits } = this.#parts;
    return takeRequests(
      { stores, intermediary, enclosures, limits: limits.take, now: clock.now() },
      capacity,
    );
  }

  #auditAnswer({ now, intermediary }: Acceptance, code: AuditRecord['code'], requestId: string): void {
    this.#audit([{ at: now, code, caller: intermediary, subject: requestId }]);
  }

  #audit(records: readonly AuditRecord[]): void {
    const { stores, limits, logger } = this.#parts;
    for (const record of records) {
      stores.audit.add(record, limits.auditRecords);
      logger.warn('Refused', { ...record });
    }
  }
}
