import type { uplink } from '@postern/contracts';
import type { Logger } from '@postern/core';
import { DeviceLists, type Downward, type ListPart, type ServedExchange } from '@postern/soap-rpc';
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

  /** What was refused of lists of devices, by code: how often since the start. */
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

  /** @throws PosternError `request-foreign`: nothing of the poll was stored */
  exchange(child: string, told: uplink.Poll): Downward {
    const poll = this.#lists.acceptable(child, told);
    const part = poll.devices && this.#lists.part(child, poll.devices);
    const { requests, passing, deferred, outgoing } = this.#options;
    const done = requests.transaction(() => {
      const effects = this.#answers(child, poll);
      const devices = this.#devices(child, poll, part);
      const down = passing.take(child, poll.capacity);
      return { effects: [...effects, ...devices.effects], refused: devices.refused, down };
    });
    if (poll.devices !== undefined && part !== undefined) {
      this.#lists.taken(child, poll.devices, part);
      outgoing.devicesChanged();
    }
    for (const effect of done.effects) effect();
    passing.changed([child]);
    const later = this.#deferred.has(child) ? deferred.forChild(child) : [];
    this.deferredChanged(child);
    this.#noteRefusals(child, done.refused);
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

  #answers(child: string, poll: uplink.Poll): readonly Effect[] {
    const { passing, deferred } = this.#options;
    const received = poll.received?.id ?? [];
    passing.received(child, received);
    if (received.length > 0) deferred.receivedBy(child, received);
    return [
      ...(poll.delayNotices?.delayNotice ?? []).map((notice) => passing.delayed(child, notice)),
      ...(poll.responses?.response ?? []).map((response) => passing.answered(child, response)),
    ];
  }

  #devices(child: string, { devices }: uplink.Poll, part: ListPart | undefined): AcceptedBelow {
    return devices === undefined || part === undefined
      ? { refused: [], effects: [] }
      : acceptDevicesBelow(this.#options, child, devices, part);
  }

  #noteRefusals(child: string, refused: readonly uplink.RefusedDevice[]): void {
    for (const { deviceId, code } of refused) {
      this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
      const key = `${child} ${deviceId} ${code}`;
      if (this.#noted.has(key)) continue;
      if (this.#noted.size >= MOST_REMEMBERED) this.#noted.clear();
      this.#noted.add(key);
      this.#options.logger.warn('An intermediary below told of what is not taken', {
        child,
        subject: deviceId,
        code,
      });
    }
  }
}
