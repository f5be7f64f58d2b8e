import type { uplink } from '@postern/contracts';
import { Instant } from '@postern/core';

/** Where a VirtualClock begins. */
export const START = Instant(Date.UTC(2030, 0, 1));

/** A call of `printer-1` at `site-a`, as it is delivered. */
export const call = (callId: string, changes: Partial<uplink.Deliver> = {}): uplink.Deliver => ({
  deliveryId: `said-${callId}`,
  deviceId: 'printer-1',
  route: { node: ['site-a'] },
  at: START,
  body: { kind: 'UserCall', value: { callId, at: START, reason: 'paper' } },
  ...changes,
});

/** A notice that toner runs low. */
export const supply = (noticeId: string, changes: Partial<uplink.Deliver> = {}): uplink.Deliver =>
  call(noticeId, {
    body: { kind: 'NotifySupply', value: { noticeId, at: START, supply: 'toner', remainingPercent: 3 } },
    ...changes,
  });
