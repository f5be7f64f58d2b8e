import { createHash } from 'node:crypto';
import type { uplink } from '@postern/contracts';

/**
 * The identifier of what a device says: the same however often it says so, another for every device, kind and
 * identifier of its own.
 */
export const deliveryIdOf = (deviceId: string, kind: uplink.DeliverBody['kind'], ownId: string): string =>
  `said-${digest([deviceId, kind, ownId]).slice(0, 40)}`;

/** Of the content of a delivery, to recognise one that bears an identifier twice. */
export const contentOf = ({ deviceId, body }: Pick<uplink.Deliver, 'deviceId' | 'body'>): string =>
  digest([deviceId, body]);

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
