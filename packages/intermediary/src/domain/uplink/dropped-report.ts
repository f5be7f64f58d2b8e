import type { intermediary } from '@postern/contracts';
import type { Instant } from '@postern/core';
import { wireText } from '../wire-text.ts';
import type { Delivery, Dropped } from './delivery-store.ts';

/** What an intermediary says of itself. */
export interface OwnAbnormality {
  /** This intermediary's name. */
  readonly name: string;
  readonly noticeId: string;
  readonly at: Instant;
}

/** Something is wrong at the intermediary itself. It goes up like a device's notice, the intermediary being the device. */
export const ownAbnormality = (
  { name, noticeId, at }: OwnAbnormality,
  code: string,
  text: string,
): Delivery => {
  const value: intermediary.NotifyAbnormality = { noticeId, at, code, text: wireText(text) };
  return { deliveryId: `own-${noticeId}`, deviceId: name, at, body: { kind: 'NotifyAbnormality', value } };
};

/** Says what will never arrive: `deliveries-dropped`. */
export const reportOnDropped = ({
  dropped,
  ...own
}: OwnAbnormality & { readonly dropped: readonly Dropped[] }): Delivery => {
  const since = Math.min(...dropped.map((one) => one.since));
  const counts = dropped.map(({ kind, count }) => `${count} ${kind}`).join(', ');
  return ownAbnormality(
    own,
    'deliveries-dropped',
    `Given up since ${new Date(since).toISOString()} because the node above took nothing: ${counts}`,
  );
};
