import type { uplink } from '@postern/contracts';
import type { Clock } from '@postern/core';

type Said<K extends uplink.DeliverBody['kind']> = Extract<uplink.DeliverBody, { readonly kind: K }>;

/** Little is left of a supply. */
export const supplyOf = (noticeId: string, clock: Clock): Said<'NotifySupply'> => ({
  kind: 'NotifySupply',
  value: { noticeId, at: clock.now(), supply: 'toner-black', remainingPercent: 7 },
});

/** Somebody pressed the user-call key. */
export const callOf = (callId: string, clock: Clock): Said<'UserCall'> => ({
  kind: 'UserCall',
  value: { callId, at: clock.now(), reason: 'A conformance check: nobody has called' },
});
