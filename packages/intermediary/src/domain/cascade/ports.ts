import type { device, uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { PlacementRecord } from '@postern/pki';
import type { SiteImage } from '../images/receive-image.ts';
import type { RequestFacts } from '../requests/ports.ts';

/** A device that an intermediary below has told of. */
export interface DeviceBelow {
  readonly information: device.DeviceInformation;
  /** The intermediaries on the way to it, nearest first: the first is the one that has told of it. */
  readonly route: readonly [string, ...string[]];
  readonly active: boolean;
  /** Its intermediary has it no more. */
  readonly gone: boolean;
  readonly lastContact: Instant | undefined;
}

/** An intermediary below. */
export interface NodeBelow {
  readonly name: string;
  /** As {@link DeviceBelow.route}; it is the last. */
  readonly route: readonly [string, ...string[]];
  readonly lastContact: Instant | undefined;
}

/** Who is below. All calls are synchronous and durable on return; changes are the newest of the list of devices. */
export interface BelowStore {
  /** Which revision of its devices an intermediary has told; 0 for one of which none is stored. */
  revisionOf(child: string): number;
  saveRevision(child: string, revision: number): void;
  /** Those that have called, by name. */
  children(): readonly string[];
  /** Adds one that has called, to the intermediaries below as well: it may never have a device to tell of. */
  addChild(child: string, calledAt: Instant): void;
  device(deviceId: string): DeviceBelow | undefined;
  save(device: DeviceBelow): void;
  /** Marks a device as gone without a change to the list: above, it belongs elsewhere already. */
  forget(deviceId: string): void;
  /** Marks those that a complete list of `child` no longer names. */
  markGone(child: string, present: readonly string[]): void;
  /** Devices of an intermediary below that are not gone. */
  count(child: string): number;
  /** What changed after `revision`, oldest change first. */
  changedSince(revision: number, limit: number): readonly (DeviceBelow & { readonly revision: number })[];
  /** Intermediaries that `child` has told of, and `child` itself. */
  replaceNodes(child: string, nodes: readonly NodeBelow[]): void;
  node(name: string): NodeBelow | undefined;
  /** By name. */
  nodes(): readonly NodeBelow[];
}

/** What devices say where they are, and where that is. Synchronous, durable on return. */
export interface PlacementStore {
  find(deviceId: string): PlacementRecord | undefined;
  save(deviceId: string, placement: PlacementRecord): void;
  /** Whether a device that is registered here has moved elsewhere. */
  isAway(deviceId: string): boolean;
  setAway(deviceId: string, away: boolean): void;
}

/** `waiting`: goes down with the next poll. `sent`: went down. `taken`: the intermediary below has it. */
export type PassingState = 'waiting' | 'sent' | 'taken' | 'answered';

/** A request for somebody below. */
export interface Passing extends RequestFacts {
  /** The intermediary below that it goes to. */
  readonly child: string;
  /** The way that is left from there. */
  readonly rest: readonly string[];
  readonly receivedAt: Instant;
  /** When it is answered here, if nobody else has answered it by then. */
  readonly endsAt: Instant;
  readonly state: PassingState;
}

/** Requests on their way down and their content. Synchronous, durable on return. */
export interface PassingStore {
  /** @param images that the request names: whoever it goes to may fetch them */
  add(passing: Passing, body: uplink.RequestBody, images: readonly SiteImage[]): void;
  find(requestId: string): Passing | undefined;
  /** Undefined once the request is answered. */
  body(requestId: string): uplink.RequestBody | undefined;
  /** State, way and end; of an answered one the content is forgotten. */
  save(passing: Passing): void;
  /** Those that wait for `child` or its receipt, oldest first; `urgent`: those only that free room there. */
  open(child: string, limit: number, urgent?: 'urgent'): readonly Passing[];
  /** Unanswered ones for a target. */
  forTarget(target: string): readonly Passing[];
  countUnanswered(child: string): number;
  /** Of the content of unanswered ones. */
  bytes(): number;
  overdue(now: Instant): readonly Passing[];
  nextEnd(): Instant | undefined;
  /** An image that an unanswered request to `child` names; to whomever, unless given. */
  image(sha256: string, child?: string): SiteImage | undefined;
  /** Digests of all that unanswered requests name. */
  images(): readonly string[];
}
