import type { uplink } from '@postern/contracts';
import type { Logger } from '@postern/core';
import { DeviceLists, type Downward, type ListPart, type ServedExchange } from '@postern/soap-rpc';
import type { IntermediaryCode } from '../../errors.ts';
import type { RequestStore } from '../requests/ports.ts';
import type { Outgoing } from '../uplink/outgoing.ts';
import { type AcceptedBelow, acceptDevicesBelow, type DevicesBelowParts } from './accept-devices-below.ts';
import type { Effect, PassingRequests } from './passing-requests.ts';

/** Later answers to what came from below, on their way back. */
export interface DeferredForChildren {
  forChild(child: string): readonly uplink.DeferredResponse[];
  /** Called inside the transaction of a poll; names of anything else change nothing. */
  receivedBy(child: string, deliveryIds: readonly string[]): void;
}

export interface CascadeExchangeOptions extends DevicesBelowParts {
  readonly passing: PassingRequests;
  readonly deferred: DeferredForChildren;
  readonly requests: Pick<RequestStore, 'transaction'>;
  readonly outgoing: Pick<Outgoing, 'devicesChanged'>;
  readonly logger: Logger;
}

/** Refusals that are remembered, so that each is logged once. */
const MOST_REMEMBERED = 1_000;
/** Said of a request that was not sent to whoever says it. */
const FOREIGN = 'request-foreign' satisfies IntermediaryCode;

/**
 * What happens at a poll of an intermediary below: what it brings is stored here, and what goes down is taken, in one
 * transaction before it is answered. To it this is the server.
 *
 * @spec T2
 */
export class CascadeExchange implements ServedExchange {
  readonly #options: CascadeExchangeOptions;
  readonly #lists: DeviceLists;
  /** The session of each that has told no list and was asked for it. */
  readonly #asked = new Map<string, string>();
  /** Those for whom a later answer waits. */
  readonly #deferred = new Set<string>();
  readonly #noted = new Set<string>();
  readonly #refusals = new Map<string, number>();

  constructor(options: CascadeExchangeOptions) {
    this.#options = options;
    const children = options.below.children();
    this.#lists = new DeviceLists(children.map((child) => [child, options.below.revisionOf(child)]));
    for (const child of children) this.deferredChanged(child);
  }

  /** What was refused of what they told, by code: how often since the start. */
  get refusals(): ReadonlyMap<string, number> {
    return this.#refusals;
  }

  devicesRevision(child: string): number {
    return this.#lists.revision(child);
  }

  asksForDevices(child: string, { sessionId }: uplink.Poll): boolean {
    if (!this.#lists.lacks(child) || this.#asked.get(child) === sessionId) return false;
    this.#asked.set(child, sessionId);
    return true;
  }

  isWaiting(child: string, capacity: number): boolean {
    return this.#deferred.has(child) || this.#options.passing.isWaiting(child, capacity);
  }

  /** A later answer for `child` has come, or it has said that it has one. */
  deferredChanged(child: string): void {
    if (this.#options.deferred.forChild(child).length > 0) this.#deferred.add(child);
    else this.#deferred.delete(child);
  }

  /**
   * Stores what a poll brings and takes what goes down. What is said of requests that were never sent there is noted,
   * and taken for told: it would only come again, and hold up all the rest.
   */
  exchange(child: string, told: uplink.Poll): Downward {
    const poll = this.#lists.acceptable(child, told);
    const part = poll.devices && this.#lists.part(child, poll.devices);
    const { requests, passing, deferred, outgoing } = this.#options;
    const done = requests.transaction(() => {
      const { effects, foreign } = this.#answers(child, poll);
      const devices = this.#devices(child, poll, part);
      const down = passing.take(child, poll.capacity);
      return { effects: [...effects, ...devices.effects], refused: devices.refused, foreign, down };
    });
    if (poll.devices !== undefined && part !== undefined) {
      this.#lists.taken(child, poll.devices, part);
      outgoing.devicesChanged();
    }
    for (const effect of done.effects) effect();
    passing.changed([child]);
    const later = this.#deferred.has(child) ? deferred.forChild(child) : [];
    this.deferredChanged(child);
    for (const { deviceId, code } of done.refused) this.#noteRefusal(child, deviceId, code);
    for (const requestId of done.foreign) this.#noteRefusal(child, requestId, FOREIGN);
    const acknowledged = (poll.responses?.response ?? []).map(({ requestId }) => requestId);
    const refusedDevices = done.refused.filter(({ code }) => code === 'device-foreign');
    return { acknowledged, requests: done.down, deferredResponses: later, refusedDevices };
  }

  /** What the node above would not take: names that belong elsewhere by now are no longer here. */
  refusedAbove(refused: readonly uplink.RefusedDevice[]): void {
    const { devices, below, placements, requests, onMovedAway, logger } = this.#options;
    const foreign = refused.filter(({ code }) => code === 'device-foreign').map(({ deviceId }) => deviceId);
    if (foreign.length === 0) return;
    const effects = requests.transaction(() =>
      foreign.flatMap((deviceId): Effect[] => {
        if (below.device(deviceId)?.gone === false) below.forget(deviceId);
        if (devices.get(deviceId) === undefined || placements.isAway(deviceId)) return [];
        placements.setAway(deviceId, true);
        return [onMovedAway(deviceId)];
      }),
    );
    for (const effect of effects) effect();
    for (const device of foreign) logger.warn('A device belongs to another intermediary now', { device });
  }

  #answers(
    child: string,
    poll: uplink.Poll,
  ): { readonly effects: readonly Effect[]; readonly foreign: readonly string[] } {
    const { passing, deferred } = this.#options;
    const received = poll.received?.id ?? [];
    passing.received(child, received);
    if (received.length > 0) deferred.receivedBy(child, received);
    const effects: Effect[] = [];
    const foreign: string[] = [];
    const take = (requestId: string, effect: Effect | undefined): void => {
      if (effect === undefined) foreign.push(requestId);
      else effects.push(effect);
    };
    for (const notice of poll.delayNotices?.delayNotice ?? [])
      take(notice.requestId, passing.delayed(child, notice));
    for (const response of poll.responses?.response ?? [])
      take(response.requestId, passing.answered(child, response));
    return { effects, foreign };
  }

  #devices(child: string, { devices }: uplink.Poll, part: ListPart | undefined): AcceptedBelow {
    return devices === undefined || part === undefined
      ? { refused: [], effects: [] }
      : acceptDevicesBelow(this.#options, child, devices, part);
  }

  #noteRefusal(child: string, subject: string, code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
    const key = `${child} ${subject} ${code}`;
    if (this.#noted.has(key)) return;
    if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear();
    this.#noted.add(key);
    this.#options.logger.warn('An intermediary below told of what is not taken', { child, subject, code });
  }
}
