import type { device, uplink } from '@postern/contracts';
import type { Instant } from '@postern/core';

/** Something that goes up on the site's own accord. */
export interface Delivery
  extends Pick<uplink.Deliver, 'deliveryId' | 'deviceId' | 'body' | 'at' | 'answeredAs'> {
  /** The intermediaries below that it came through, the first one first; none for a device of this site. */
  readonly route?: readonly string[];
}

/** How many deliveries of a kind were dropped, and since when. */
export interface Dropped {
  readonly kind: string;
  readonly count: number;
  readonly since: Instant;
}

/** Deliveries that wait, durable on return. */
export interface DeliveryStore {
  /** Adds a delivery behind the others; false when it waits already. */
  add(delivery: Delivery): boolean;
  /** The one whose turn it is: a report before all others. */
  first(): Delivery | undefined;
  /** The one that waits for longest, reports left out. */
  findOldest(): Delivery | undefined;
  has(deliveryId: string): boolean;
  count(): number;
  remove(deliveryId: string): void;
  /** Puts a delivery behind the others. */
  putLast(deliveryId: string): void;
  /** Notes what the device was told in the meantime. */
  markAnswered(deliveryId: string, outcome: device.Outcome): void;
  /** Removes a delivery that will not arrive, and counts it. */
  drop(delivery: Delivery, at: Instant): void;
  /** What was dropped and is not in a report yet. */
  getDropped(): readonly Dropped[];
  /** Puts a report on what was dropped before all others, and counts anew. */
  addReport(report: Delivery): void;
  /** Whether a report waits. */
  hasReport(): boolean;
}
